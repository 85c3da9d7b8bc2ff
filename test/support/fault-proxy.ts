// A TCP proxy that a test can break: between a client and a relay it is the network.

import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Where connections go to from now on: a relay that was restarted has another port. */
  target: number;
  /** While true, new connections are reset at once. */
  refuses: boolean;
  /** Connections that pass through it now. */
  readonly connections: number;
  /** Resets every connection, in both directions. */
  cut(): void;
  /** Holds every byte back, and closes nothing: a network that is gone without a word. */
  stall(): void;
  /** Lets them through again. */
  resume(): void;
  close(): Promise<void>;
}

export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isStalled = false;
  const server = createServer((client) => {
    if (proxy.refuses) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const relay = connect(proxy.target, '127.0.0.1');
    const pair = [client, relay] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      relay.destroy();
    };
    for (const [from, to] of [pair, [relay, client] as const]) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', end);
      from.on('close', end);
    }
    if (isStalled) for (const socket of pair) socket.pause();
  });
  const proxy = {
    port: 0,
    target,
    refuses: false,
    get connections() {
      return pairs.size;
    },
    cut: () => {
      for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    },
    stall: () => {
      isStalled = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    resume: () => {
      isStalled = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close: async () => {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
