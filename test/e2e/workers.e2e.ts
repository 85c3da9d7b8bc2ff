// Several processes that share one port, on a real Redis: to a client they are one relay.

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Person } from '../support/person.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { LogLine, RelayProcess } from '../support/relay-process.ts';
import { runRelay, spawnRelay } from '../support/relay-process.ts';
import { SocketReader } from '../support/socket-reader.ts';

const WORKERS = 3;

let redis: RedisServer;
beforeEach(async () => {
  redis = await startRedis({ appendonly: true });
});
afterEach(() => redis.stop());

const args = (...more: string[]): string[] => [
  ...['--port', '0', '--host', '127.0.0.1', '--redis', redis.url, '--workers', `${WORKERS}`, '--publish-rate', '0'],
  ...more,
];
const spawn = (...more: string[]): Promise<RelayProcess> => spawnRelay({ args: args(...more) });
const inOrder = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const tellsOfWorker = ({ msg }: LogLine): boolean => msg === 'a worker listens';
/** The processes that have listened so far, the latest last. */
const pidsOf = (relay: RelayProcess): number[] => relay.log.filter(tellsOfWorker).map(({ pid }) => Number(pid));
const drainsOf = (relay: RelayProcess, pid: number): number =>
  relay.log.filter((line) => line.msg === 'draining' && line['pid'] === pid).length;

interface Seat {
  readonly client: ProtocolClient;
  /** The process that it came to: the first part of its channel's name. */
  readonly at: string;
}

async function takeSeat(relay: RelayProcess): Promise<Seat> {
  const client = await ProtocolClient.open(relay.ws);
  const { channel } = (await client.request({ type: 'connect', version: 1 })) as unknown as { readonly channel: string };
  return { client, at: channel.slice(0, 12) };
}

/** As many connections as it takes until every worker has `each` at least. */
async function seatEverywhere(relay: RelayProcess, each = 1): Promise<readonly Seat[]> {
  const seats: Seat[] = [];
  const counts = new Map<string, number>();
  while (counts.size < WORKERS || [...counts.values()].some((count) => count < each)) {
    const seat = await takeSeat(relay);
    seats.push(seat);
    counts.set(seat.at, (counts.get(seat.at) ?? 0) + 1);
  }
  return seats;
}

