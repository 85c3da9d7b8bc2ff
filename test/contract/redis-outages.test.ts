// A Redis that is paused, killed, emptied, or comes back with less than it had, under two relays' engines.

import type { Member } from '@chat-room/sdk/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft, EngineError, PublishOutcome } from '../../relay/src/engine/engine.ts';
import type { RedisEngine } from '../../relay/src/engine/redis/redis-engine.ts';
import { textOf } from '../../relay/src/engine/stored-event.ts';
import { Condition } from '../support/condition.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { RecordingFeed } from '../support/recording-feed.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';

const ADA: Member = { id: 'ada', name: 'Ada' };
const BOB: Member = { id: 'bob', name: 'Bob' };
const ROOM = 'lobby';
const run = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** What an engine told its observer. */
class Observer {
  readonly told: string[] = [];
  readonly #condition = new Condition();

  committed(): void {}

  failing({ message }: EngineError): void {
    this.#note(message);
  }

  recovered(): void {
    this.#note('recovered');
  }

  async hears(count: number): Promise<void> {
    await this.#condition.until(() => this.told.length >= count || undefined);
  }

  #note(what: string): void {
    this.told.push(what);
    this.#condition.changed();
  }
}

let redis: RedisServer;
let a: RedisEngine;
let b: RedisEngine;
let observer: Observer;
let feedA: RecordingFeed;
let feedB: RecordingFeed;

async function start(settings: Parameters<typeof startRedis>[0]): Promise<void> {
  redis = await startRedis(settings);
  observer = new Observer();
  [a, b] = await Promise.all([openRedisEngine(redis.url, { observer }), openRedisEngine(redis.url)]);
  [feedA, feedB] = [new RecordingFeed(), new RecordingFeed()];
  await Promise.all([a.open(ROOM, feedA, 10), b.open(ROOM, feedB, 10)]);
}

afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
  await redis.stop();
});

function message(key: string): Draft {
  return { from: ADA, key, body: { type: 'message', text: key }, moderator: false };
}

type Stored = Extract<PublishOutcome, { readonly ok: true }>;

async function stored(outcome: Promise<PublishOutcome>): Promise<Stored> {
  const result = await outcome;
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.detail ?? ''}`);
  return result;
}

/** Publishes as a client does: again while it is refused with a retryable error. */
async function persist(engine: RedisEngine, draft: Draft): Promise<Stored> {
  for (;;) {
    const outcome = await engine.publish(ROOM, draft);
    if (outcome.ok) return outcome;
    if (outcome.code !== 'storage_unavailable') throw new Error(`refused: ${outcome.code}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const sayMany = (engine: RedisEngine, first: number, last: number): Promise<Stored[]> =>
  Promise.all(run(first, last).map((i) => stored(engine.publish(ROOM, message(`k${i}`)))));

describe('a Redis that keeps its data', () => {
  beforeEach(() => start({ appendonly: true }));

  test('[P2] [P3] paused for three seconds: what is published meanwhile is stored once, in order', async () => {
    await sayMany(a, 1, 5);
    redis.pause();
    const waiting = [sayMany(a, 6, 10), sayMany(a, 11, 15)];
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // not waited for: this is how long it is paused
    redis.resume();
    await Promise.all(waiting);
    await Promise.all([feedA.reaches(15), feedB.reaches(15)]);
    expect(feedB.stored.map(({ json }) => textOf(json))).toEqual(run(1, 15).map((i) => `k${i}`));
    expect([feedA.resets, feedB.resets]).toEqual([[], []]);
  });

  test('[P2] [P4] killed and restarted: nothing acknowledged is lost, and nobody has to be told anything', async () => {
    const before = await sayMany(a, 1, 100);
    await redis.kill();
    const meanwhile = [persist(a, message('k101')), persist(b, message('k102'))];
    await redis.restart();
    await Promise.all(meanwhile);
    const after = await persist(b, message('k103'));
    expect(after.position.epoch).toBe(before[0]?.position.epoch);
    await Promise.all([feedA.reaches(103), feedB.reaches(103)]);
    for (const { offsets, resets } of [feedA, feedB]) expect([offsets, resets]).toEqual([run(1, 103), []]);
    expect(await persist(a, message('k100'))).toMatchObject({ position: { offset: 100 } });
  });

  test('away: reads and publishes are refused with a reason, which is told once, and all resumes when it is back', async () => {
    await sayMany(a, 1, 3);
    await redis.kill();
    const refused = await a.publish(ROOM, message('k4'));
    expect(refused).toMatchObject({ ok: false, code: 'storage_unavailable', retryAfterMs: 1_000 });
    await observer.hears(1);
    expect(observer.told).toEqual([expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ does not serve: .*\.$/)]);
    await expect(a.read(ROOM, { from: 'end', limit: 1 })).rejects.toMatchObject({ code: 'store_failing' });
    await expect(a.probe()).rejects.toMatchObject({ code: 'store_failing', message: expect.stringContaining('Redis') });
    expect(await a.publish(ROOM, message('k5'))).toMatchObject({ code: 'storage_unavailable' });
    await redis.restart();
    await observer.hears(2);
    expect(observer.told[1]).toBe('recovered');
    await a.probe();
    await stored(a.publish(ROOM, message('k6')));
    expect(observer.told).toHaveLength(2);
  });

  test('[P1] subscriptions that Redis ends come back, and nothing is missed', async () => {
    for (const round of run(1, 5)) {
      const waiting = sayMany(a, round * 100 - 99, round * 100);
      await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await waiting;
    }
    await Promise.all([feedA.reaches(500), feedB.reaches(500)]);
    for (const { offsets, resets } of [feedA, feedB]) expect([offsets, resets]).toEqual([run(1, 500), []]);
  });

  test('[PUB7] a Redis that forgets the scripts is taught them again, and the order holds', async () => {
    const waiting = [sayMany(a, 1, 200)];
    await redis.cli('SCRIPT', 'FLUSH');
    waiting.push(sayMany(a, 201, 400));
    await Promise.all(waiting);
    await feedB.reaches(400);
    expect(feedB.stored.map(({ json }) => textOf(json))).toEqual(run(1, 400).map((i) => `k${i}`));
  });
});

