// Two relays on one Redis, and on a cluster: what is set through one holds on the other.

import { firstOf, guests, jwt } from '@chat-room/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../support/protocol-client.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { startRedis, startRedisCluster } from '../support/redis-server.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.ts';

const HOUR_MS = 3_600_000;

describe.each([
  ['Redis', () => startRedis()],
  ['a Redis Cluster', startRedisCluster],
])('moderation on two relays that share %s', (_, start) => {
  let redis: Awaited<ReturnType<typeof start>>;
  let a: RunningRelay;
  let b: RunningRelay;
  let rooms = 0;
  let keys = 0;
  const freshRoom = (): string => `room-${++rooms}`;
  const startOne = (): Promise<RunningRelay> =>
    startRelay({
      redis: redis.url,
      publishRate: 0,
      authenticate: firstOf<unknown>(jwt({ secret: TOKEN_SECRET }), guests({ secret: 's' })),
    });
  beforeAll(async () => {
    redis = await start();
    [a, b] = await Promise.all([startOne(), startOne()]);
  });
  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
    await redis.stop();
  });

  const joined = async (relay: RunningRelay, room: string, sub: string, allow = ['read', 'write']): Promise<ProtocolClient> => {
    const client = await ProtocolClient.open(relay.ws);
    const exp = Math.floor(Date.now() / 1_000) + 3_600;
    await client.request({ type: 'connect', version: 1, token: await tokenFor({ sub, name: sub, exp, rooms: { '*': allow } }) });
    await client.request({ type: 'join', room });
    return client;
  };
  const act = (client: ProtocolClient, room: string, action: object): Promise<Frame> =>
    client.request({ type: 'publish', room, key: `k${++keys}`, event: { type: 'moderation', action } });
  const say = (client: ProtocolClient, room: string): Promise<Frame> =>
    client.request({ type: 'publish', room, key: `k${++keys}`, event: { type: 'message', text: 'hello' } });
  const all = ['read', 'write', 'moderate'];
  const member = (id: string): object => ({ id, name: id });

  test('[MOD2] [MOD6] [P8] a ban through one relay takes the member out of the other, and keeps them out of both', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([joined(a, room, 'mod', all), joined(b, room, 'eve')]);
    await act(mod, room, { type: 'ban', member: member('eve') });
    expect(await eve.next('removed')).toMatchObject({ room, code: 'banned' });
    expect(await eve.request({ type: 'join', room })).toMatchObject({ code: 'banned' });
    const elsewhere = await joined(a, freshRoom(), 'eve');
    expect(await elsewhere.request({ type: 'join', room })).toMatchObject({ code: 'banned' });
    expect(await elsewhere.request({ type: 'history', room })).toMatchObject({ code: 'banned' });
    await act(mod, room, { type: 'unban', member: member('eve') });
    await mod.next((frame) => JSON.stringify(frame).includes('"unban"'));
    expect(await elsewhere.request({ type: 'join', room })).toMatchObject({ type: 'joined' });
  });

  test('[MOD2] [MOD4] a mute holds for the very next publish, through the relay that has not heard of it too', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([joined(a, room, 'mod', all), joined(b, room, 'eve')]);
    await act(mod, room, { type: 'mute', member: member('eve') });
    expect(await say(eve, room)).toMatchObject({ code: 'muted' });
    await eve.events(room, 1); // from here on the other relay knows it as well
    expect(await eve.request({ type: 'typing', room, active: true })).toMatchObject({ code: 'muted' });
  });

  test('[MOD5] slow mode counts what a member writes through either relay', async () => {
    const room = freshRoom();
    const [mod, eve, phone] = await Promise.all([joined(a, room, 'mod', all), joined(a, room, 'eve'), joined(b, room, 'eve')]);
    await act(mod, room, { type: 'slowMode', intervalMs: HOUR_MS });
    const both = await Promise.all([say(eve, room), say(phone, room)]);
    expect(both.map(({ type }) => type).toSorted()).toEqual(['error', 'published']);
    expect(await say(phone, room)).toMatchObject({ code: 'slow_mode', action: 'retry' });
    expect(await phone.request({ type: 'join', room })).toMatchObject({ settings: { slowModeMs: HOUR_MS } });
  });

  test('[MOD8] a Redis that was emptied has a log that begins anew, with nothing set', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([joined(a, room, 'mod', all), joined(b, room, 'eve')]);
    await act(mod, room, { type: 'mute', member: member('eve') });
    await eve.events(room, 1);
    await redis.empty();
    expect(await say(eve, room)).toMatchObject({ type: 'published', position: { offset: 1 } });
    await eve.next((frame) => frame.type === 'position' && frame['room'] === room);
    expect(await eve.request({ type: 'join', room })).toMatchObject({ settings: { you: { write: true } } });
    expect(await eve.request({ type: 'typing', room, active: true })).toMatchObject({ type: 'ok' });
  });
});
