// Several relays on one Redis, all of them real processes: what is killed here is killed with SIGKILL, what is paused with
// SIGSTOP.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiKey } from '../../relay/src/api/api-key.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { Person } from '../support/person.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { SocketReader } from '../support/socket-reader.ts';

const apiKey = createApiKey('test', ['send']);

let redis: RedisServer;
let a: RelayProcess;
let b: RelayProcess;
let proxies: FaultProxy[] = [];

const spawn = (): Promise<RelayProcess> =>
  spawnRelay({
    args: ['--port', '0', '--host', '127.0.0.1', '--redis', redis.url, '--publish-rate', '0'],
    env: { CHAT_ROOM_API_KEYS: JSON.stringify([apiKey.entry]) },
  });
const inOrder = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** A network of one's own, to a relay that can be another later. */
async function networkTo(relay: RelayProcess): Promise<FaultProxy> {
  const proxy = await startFaultProxy(relay.port);
  proxies.push(proxy);
  return proxy;
}

beforeEach(async () => {
  redis = await startRedis({ appendonly: true });
  [a, b] = await Promise.all([spawn(), spawn()]);
});
afterEach(async () => {
  for (const proxy of proxies) await proxy.close();
  proxies = [];
  await Promise.all([a, b].map((relay) => relay.kill('SIGTERM')));
  await redis.stop();
});

