import type { ChatClientOptions } from '../../../sdk/src/index.ts';
import { ChatClient } from '../../../sdk/src/index.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLifecycle } from './fake-lifecycle.ts';
import type { FakeSocket, Peer } from './fake-network.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeRelay } from './fake-relay.ts';

/** Lets every promise that can settle do so. Nothing is waited for. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A client in a world that the test moves: its clock, its page, its network, its relay. */
export class FakeWorld {
  readonly clock = new FakeClock();
  readonly lifecycle = new FakeLifecycle();
  readonly relay = new FakeRelay();
  readonly network: FakeNetwork;
  #keys = 0;

  /** Pass `null` to be the relay yourself. */
  constructor(peer?: Peer | null) {
    this.network = new FakeNetwork(peer === null ? undefined : (peer ?? this.relay));
  }

  get socket(): FakeSocket {
    return this.network.last;
  }

  client(options: Partial<ChatClientOptions> = {}): ChatClient {
    const { clock, lifecycle, network } = this;
    const environment = {
      clock,
      lifecycle,
      openTransport: network.openTransport,
      random: () => 0.5,
      newKey: () => `key${++this.#keys}`,
    };
    return new ChatClient({ url: 'ws://relay/ws', environment, ...options } as ChatClientOptions);
  }

  /** Opens what is being opened and delivers whatever waits, until nothing moves any more. */
  async settle(): Promise<void> {
    await turn();
    while (this.#moveAll()) await turn();
  }

  /** As `settle`, with time passing, until every timer that leads anywhere has run. */
  async settleInTime(ms = 120_000, stepMs = 1_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await this.settle();
      this.clock.advance(stepMs);
    }
    await this.settle();
  }

  #moveAll(): boolean {
    let moved = false;
    for (const socket of [...this.network.sockets]) {
      if (!socket.isHeld || !socket.isWired) continue;
      if (!socket.isOpen) {
        socket.open();
        moved = true;
      }
      while (socket.deliverToRelay() || socket.deliverToClient()) moved = true;
    }
    return moved;
  }
}
