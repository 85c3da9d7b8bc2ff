// Two relays' engines on a Redis Cluster of three servers, of which one dies and slots move.

import type { Member } from '@chat-room/sdk/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Draft, PublishOutcome } from '../../relay/src/engine/engine.ts';
import { clusterSlot } from '../../relay/src/engine/redis/cluster-slot.ts';
import { PARTITION_NUMBERS, partitionOf } from '../../relay/src/engine/redis/keys.ts';
import type { RedisEngine } from '../../relay/src/engine/redis/redis-engine.ts';
import { RecordingFeed } from '../support/recording-feed.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisCluster, RedisServer } from '../support/redis-server.ts';
import { startRedisCluster } from '../support/redis-server.ts';

const ADA: Member = { id: 'ada', name: 'Ada' };
/** Enough of them that each server has some. */
const ROOMS = Array.from({ length: 12 }, (_, i) => `room-${i}`);
const run = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

let cluster: RedisCluster;
let a: RedisEngine;
let b: RedisEngine;

beforeEach(async () => {
  cluster = await startRedisCluster({ appendonly: true });
  [a, b] = await Promise.all([openRedisEngine(cluster.url), openRedisEngine(cluster.servers[1]?.url ?? '')]);
});
afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
  await cluster.stop();
});

function message(key: string): Draft {
  return { from: ADA, key, body: { type: 'message', text: key }, moderator: false };
}

/** Publishes as a client does: again while it is refused with a retryable error. */
async function persist(engine: RedisEngine, room: string, key: string): Promise<Extract<PublishOutcome, { readonly ok: true }>> {
  for (;;) {
    const outcome = await engine.publish(room, message(key));
    if (outcome.ok) return outcome;
    if (outcome.code !== 'storage_unavailable') throw new Error(`refused: ${outcome.code} ${outcome.detail}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function followAll(engine: RedisEngine): Promise<Map<string, RecordingFeed>> {
  const feeds = new Map(ROOMS.map((room) => [room, new RecordingFeed()]));
  await Promise.all([...feeds].map(([room, feed]) => engine.open(room, feed, 1)));
  return feeds;
}

test('a hash tag has the slot that Redis gives it', async () => {
  const server = cluster.servers[0] as RedisServer;
  const tags = PARTITION_NUMBERS.filter((partition) => partition % 16 === 0).map((partition) => `p${partition}`);
  const slots = await Promise.all(tags.map((tag) => server.cli('CLUSTER', 'KEYSLOT', `chat-room:{${tag}}:x`)));
  expect(tags.map(clusterSlot)).toEqual(slots.map(Number));
});

test('[P1] [P2] [P4] a server that dies and comes back: nothing acknowledged is lost, in no room, and all are fed on', async () => {
  const [feedsA, feedsB] = [await followAll(a), await followAll(b)];
  await Promise.all(ROOMS.flatMap((room) => run(1, 20).map((i) => persist(i % 2 === 0 ? a : b, room, `k${i}`))));
  const [dying] = cluster.servers;
  await dying?.kill();
  const meanwhile = ROOMS.flatMap((room) => [persist(a, room, 'during a'), persist(b, room, 'during b')]);
  await dying?.restart();
  await Promise.all(meanwhile);
  await Promise.all(ROOMS.map((room) => persist(b, room, 'after')));
  for (const feed of [...feedsA.values(), ...feedsB.values()]) {
    await feed.reaches(23);
    expect([feed.offsets, feed.resets]).toEqual([run(1, 23), []]);
  }
});

test('[P1] a slot that moves to another server: publishes and pushes follow it', async () => {
  const room = ROOMS[0] ?? '';
  const feed = new RecordingFeed();
  await b.open(room, feed, 1);
  await Promise.all(run(1, 5).map((i) => persist(a, room, `k${i}`)));
  await moveSlot(cluster.servers, clusterSlot(`p${partitionOf(room)}`));
  await persist(a, room, 'k6');
  await persist(b, room, 'k7');
  await feed.reaches(7);
  expect([feed.offsets, feed.resets]).toEqual([run(1, 7), []]);
});

/** Moves a slot, with its keys, to a server that does not have it. */
async function moveSlot(servers: readonly RedisServer[], slot: number): Promise<void> {
  const ids = await Promise.all(servers.map((server) => server.cli('CLUSTER', 'MYID')));
  const counts = await Promise.all(
    servers.map(async (server) => Number(await server.cli('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`))),
  );
  const from = counts.findIndex((count) => count > 0);
  const to = (from + 1) % servers.length;
  const [source, target] = [servers[from] as RedisServer, servers[to] as RedisServer];
  await target.cli('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', ids[from] ?? '');
  await source.cli('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', ids[to] ?? '');
  const keys = (await source.cli('CLUSTER', 'GETKEYSINSLOT', `${slot}`, '1000')).split('\n');
  await source.cli('MIGRATE', '127.0.0.1', `${target.port}`, '', '0', '5000', 'KEYS', ...keys);
  for (const server of [target, source, ...servers]) await server.cli('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', ids[to] ?? '');
}