/** Resolves once a relay says that it is ready, or why it is not. */
async function readiness(relay: RelayProcess, ready: boolean): Promise<string> {
  for (;;) {
    const response = await fetch(`${relay.http}/readyz`);
    const { reason = '' } = (await response.json()) as { reason?: string };
    if (response.ok === ready) return reason;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('members on two relays', () => {
  test('[P1] [EVT2] everyone hears every message once, in one order, whichever relay they are on', async () => {
    const people = [a, b, a, b].map((relay, i) => new Person(`Person ${i}`, relay.port));
    await Promise.all(people.map(({ room }) => room.join()));
    for (let i = 0; i < 50; i++) for (const person of people) person.say(`message ${i}`);
    await Promise.all(people.flatMap(({ said }) => said));
    await Promise.all(people.map((person) => person.hears(200)));
    const [first, ...others] = people.map(({ heard }) => heard.map(({ from, text }) => `${from.name}: ${text}`));
    for (const order of others) expect(order).toEqual(first);
    for (const { offsets, losses } of people) expect([offsets, losses]).toEqual([inOrder(200), []]);
    await Promise.all(people.map(({ client }) => client.close()));
  });

  test('[PRE2] [EPH1] [EPH3] [EPH4] they see who is there, who types, what is said in passing, and how far others have read', async () => {
    const room = 'lobby';
    const [ada, bob] = await Promise.all([
      ProtocolClient.connected(a.ws, { name: 'Ada' }),
      ProtocolClient.connected(b.ws, { name: 'Bob' }),
    ]);
    await ada.request({ type: 'join', room });
    const welcome = await bob.request({ type: 'join', room });
    await bob.request({ type: 'typing', room, active: true });
    expect(await ada.next('typing')).toMatchObject({ count: 1, members: [{ name: 'Bob' }] });
    await bob.request({ type: 'ephemeral', room, name: 'cursor', data: 7 });
    expect(await ada.next('ephemeral')).toMatchObject({ from: { name: 'Bob' }, data: 7 });
    await bob.request({ type: 'publish', room, key: 'k', event: { type: 'message', text: 'hello' } });
    expect(await ada.events(room, 1)).toMatchObject([{ text: 'hello' }]);
    const position = { ...(welcome['position'] as { epoch: string }), offset: 1 };
    await bob.request({ type: 'read', room, position });
    expect(await ada.next('reads')).toMatchObject({ reads: { [bob.member.id]: 1 } });
    const names = new Set<string>();
    while (names.size < 2) {
      const { presence } = (await ada.request({ type: 'presence', room })) as unknown as {
        presence: { members: { name: string }[] };
      };
      for (const { name } of presence.members) names.add(name);
    }
    expect([...names].toSorted()).toEqual(['Ada', 'Bob']);
    await Promise.all([ada.close(), bob.close()]);
  });

  test('[PLN2] [EVT5] plain clients, edits, reactions and deletions are the same over both', async () => {
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
    const plain = await SocketReader.open(`ws://127.0.0.1:${b.port}/ws/chat/lobby/`);
    await Promise.all([ada.room.join(), bob.room.join()]);
    const { id } = await ada.room.send('first');
    expect(await plain.next()).toBe('{"message":"first"}');
    plain.socket.send('{"message":"second"}');
    await Promise.all([ada.hears(2), bob.hears(2)]);
    await ada.room.edit(id, 'first, edited');
    await bob.room.react(id, '👍');
    const last = await ada.room.send('third');
    await bob.hears(3);
    expect(bob.room.timeline.find((message) => message.id === id)).toMatchObject({ text: 'first, edited' });
    await ada.room.delete(id);
    await ada.room.send('fourth');
    await bob.hears(4);
    const [deleted] = (await bob.room.history({ before: last.offset, limit: 5 })).messages;
    expect(JSON.stringify(deleted)).not.toContain('first');
    plain.socket.terminate();
    await Promise.all([ada.client.close(), bob.client.close()]);
  });

  test('a channel is reached by its name from the other relay, and its sender learns when it is gone', async () => {
    const client = await ProtocolClient.open(a.ws);
    const { channel } = (await client.request({ type: 'connect', version: 1 })) as unknown as { channel: string };
    const message = { type: 'direct', name: 'psst', data: 7 };
    const send = async (): Promise<number> => {
      const response = await fetch(`${b.http}/api/v1/channels/${channel}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(message),
      });
      return response.status;
    };
    expect(await send()).toBe(200);
    expect(await client.next('direct')).toEqual(message);
    await a.kill('SIGKILL');
    await client.closed;
    expect(await send()).toBe(404);
    a = await spawn();
  });
});

describe('a relay that is killed', () => {
  test('[P2] [P3] [P4] its clients come back through the other and hear each message once, in order', async () => {
    const network = await networkTo(a);
    const [ada, bob] = [new Person('Ada', network.port), new Person('Bob', b.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    let said = 0;
    const bothSay = (count: number): void => {
      for (let i = 0; i < count; i++) for (const person of [ada, bob]) person.say(`message ${++said}`);
    };
    bothSay(100);
    await ada.said.at(-60);
    await a.kill('SIGKILL');
    bothSay(20);
    network.target = b.port;
    await Promise.all([ada.hears(said), bob.hears(said)]);
    const receipts = await Promise.all([...ada.said, ...bob.said]);
    expect(new Set(receipts.map(({ offset }) => offset)).size).toBe(said);
    for (const { offsets, losses } of [ada, bob]) expect([offsets, losses]).toEqual([inOrder(said), []]);
    a = await spawn();
    await Promise.all([ada.client.close(), bob.client.close()]);
  });

  test('[PRE2] its members leave', async () => {
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    await bob.sees('Ada', 'Bob');
    await a.kill('SIGKILL');
    await bob.sees('Bob');
    a = await spawn();
    await ada.client.close();
    await bob.client.close();
  });

  test('[JOI3] [P4] who was away with their relay recovers what the other one took', async () => {
    const network = await networkTo(b);
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', network.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    ada.say('before');
    await bob.hears(1);
    await b.kill('SIGKILL');
    for (let i = 0; i < 400; i++) ada.say(`missed ${i}`);
    await Promise.all(ada.said);
    b = await spawn();
    network.target = b.port;
    await bob.client.connect();
    await bob.hears(401);
    expect([bob.offsets, bob.losses]).toEqual([inOrder(401), []]);
    await Promise.all([ada.client.close(), bob.client.close()]);
  });
});

describe('Redis', () => {
  test('[P2] [P3] paused for three seconds: what is said meanwhile is stored once, in order', async () => {
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    ada.say('before');
    await bob.hears(1);
    redis.pause();
    for (let i = 0; i < 10; i++) ada.say(`during ${i}`);
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // not waited for: this is how long it is paused
    redis.resume();
    ada.say('after');
    await Promise.all([ada.hears(12), bob.hears(12)]);
    for (const { offsets, losses } of [ada, bob]) expect([offsets, losses]).toEqual([inOrder(12), []]);
    expect(bob.heard.map(({ text }) => text)).toEqual(['before', ...inOrder(10).map((i) => `during ${i - 1}`), 'after']);
    await Promise.all([ada.client.close(), bob.client.close()]);
  });

  test('[P2] [P4] killed and restarted with its data: the relays say so meanwhile, and nothing acknowledged is lost', async () => {
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    for (let i = 0; i < 30; i++) ada.say(`before ${i}`);
    await Promise.all(ada.said);
    await redis.kill();
    expect(await Promise.all([a, b].map((relay) => readiness(relay, false)))).toEqual([
      expect.stringContaining('Redis'),
      expect.stringContaining('Redis'),
    ]);
    ada.say('meanwhile');
    await redis.restart();
    await Promise.all([a, b].map((relay) => readiness(relay, true)));
    bob.say('after');
    await Promise.all([ada.hears(32), bob.hears(32)]);
    for (const { offsets, losses } of [ada, bob]) expect([offsets, losses]).toEqual([inOrder(32), []]);
    await Promise.all([ada.client.close(), bob.client.close()]);
  });

  test('[JOI4] [POS4] restarted without its data: everyone is told that the log is another, and goes on', async () => {
    const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    ada.say('before');
    await bob.hears(1);
    await redis.kill();
    await redis.restart({ empty: true });
    await Promise.all([ada.losesTrack(), bob.losesTrack()]);
    bob.say('after');
    await Promise.all([ada.hears(2), bob.hears(2)]);
    for (const { offsets, losses } of [ada, bob]) expect([offsets, losses]).toEqual([[1, 1], ['epoch']]);
    await Promise.all([ada.client.close(), bob.client.close()]);
  });
});