describe('a Redis that loses data', () => {
  beforeEach(() => start({}));

  test('[JOI4] [POS4] emptied: the log is another, everyone is told so, and who is here is still here', async () => {
    const [first] = await sayMany(a, 1, 30);
    a.tellMembers(ROOM, { joined: [ADA], left: [] });
    b.tellMembers(ROOM, { joined: [BOB], left: [] });
    await Promise.all([feedA.sees('Bob'), feedB.sees('Ada'), feedA.reaches(30), feedB.reaches(30)]);
    await redis.restart({ empty: true });
    await Promise.all([feedA.hasReset(1), feedB.hasReset(1)]);
    const next = await persist(a, message('next'));
    expect(next.position).toEqual({ epoch: expect.not.stringMatching(first?.position.epoch ?? ''), offset: 1 });
    await Promise.all([feedA.reaches(1), feedB.reaches(1)]);
    await Promise.all([feedA.sees('Bob'), feedB.sees('Ada')]);
    expect(
      await b.publish(ROOM, {
        ...message('re'),
        body: { type: 'edit', target: 1, text: 'x' },
        epoch: first?.position.epoch ?? '',
      }),
    ).toMatchObject({
      code: 'epoch_changed',
    });
  });

  test('[JOI4] [POS4] gone back, as after a failover: what is left goes on in a new epoch', async () => {
    const kept = await sayMany(a, 1, 40);
    await redis.cli('SAVE');
    await sayMany(a, 41, 50);
    await Promise.all([feedA.reaches(50), feedB.reaches(50)]);
    await redis.restart();
    await Promise.all([feedA.hasReset(1), feedB.hasReset(1)]);
    const again = await persist(b, message('k40'));
    const next = await persist(b, message('next'));
    expect([again.position.offset, next.position.offset]).toEqual([40, 41]);
    expect(next.position.epoch).not.toBe(kept[0]?.position.epoch);
    await Promise.all([feedA.reaches(41), feedB.reaches(41)]);
    expect(feedA.resets[0]?.position).toEqual({ epoch: next.position.epoch, offset: 40 });
    expect(feedB.resets[0]?.position).toEqual(feedA.resets[0]?.position);
  });

  test('[JOI4] gone back, and gone on before a relay looked: another event where it had one is found', async () => {
    await sayMany(a, 1, 10);
    await redis.cli('SAVE');
    await sayMany(a, 11, 12);
    await Promise.all([feedA.reaches(12), feedB.reaches(12)]);
    await redis.kill();
    await redis.restart();
    const stranger = await openRedisEngine(redis.url); // knows nothing of what was lost
    await Promise.all(['x', 'y', 'z'].map((key) => stored(stranger.publish(ROOM, message(key)))));
    await Promise.all([feedA.hasReset(1), feedB.hasReset(1)]);
    const end = await a.read(ROOM, { from: 'end', limit: 3 });
    await sayMany(stranger, 100, 101);
    const last = end.position.offset + 2;
    await Promise.all([feedA.reaches(last), feedB.reaches(last)]);
    await stranger.close();
  });
});

describe('a network that swallows everything', () => {
  let network: FaultProxy;
  let cut: RedisEngine;
  beforeEach(async () => {
    await start({});
    network = await startFaultProxy(redis.port);
    cut = await openRedisEngine(`redis://127.0.0.1:${network.port}`);
  });
  afterEach(async () => {
    await cut.close();
    await network.close();
  });

  test('[P4] is noticed though no connection ends, and what was missed comes when it is back', async () => {
    const feed = new RecordingFeed();
    await cut.open('other', feed, 1);
    network.stall();
    await expect(cut.probe()).rejects.toMatchObject({ code: 'store_failing' });
    expect(await cut.publish('other', message('k'))).toMatchObject({ code: 'storage_unavailable' });
    await stored(a.publish('other', message('missed')));
    network.resume();
    await feed.reaches(1);
  });
});