async function sample(relay: RelayProcess, name: string): Promise<number> {
  const text = await (await fetch(`${relay.http}/metrics`, { headers: { connection: 'close' } })).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe.each(['uws', 'ws'])('%s: workers share a port', (transport) => {
  test('[P1] connections are spread over all of them, and everyone in a room hears everyone, in one order', async () => {
    const relay = await spawn('--transport', transport);
    expect(relay.log.filter(({ msg }) => msg === 'listening')).toMatchObject([
      { url: `http://127.0.0.1:${relay.port}/`, workers: WORKERS, transport },
    ]);
    const seats = await seatEverywhere(relay, 5);
    const room = 'lobby';
    await Promise.all(seats.map(({ client }) => client.request({ type: 'join', room })));
    const plain = await SocketReader.open(`ws://127.0.0.1:${relay.port}/ws/chat/${room}/`);
    const texts = seats.map((_, i) => `message ${i}`);
    const publish = (client: ProtocolClient, i: number): Promise<unknown> =>
      client.request({ type: 'publish', room, key: `k${i}`, event: { type: 'message', text: texts[i] } });
    const replies = await Promise.all(seats.map(({ client }, i) => publish(client, i)));
    for (const reply of replies) expect(reply).toHaveProperty('type', 'published');
    const heard = await Promise.all(seats.map(({ client }) => client.events(room, seats.length)));
    for (const events of heard) expect(events).toEqual(heard[0]);
    expect(heard[0]?.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
    expect(heard[0]?.map(({ offset }) => offset)).toEqual(inOrder(seats.length));
    for (const { text } of heard[0] ?? []) expect(await plain.next()).toBe(JSON.stringify({ message: text }));
    // Whichever is asked, it tells of all.
    for (let i = 0; i < 2 * WORKERS; i++) {
      expect(await sample(relay, 'chat_room_connections')).toBe(seats.length + 1);
      expect(await sample(relay, 'chat_room_publishes_total')).toBe(seats.length);
      expect((await fetch(`${relay.http}/healthz`, { headers: { connection: 'close' } })).status).toBe(200);
    }
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    plain.socket.terminate();
  });

  test('[P2] [P3] [P4] a worker that is killed is replaced, and its clients hear each message once, in order', async () => {
    const relay = await spawn('--transport', transport);
    const people = Array.from({ length: 12 }, (_, i) => new Person(`Person ${i}`, relay.port));
    await Promise.all(people.map(({ room }) => room.join()));
    let said = 0;
    const everyoneSays = (count: number): void => {
      for (let i = 0; i < count; i++) for (const person of people) person.say(`message ${++said}`);
    };
    for (let killed = 0; killed < WORKERS; killed++) {
      everyoneSays(10);
      await people[killed]?.said.at(-5);
      const pid = pidsOf(relay)[killed] ?? 0;
      process.kill(pid, 'SIGKILL');
      everyoneSays(5);
      await relay.logged(({ msg, how }) => msg.startsWith('a worker ended') && how === 'SIGKILL');
      await relay.logged((line) => tellsOfWorker(line) && pidsOf(relay).length === WORKERS + killed + 1);
      await Promise.all(people.map((person) => person.hears(said)));
    }
    const receipts = await Promise.all(people.flatMap((person) => person.said));
    expect(new Set(receipts.map(({ offset }) => offset)).size).toBe(said);
    for (const { offsets, losses } of people) expect([offsets, losses]).toEqual([inOrder(said), []]);
    await Promise.all(people.map(({ client }) => client.close()));
    expect(new Set(pidsOf(relay)).size).toBe(2 * WORKERS);
    const rest = await seatEverywhere(relay);
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    for (const { client } of rest) expect(await client.closed).toBe(4000);
  });

  test('[P7] SIGTERM drains all of them together, and the supervisor exits 0 after the last', async () => {
    const relay = await spawn('--transport', transport);
    const seats = await seatEverywhere(relay);
    const exiting = relay.kill('SIGTERM');
    for (const { client } of seats) {
      expect(await client.next('drain')).toHaveProperty('retryAfterMs');
      expect(await client.closed).toBe(4000);
    }
    expect(await exiting).toMatchObject({ code: 0, stderr: '' });
    for (const pid of pidsOf(relay)) expect(drainsOf(relay, pid)).toBe(1);
  });

  test('workers whose supervisor is killed drain by themselves: nobody is left', async () => {
    const relay = await spawn('--transport', transport);
    const seats = await seatEverywhere(relay);
    // The output that they share with it ends with the last of them.
    expect(await relay.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    for (const { client } of seats) expect(await client.closed).toBe(4000);
    expect(relay.log.filter(({ msg }) => msg === 'drained')).toHaveLength(WORKERS);
    const next = await spawn('--transport', transport);
    await next.kill('SIGTERM');
  });
});

describe('signals', () => {
  test('one that reaches the whole process group drains each worker once', async () => {
    const relay = await spawn();
    const seats = await seatEverywhere(relay);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) for (const pid of pidsOf(relay)) process.kill(pid, signal);
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    for (const { client } of seats) {
      expect(await client.closed).toBe(4000);
      expect(client.inbox.filter(({ type }) => type === 'drain')).toHaveLength(1);
    }
  });

  test('SIGTERM to one worker drains it, and another takes its place', async () => {
    const relay = await spawn();
    const seats = await seatEverywhere(relay);
    const [pid = 0] = pidsOf(relay);
    process.kill(pid, 'SIGTERM');
    await relay.logged((line) => tellsOfWorker(line) && pidsOf(relay).length === WORKERS + 1);
    expect(drainsOf(relay, pid)).toBe(1);
    const { at: gone } = await Promise.race(seats.map((seat) => seat.client.closed.then(() => seat)));
    for (const { client, at } of seats) {
      if (at === gone) expect(await client.closed).toBe(4000);
      else expect(await client.request({ type: 'join', room: 'lobby' })).toMatchObject({ type: 'joined' });
    }
    await relay.kill('SIGTERM');
  });

  test('a second signal ends the supervisor at once, and a worker that hangs with it', async () => {
    const relay = await spawn();
    process.kill(pidsOf(relay)[0] ?? 0, 'SIGSTOP');
    process.kill(relay.pid, 'SIGTERM');
    await relay.logged(({ msg, pid }) => msg === 'draining' && pid === relay.pid);
    expect(await relay.kill('SIGINT')).toMatchObject({ code: 130, stderr: '' });
  });

  test('a second signal ends a relay without workers at once', async () => {
    const data = temporaryDir();
    const relay = await spawnRelay({ args: ['--port', '0', '--host', '127.0.0.1', '--data', data] });
    const client = await ProtocolClient.connected(relay.ws);
    // While somebody else writes to the store, what is under way can't be stored, and the drain waits for that.
    const store = open({ path: join(data, 'rooms.lmdb'), noSubdir: true, maxDbs: 8 });
    await store.transactionSync(async () => {
      client.sendText(JSON.stringify({ type: 'publish', id: 9, room: 'r', key: 'k', event: { type: 'message', text: 'x' } }));
      await client.request({ type: 'join', room: 'r' });
      process.kill(relay.pid, 'SIGTERM');
      await relay.logged(({ msg }) => msg === 'draining');
      process.kill(relay.pid, 'SIGTERM');
      await relay.logged(({ msg }) => msg === 'ending at once');
    });
    expect(await relay.exited).toMatchObject({ code: 130, stderr: '' });
    expect(relay.log.filter(({ msg }) => msg === 'drained')).toEqual([]);
    await store.close();
    await client.closed;
    rmSync(data, { recursive: true, force: true });
  });
});

describe('a start that fails', () => {
  test.each(['uws', 'ws'])('a port in use is one sentence and exit code 1, though it could be shared (%s)', async (transport) => {
    const first = await spawn('--transport', transport);
    const more = ['--port', `${first.port}`, '--transport', transport];
    const exit = await runRelay({ args: args(...more) });
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Port \d+ is in use on [^\n]*\n$/) });
    await first.kill('SIGTERM');
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    expect(await runRelay({ args: args('--port', `${port}`) })).toMatchObject({ code: 1 });
    holder.close();
  });

  test('what no worker can do is told once, with its exit code', async () => {
    const exit = await runRelay({ args: args('--redis', 'redis://127.0.0.1:1') });
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/^[^\n]+\n$/) });
  });

  test('a worker that can not start again is tried again until it can', async () => {
    const relay = await spawn();
    await redis.kill();
    process.kill(pidsOf(relay)[0] ?? 0, 'SIGKILL');
    await relay.logged(({ msg }) => msg === 'a worker can not listen');
    await redis.restart();
    await relay.logged((line) => tellsOfWorker(line) && pidsOf(relay).length === WORKERS + 1);
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0 });
  });
});
