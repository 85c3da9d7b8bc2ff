// What the keys of moderation in Redis live by.

import type { EventBody, ModerationAction } from '@chat-room/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roomKeys, slowKey } from '../../relay/src/engine/redis/keys.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';

const MOD = { id: 'mod', name: 'Mod' };
const EVE = { id: 'eve', name: 'Eve' };
const MINUTE_MS = 60_000;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test('[MOD8] a room whose events have an age is remembered as long as something is set there, and no longer', async () => {
  const engine = await openRedisEngine(redis.url, { retention: () => ({ maxEvents: 100, maxAgeMs: MINUTE_MS }) });
  let keys = 0;
  const publish = (body: EventBody, from = MOD) =>
    engine.publish('a', { from, key: `k${++keys}`, body, moderator: from === MOD });
  const act = (action: ModerationAction) => publish({ type: 'moderation', action });
  const { meta, moderation } = roomKeys('a');
  const lives = async (key: string): Promise<'ends' | 'stays' | 'gone'> => {
    const ttl = Number(await redis.cli('PTTL', key));
    return ttl === -2 ? 'gone' : ttl === -1 ? 'stays' : 'ends';
  };
  await publish({ type: 'message', text: 'hello' });
  expect([await lives(meta), await lives(moderation)]).toEqual(['ends', 'gone']);
  await act({ type: 'ban', member: EVE });
  await publish({ type: 'message', text: 'hello' });
  expect([await lives(meta), await lives(moderation)]).toEqual(['stays', 'stays']);
  await act({ type: 'unban', member: EVE });
  expect([await lives(meta), await lives(moderation)]).toEqual(['ends', 'gone']);
  await act({ type: 'slowMode', intervalMs: MINUTE_MS });
  await publish({ type: 'message', text: 'hello' }, EVE);
  expect(await lives(slowKey('a', EVE.id))).toBe('ends');
  await engine.close();
});
