// Two relays' engines on one Redis, with a network between them and it that can be cut.

import type { Member } from '@chat-room/sdk/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Draft, PublishOutcome } from '../../relay/src/engine/engine.ts';
import { roomKeys } from '../../relay/src/engine/redis/keys.ts';
import type { RedisEngine } from '../../relay/src/engine/redis/redis-engine.ts';
import { textOf } from '../../relay/src/engine/stored-event.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { RecordingFeed } from '../support/recording-feed.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';

const ADA: Member = { id: 'ada', name: 'Ada' };
const BOB: Member = { id: 'bob', name: 'Bob' };
const run = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

let redis: RedisServer;
let network: FaultProxy;
let a: RedisEngine;
/** Reaches Redis through the network that can be cut. */
let b: RedisEngine;
let rooms = 0;
let room: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  room = `room-${++rooms}`;
  network = await startFaultProxy(redis.port);
  [a, b] = await Promise.all([openRedisEngine(redis.url), openRedisEngine(`redis://127.0.0.1:${network.port}`)]);
});
afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
  await network.close();
});

function message(key: string, from = ADA, text = key): Draft {
  return { from, key, body: { type: 'message', text }, moderator: false };
}

async function stored(outcome: Promise<PublishOutcome>): Promise<Extract<PublishOutcome, { readonly ok: true }>> {
  const result = await outcome;
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.detail ?? ''}`);
  return result;
}

const sayMany = (engine: RedisEngine, first: number, last: number): Promise<unknown> =>
  Promise.all(run(first, last).map((i) => stored(engine.publish(room, message(`k${i}`)))));

async function follow(engine: RedisEngine): Promise<RecordingFeed> {
  const feed = new RecordingFeed();
  await engine.open(room, feed, 10);
  return feed;
}

describe('one log for all relays', () => {
  test('[P1] [EVT2] what is published through either is fed to both, in one order', async () => {
    const [feedA, feedB] = [await follow(a), await follow(b)];
    const outcomes = await Promise.all(
      run(1, 400).map((i) => stored((i % 2 === 0 ? a : b).publish(room, message(`k${i}`, i % 2 === 0 ? ADA : BOB)))),
    );
    await Promise.all([feedA.reaches(400), feedB.reaches(400)]);
    expect(feedA.offsets).toEqual(run(1, 400));
    expect(feedB.stored.map(({ json }) => json)).toEqual(feedA.stored.map(({ json }) => json));
    expect(outcomes.map(({ position }) => position.offset).toSorted((x, y) => x - y)).toEqual(run(1, 400));
    expect(new Set(outcomes.map(({ position }) => position.epoch)).size).toBe(1);
  });

  test('[P3] [PUB3] a key stands for its event through the other relay too', async () => {
    const first = await stored(a.publish(room, message('k')));
    expect(await b.publish(room, message('k'))).toEqual(first);
    expect(await b.publish(room, { ...message('k'), body: { type: 'message', text: 'other' } })).toMatchObject({
      code: 'key_reused',
    });
  });

  test('[EVT5] [PUB6] what one relay stored the other edits and deletes, and both see it redacted', async () => {
    const [feedA] = [await follow(a), await follow(b)];
    const { position } = await stored(a.publish(room, message('k', ADA, 'secret')));
    const { epoch } = position;
    await stored(b.publish(room, { ...message('edit'), body: { type: 'edit', target: 1, text: 'secret too' }, epoch }));
    await stored(b.publish(room, { ...message('delete', BOB), body: { type: 'delete', target: 1 }, epoch, moderator: true }));
    await feedA.reaches(3);
    expect(feedA.stored.at(-1)?.redacts).toEqual([1, 2]);
    expect(JSON.stringify(await a.read(room, { from: 'end', limit: 10 }))).not.toContain('secret');
  });

  test('a signal reaches the other relays that have the room open, and not its own', async () => {
    const [feedA, feedB] = [await follow(a), await follow(b)];
    a.signal(room, 'from a');
    b.signal(room, 'from b');
    await Promise.all([feedA.hears('from b'), feedB.hears('from a')]);
    expect([feedA.signals, feedB.signals]).toEqual([['from b'], ['from a']]);
  });

  test('guests are signed with one secret', () => {
    expect(a.secret).toBe(b.secret);
    expect(a.secret.length).toBeGreaterThanOrEqual(32);
  });
});

describe('a relay that was cut off', () => {
  test('[P1] [P4] feeds what it missed, once and in order, while more comes', async () => {
    const feed = await follow(b);
    await sayMany(a, 1, 20);
    await feed.reaches(20);
    network.refuses = true;
    network.cut();
    await sayMany(a, 21, 700);
    network.refuses = false;
    await Promise.all([sayMany(a, 701, 800), feed.reaches(800)]);
    expect(feed.offsets).toEqual(run(1, 800));
    expect(feed.resets).toEqual([]);
  });

  test('[P4] is told by a reset where what it missed is no longer kept', async () => {
    await b.close();
    b = await openRedisEngine(`redis://127.0.0.1:${network.port}`, {
      retention: () => ({ maxEvents: 50, maxAgeMs: Number.POSITIVE_INFINITY }),
    });
    const small = await openRedisEngine(redis.url, { retention: () => ({ maxEvents: 50, maxAgeMs: Number.POSITIVE_INFINITY }) });
    const feed = await follow(b);
    await sayMany(small, 1, 5);
    await feed.reaches(5);
    network.refuses = true;
    network.cut();
    await sayMany(small, 6, 120);
    network.refuses = false;
    await feed.hasReset(1);
    expect(feed.resets[0]).toMatchObject({ position: { offset: 120 }, start: 71 });
    await sayMany(small, 121, 122);
    await feed.reaches(122);
    expect(feed.offsets).toEqual([121, 122]);
    await small.close();
  });

  test('[EVT5] a deletion that it missed redacts what it has fed', async () => {
    const feed = await follow(b);
    const { position } = await stored(a.publish(room, message('secret')));
    await feed.reaches(1);
    network.refuses = true;
    network.cut();
    await stored(a.publish(room, { ...message('delete'), body: { type: 'delete', target: 1 }, epoch: position.epoch }));
    network.refuses = false;
    await feed.reaches(2);
    expect(feed.stored[1]?.redacts).toEqual([1]);
  });

  test('[P2] [P3] what it publishes meanwhile is stored once, in order, when it is back', async () => {
    const feed = await follow(a);
    await sayMany(b, 1, 5);
    network.refuses = true;
    network.cut();
    const waiting = sayMany(b, 6, 50);
    network.refuses = false;
    await waiting;
    await feed.reaches(50);
    expect(feed.stored.map(({ json }) => textOf(json))).toEqual(run(1, 50).map((i) => `k${i}`));
  });

  test('[P1] a last push that was lost is found by looking', async () => {
    const feed = await follow(b);
    await sayMany(a, 1, 1);
    await feed.reaches(1);
    // Stored as the script stores it, and told to nobody.
    const { meta, log } = roomKeys(room);
    const head = ',"from":{"id":"ada","name":"Ada"},"key":"lost"';
    await redis.cli('XADD', log, '2-0', 't', 'message', 'a', 'ada', 'w', '9', 'h', head, 'b', ',"type":"message","text":"lost"}');
    await redis.cli('HSET', meta, 'top', '2', 'at', '9');
    await feed.reaches(2);
    expect(textOf(feed.stored[1]?.json ?? '{}')).toBe('lost');
  });
});

