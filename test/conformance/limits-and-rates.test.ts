// Rates and drains: relays of their own, since each test exhausts or ends one.

import type { Authenticator, RelayParts } from '@chat-room/relay';
import { firstOf, guests } from '@chat-room/relay';
import { describe, expect, test } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { Gate } from '../support/gate.ts';
import type { Frame } from '../support/protocol-client.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { startRelay } from '../support/relay-fixture.ts';

const message = (room: string, key: string): Frame => ({ type: 'publish', room, key, event: { type: 'message', text: key } });

describe.each(['uws', 'ws'] as const)('rates and drains over %s', (transport) => {
  test('[PUB8] [LIM5] a flood is refused with the time to wait, nothing of it is stored, and others are not touched', async () => {
    let now = 1_000_000;
    const relay = await startRelay({ transport, publishRate: 5, now: () => now });
    const [flooder, other] = await Promise.all([ProtocolClient.connected(relay.ws), ProtocolClient.connected(relay.ws)]);
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => flooder.request(message('r', `k${i}`))));
    const refused = replies.filter((reply) => reply.type === 'error');
    expect(replies.filter((reply) => reply.type === 'published')).toHaveLength(10);
    for (const reply of refused) expect(reply).toMatchObject({ code: 'rate_limited', action: 'retry', retryAfterMs: 200 });
    expect(await other.request(message('r', 'mine'))).toMatchObject({ type: 'published', position: { offset: 11 } });
    now += 200;
    expect(await flooder.request(message('r', 'later'))).toMatchObject({ type: 'published', position: { offset: 12 } });
    expect(await flooder.request(message('r', 'too-soon'))).toMatchObject({ code: 'rate_limited' });
    await relay.stop();
  });

  test('[LIM5] other frames have a rate of their own', async () => {
    const relay = await startRelay({ transport, now: () => 1_000_000 });
    const client = await ProtocolClient.connected(relay.ws);
    const replies = await Promise.all(Array.from({ length: 250 }, () => client.request({ type: 'ping' })));
    expect(replies.filter((reply) => reply.type === 'pong')).toHaveLength(199); // and the connect makes 200
    await relay.stop();
  });

  test('[CON6] a socket that does not say who it is is closed with 4003', async () => {
    let now = 1_000_000;
    const relay = await startRelay({ transport, now: () => now });
    const silent = await ProtocolClient.open(relay.ws);
    const speaking = await ProtocolClient.connected(relay.ws);
    now += 10_000;
    expect(await silent.closed).toBe(4003);
    expect(await speaking.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
    await relay.stop();
  });

  test('[P6] a peer that goes while its token is looked at leaves no fault behind', async () => {
    const gate = new Gate();
    const slowly: Authenticator = async ({ token }) => {
      if (token === undefined) return { outcome: 'abstained' };
      gate.enter();
      await gate.opened;
      return { outcome: 'refused', refusal: { code: 'unauthorized', message: 'Too late.' } };
    };
    const faults: unknown[] = [];
    const ignore = (): void => undefined;
    // The part of a logger that a relay uses; the type has all of pino's.
    const logger = { info: ignore, warn: ignore, error: (...fault: unknown[]) => faults.push(fault) } as unknown as NonNullable<
      RelayParts['logger']
    >;
    const relay = await startRelay({ transport, authenticate: firstOf(slowly, guests({ secret: 's' })), logger });
    const client = await ProtocolClient.open(relay.ws);
    client.sendText(JSON.stringify({ type: 'connect', id: 1, version: 1, token: 't' }));
    await gate.entered;
    await client.cut();
    const watcher = await ProtocolClient.connected(relay.ws); // served after the close: the relay has heard of it
    gate.open();
    await watcher.request({ type: 'ping' });
    expect(faults).toEqual([]);
    await relay.stop();
  });

  test('[PRE5] [PNG2] a member whose network is gone without a word leaves by itself', async () => {
    const relay = await startRelay({ transport, idleTimeoutS: 8 });
    const network = await startFaultProxy(relay.port);
    const [watcher, lost] = await Promise.all([
      ProtocolClient.connected(relay.ws),
      ProtocolClient.connected(`ws://127.0.0.1:${network.port}/ws`, { name: 'Lost' }),
    ]);
    for (const client of [watcher, lost]) await client.request({ type: 'join', room: 'r' });
    await watcher.next((frame) => JSON.stringify(frame).includes('"joined":[{') && JSON.stringify(frame).includes('Lost'));
    network.stall();
    expect(await watcher.next((frame) => frame.type === 'presenceChange')).toMatchObject({ joined: [], left: [lost.member.id] });
    await network.close();
    await relay.stop();
  });

  test('[DRN1] [P7] a drain tells each client a time of its own, closes with 4000, and what was acknowledged is there after', async () => {
    const relay = await startRelay({ transport });
    const clients = await Promise.all(Array.from({ length: 20 }, () => ProtocolClient.connected(relay.ws)));
    const acknowledged = await (clients[0] as ProtocolClient).request(message('r', 'k'));
    const closing = relay.relay.close();
    const notices = await Promise.all(clients.map((client) => client.next('drain')));
    expect(await Promise.all(clients.map((client) => client.closed))).toEqual(clients.map(() => 4000));
    const times = notices.map((notice) => notice['retryAfterMs'] as number);
    expect(new Set(times).size).toBe(20);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1_000);
    await closing;
    const again = await startRelay({ transport, data: relay.data });
    const reader = await ProtocolClient.connected(again.ws);
    expect(await reader.request({ type: 'history', room: 'r' })).toMatchObject({ position: acknowledged['position'] });
    await again.stop();
  });
});
