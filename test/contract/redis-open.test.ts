// What the Redis engine says of a Redis that it can't use, and what it leaves in one that it can.

import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../../relay/src/engine/engine.ts';
import { roomKeys } from '../../relay/src/engine/redis/keys.ts';
import type { RedisEngine } from '../../relay/src/engine/redis/redis-engine.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';

const DAY_MS = 86_400_000;
let redis: RedisServer;
let engine: RedisEngine | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await redis.stop();
});

const say = (key: string, room = 'a'): Promise<unknown> =>
  engine?.publish(room, message(key)) ?? Promise.reject(new Error('not open'));

function message(key: string): Draft {
  return { from: { id: 'ada', name: 'Ada' }, key, body: { type: 'message', text: key }, moderator: false };
}

describe('at the start', () => {
  test('a Redis that is not there is one sentence, without the password', async () => {
    redis = await startRedis();
    await redis.kill();
    await expect(openRedisEngine(`redis://user:secret@127.0.0.1:${redis.port}`)).rejects.toMatchObject({
      code: 'redis_unreachable',
      message: expect.stringMatching(
        new RegExp(`^Redis can't be reached at 127\\.0\\.0\\.1:${redis.port}: [^\\n]*ECONNREFUSED[^\\n]*\\.$`),
      ),
    });
  });

  test('a wrong password is one sentence, without it', async () => {
    redis = await startRedis({ settings: ['--requirepass', 'right'] });
    const failure = await openRedisEngine(`redis://:wrong@127.0.0.1:${redis.port}`).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'redis_unreachable', message: expect.stringContaining('password') });
    expect(String(failure)).not.toContain('wrong@');
    engine = await openRedisEngine(`redis://:right@127.0.0.1:${redis.port}`);
    await engine.probe();
  });

  test.each(['http://127.0.0.1', 'redis://', 'redis://127.0.0.1/x', 'nonsense'])('%s is no address', async (url) => {
    redis = await startRedis();
    await expect(openRedisEngine(url)).rejects.toMatchObject({
      code: 'redis_unusable',
      message: expect.stringContaining('redis://host'),
    });
  });

  test('a Redis that is too old is refused', async () => {
    redis = await startRedis();
    const old = await startOldRedis();
    await expect(openRedisEngine(`redis://127.0.0.1:${(old.address() as AddressInfo).port}`)).rejects.toMatchObject({
      code: 'redis_unusable',
      message: 'The relay needs Redis 7 or Valkey; this is 6.2.7.',
    });
    await new Promise((resolve) => old.close(resolve));
  });

  test('a Redis that may throw rooms away, or keeps nothing, is warned of', async () => {
    redis = await startRedis({ settings: ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'] });
    const warnings: string[] = [];
    engine = await openRedisEngine(redis.url, { warn: (sentence) => warnings.push(sentence) });
    expect(warnings).toEqual([expect.stringContaining('allkeys-lru'), expect.stringContaining('appendonly')]);
  });
});

describe('a full Redis', () => {
  test('publishes are refused with a retryable error, and pass again when there is room', async () => {
    redis = await startRedis({ settings: ['--maxmemory', '100mb', '--maxmemory-policy', 'noeviction'] });
    engine = await openRedisEngine(redis.url);
    await redis.cli('CONFIG', 'SET', 'maxmemory', '1');
    expect(await say('k')).toMatchObject({ ok: false, code: 'storage_unavailable', retryAfterMs: 1_000 });
    await redis.cli('CONFIG', 'SET', 'maxmemory', '0');
    for (;;) if (((await say('k')) as { ok: boolean }).ok) break;
  });
});

describe('what it keeps', () => {
  const keepsFor = async (now: () => number, maxEvents = 100_000): Promise<RedisEngine> =>
    openRedisEngine(redis.url, { now, retention: () => ({ maxEvents, maxAgeMs: DAY_MS }) });
  let now = 1_700_000_000_000;
  beforeEach(async () => {
    redis = await startRedis();
  });

  test('[JOI5] what is older than its age is forgotten, and offsets go on from where they were', async () => {
    engine = await keepsFor(() => now);
    await Promise.all(['k1', 'k2'].map((key) => say(key)));
    now += DAY_MS / 2;
    await say('k3');
    now += DAY_MS / 2 + 1;
    expect(await engine.read('a', { from: 'end', limit: 10 })).toMatchObject({
      start: 3,
      events: [{ offset: 3 }],
      position: { offset: 3 },
    });
    now += DAY_MS;
    expect(await engine.read('a', { from: 'end', limit: 10 })).toMatchObject({ start: 4, events: [], position: { offset: 3 } });
    expect(await say('k4')).toMatchObject({ position: { offset: 4 } });
    expect(await engine.read('a', { from: 'after', offset: 0, limit: 10 })).toMatchObject({ start: 4, events: [{ offset: 4 }] });
  });

  test('[JOI5] an edit and a deletion are forgotten with the message', async () => {
    engine = await keepsFor(() => now, 3);
    const { position } = (await say('k1')) as { position: { epoch: string } };
    const { epoch } = position;
    await engine.publish('a', { ...message('e'), body: { type: 'edit', target: 1, text: 'x' }, epoch });
    await engine.publish('a', { ...message('d'), body: { type: 'delete', target: 1 }, epoch });
    const { redacted, edits, log } = roomKeys('a');
    expect(await redis.cli('HLEN', redacted)).toBe('2');
    await Promise.all(['k2', 'k3', 'k4'].map((key) => say(key)));
    expect(await Promise.all([redis.cli('HLEN', redacted), redis.cli('HLEN', edits), redis.cli('XLEN', log)])).toEqual([
      '0',
      '0',
      '3',
    ]);
  });

  test('[JOI5] all keys of a room end some time after its last event, and none where events are kept for ever', async () => {
    engine = await keepsFor(() => now);
    await say('k1');
    engine.keepReads('a', { ada: 1 });
    await engine.probe();
    const lasting = (await redis.cli('KEYS', 'chat-room:*:a*')).split('\n');
    expect(lasting.length).toBeGreaterThanOrEqual(3);
    for (const key of lasting) expect([key, Number(await redis.cli('PTTL', key)) > 0]).toEqual([key, true]);
    const forEver = await openRedisEngine(redis.url);
    await forEver.publish('a', message('k2'));
    const { meta, log } = roomKeys('a');
    expect(await Promise.all([redis.cli('PTTL', meta), redis.cli('PTTL', log)])).toEqual(['-1', '-1']);
    await forEver.close();
  });

  test('rooms that have run out of time are not listed, and leave the list', async () => {
    engine = await openRedisEngine(redis.url);
    await Promise.all(['gone', 'here'].map((room) => say('k', room)));
    const { meta, log, rooms } = roomKeys('gone');
    await redis.cli('DEL', meta, log);
    expect((await engine.rooms(undefined, 10)).rooms.map(({ room }) => room)).toEqual(['here']);
    expect(await redis.cli('ZRANGE', rooms, '0', '-1')).not.toContain('gone');
  });
});

/** Answers what a client asks at first, and says that it is Redis 6. */
async function startOldRedis(): Promise<Server> {
  const info = 'redis_version:6.2.7\r\nredis_mode:standalone\r\nloading:0\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const command of String(bytes).matchAll(/\r\n(hello|client|info)\r\n/gi))
        socket.write(command[1]?.toLowerCase() === 'info' ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