describe('members on several relays', () => {
  test('[PRE2] who is there before a room is opened, who comes and who leaves', async () => {
    a.tellMembers(room, { joined: [ADA], left: [] });
    await a.probe();
    const feedB = await follow(b);
    expect(feedB.names).toEqual(['Ada']);
    await follow(a);
    a.tellMembers(room, { joined: [BOB], left: [] });
    await feedB.sees('Ada', 'Bob');
    a.tellMembers(room, { joined: [], left: ['ada'] });
    await feedB.sees('Bob');
    expect(await b.membersElsewhere(room)).toEqual([BOB]);
  });

  test('[PRE2] a new name, and a member on two relays', async () => {
    const c = await openRedisEngine(redis.url);
    const feed = await follow(b);
    a.tellMembers(room, { joined: [ADA], left: [] });
    c.tellMembers(room, { joined: [ADA], left: [] });
    await feed.sees('Ada', 'Ada');
    a.tellMembers(room, { joined: [{ id: 'ada', name: 'Countess' }], left: [] });
    await feed.sees('Ada', 'Countess');
    expect(await b.membersElsewhere(room)).toHaveLength(1);
    await c.close();
    await feed.sees('Countess');
  });

  test('[PRE2] of a room that is not open they can be asked for', async () => {
    a.tellMembers(room, { joined: [ADA, BOB], left: [] });
    await a.probe();
    expect(await b.membersElsewhere(room)).toEqual([ADA, BOB]);
    expect(await a.membersElsewhere(room)).toEqual([]);
  });

  test('[PRE2] with a relay that closes they leave at once, and nothing of them stays in Redis', async () => {
    const feed = await follow(b);
    a.tellMembers(room, { joined: [ADA, BOB], left: [] });
    await feed.sees('Ada', 'Bob');
    await a.close();
    await feed.sees();
    expect(await redis.cli('HGETALL', roomKeys(room).members)).not.toContain('ada');
    a = await openRedisEngine(redis.url);
  });

  test('[PRE2] with a relay that falls silent they leave, and come back with it', async () => {
    const feed = await follow(a);
    await follow(b);
    b.tellMembers(room, { joined: [BOB], left: [] });
    await feed.sees('Bob');
    network.refuses = true;
    network.cut();
    await feed.sees();
    network.refuses = false;
    await feed.sees('Bob');
  });

  test('[PRE2] what changed while a relay was cut off it learns when it is back', async () => {
    const [feedA, feedB] = [await follow(a), await follow(b)];
    a.tellMembers(room, { joined: [ADA], left: [] });
    await feedB.sees('Ada');
    network.refuses = true;
    network.cut();
    a.tellMembers(room, { joined: [BOB], left: ['ada'] });
    b.tellMembers(room, { joined: [{ id: 'cleo', name: 'Cleo' }], left: [] });
    network.refuses = false;
    await Promise.all([feedB.sees('Bob'), feedA.sees('Cleo')]);
  });
});
