// What moderators set, over real sockets: rules MOD of sdk/PROTOCOL.md, and what they do to JOI, HIS, EPH, RMV and PLN.

import { firstOf, guests, jwt } from '@chat-room/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Frame } from '../support/protocol-client.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.ts';

const FOREVER = 8_640_000_000_000_000;
const MINUTE_MS = 60_000;

describe.each(['uws', 'ws'] as const)('moderation over %s', (transport) => {
  let relay: RunningRelay;
  let now = 1_700_000_000_000;
  let rooms = 0;
  let keys = 0;
  const freshRoom = (): string => `room-${++rooms}`;

  beforeAll(async () => {
    const clock = (): number => now;
    relay = await startRelay({
      transport,
      publishRate: 0,
      now: clock,
      authenticate: firstOf<unknown>(jwt({ secret: TOKEN_SECRET, now: clock }), guests({ secret: 's' })),
    });
  });
  afterAll(() => relay.stop());

  const tokenOf = (sub: string, allow: readonly string[] = ['read', 'write']): Promise<string> =>
    tokenFor({ sub, name: sub.toUpperCase(), exp: Math.floor(now / 1_000) + 36_000, rooms: { '*': allow } });
  const enter = async (sub: string, allow?: readonly string[]): Promise<ProtocolClient> => {
    const client = await ProtocolClient.open(relay.ws);
    await client.request({ type: 'connect', version: 1, token: await tokenOf(sub, allow) });
    return client;
  };
  const joined = async (room: string, sub: string, allow?: readonly string[]): Promise<ProtocolClient> => {
    const client = await enter(sub, allow);
    await client.request({ type: 'join', room });
    return client;
  };
  const moderator = (room: string): Promise<ProtocolClient> => joined(room, 'mod', ['read', 'write', 'moderate']);
  const act = (client: ProtocolClient, room: string, action: object, more: object = {}): Promise<Frame> =>
    client.request({ type: 'publish', room, key: `k${++keys}`, event: { type: 'moderation', action }, ...more });
  const say = (client: ProtocolClient, room: string, text = 'hello'): Promise<Frame> =>
    client.request({ type: 'publish', room, key: `k${++keys}`, event: { type: 'message', text } });
  const member = (id: string): object => ({ id, name: id.toUpperCase() });

  test('[MOD1] [AUT1] who may not moderate is refused; the right to moderate is enough', async () => {
    const room = freshRoom();
    const eve = await joined(room, 'eve');
    expect(await act(eve, room, { type: 'unpin' })).toMatchObject({ type: 'error', code: 'forbidden' });
    expect(await eve.request({ type: 'sanctions', room })).toMatchObject({ code: 'forbidden' });
    const mod = await joined(room, 'mod', ['read', 'moderate']);
    expect(await act(mod, room, { type: 'mute', member: member('eve') })).toMatchObject({ type: 'published' });
    expect(await eve.events(room, 1)).toMatchObject([
      { from: { id: 'mod' }, type: 'moderation', action: { type: 'mute', member: member('eve'), until: FOREVER } },
    ]);
  });

  test.each([
    [{ type: 'paint' }, 'unknown_type'],
    [{}, 'unknown_type'],
    [{ type: 'pin' }, 'bad_frame'],
    [{ type: 'pin', target: 0 }, 'bad_frame'],
    [{ type: 'slowMode', intervalMs: 21_600_001 }, 'bad_frame'],
    [{ type: 'slowMode', intervalMs: -1 }, 'bad_frame'],
    [{ type: 'mute' }, 'bad_frame'],
    [{ type: 'mute', member: { id: '', name: 'x' } }, 'bad_frame'],
    [{ type: 'ban', member: { id: 'x' } }, 'bad_frame'],
    [{ type: 'ban', member: { id: 'x', name: 'x' }, until: FOREVER + 1 }, 'bad_frame'],
    [{ type: 'unban', member: 'x' }, 'bad_frame'],
    ['pin', 'bad_frame'],
  ])('[MOD1] [FRM5] %j is no action', async (action, code) => {
    const room = freshRoom();
    const mod = await moderator(room);
    expect(await act(mod, room, action as object, { epoch: 'e' })).toMatchObject({ type: 'error', code, action: 'fix' });
  });

  test('[MOD4] who is muted reads, and neither publishes, signals nor types', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([moderator(room), joined(room, 'eve')]);
    await eve.request({ type: 'typing', room, active: true });
    const until = now + MINUTE_MS;
    await act(mod, room, { type: 'mute', member: member('eve'), until });
    now += 1_000; // news are told no more often than that
    expect(await say(eve, room)).toMatchObject({ code: 'muted', action: 'fix', message: expect.stringContaining('2023-11-14') });
    expect(await eve.request({ type: 'ephemeral', room, name: 'x', data: 1 })).toMatchObject({ code: 'muted' });
    expect(await eve.request({ type: 'typing', room, active: true })).toMatchObject({ code: 'muted' });
    const file = { type: 'upload', room, name: 'a.png', mediaType: 'image/png', bytes: 10 };
    expect(await eve.request(file)).toMatchObject({ code: 'muted' });
    expect(await mod.request(file)).toMatchObject({ type: 'upload' });
    expect(await eve.request({ type: 'history', room })).toMatchObject({ type: 'history' });
    expect(await mod.next((frame) => frame.type === 'typing' && frame['count'] === 0)).toBeDefined(); // what she typed is over
    await say(mod, room, 'still here');
    expect(await eve.events(room, 2)).toMatchObject([{ type: 'moderation' }, { text: 'still here' }]);
    now = until;
    expect(await say(eve, room)).toMatchObject({ type: 'published' });
    expect(await eve.request({ type: 'typing', room, active: true })).toMatchObject({ type: 'ok' });
  });

  test('[MOD5] slow mode holds back messages that come too early, and says when to come again', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([moderator(room), joined(room, 'eve')]);
    await act(mod, room, { type: 'slowMode', intervalMs: MINUTE_MS });
    expect(await say(eve, room)).toMatchObject({ type: 'published' });
    now += 20_000;
    expect(await say(eve, room)).toMatchObject({ code: 'slow_mode', action: 'retry', retryAfterMs: 40_000 });
    expect(await say(mod, room)).toMatchObject({ type: 'published' });
    expect(await say(mod, room)).toMatchObject({ type: 'published' });
    now += 40_000;
    expect(await say(eve, room)).toMatchObject({ type: 'published' });
  });

  test('[MOD6] [RMV1] [PRE2] who is banned is out at once, on all connections, and sees nothing that follows', async () => {
    const room = freshRoom();
    const [mod, eve, phone] = await Promise.all([moderator(room), joined(room, 'eve'), joined(room, 'eve')]);
    const ban = act(mod, room, { type: 'ban', member: member('eve') });
    const after = say(mod, room, 'she is gone'); // in the same turn, it may be in the same push
    expect([(await ban).type, (await after).type]).toEqual(['published', 'published']);
    for (const client of [eve, phone]) {
      expect(await client.next('removed')).toMatchObject({ room, code: 'banned', message: expect.stringContaining('banned') });
      expect(await client.request({ type: 'join', room })).toMatchObject({ code: 'banned', action: 'fix' });
      expect(await client.request({ type: 'history', room })).toMatchObject({ code: 'banned' });
      expect(await say(client, room)).toMatchObject({ code: 'banned' });
      expect(await client.request({ type: 'typing', room, active: true })).toMatchObject({ code: 'not_joined' });
      const pushed = client.inbox.filter(({ type }) => type === 'events').flatMap((push) => push['events'] as Frame[]);
      expect(pushed.map(({ type }) => type)).not.toContain('message');
    }
    now += 1_000; // news are told no more often than that
    expect(await mod.next((frame) => frame.type === 'presenceChange' && String(frame['left']) === 'eve')).toBeDefined();
    expect(await act(mod, room, { type: 'unban', member: member('eve') })).toMatchObject({ type: 'published' });
    expect(await eve.request({ type: 'join', room, recent: 5 })).toMatchObject({ type: 'joined' });
    expect(await say(eve, room)).toMatchObject({ type: 'published' });
  });

  test('[MOD6] a ban holds in a room that nobody has open, and ends by itself', async () => {
    const room = freshRoom();
    const mod = await enter('mod', ['read', 'write', 'moderate']);
    const eve = await enter('eve');
    await act(mod, room, { type: 'ban', member: member('eve'), until: now + MINUTE_MS });
    expect(await eve.request({ type: 'history', room })).toMatchObject({ code: 'banned' });
    expect(await mod.request({ type: 'history', room })).toMatchObject({ type: 'history' });
    expect(await eve.request({ type: 'join', room })).toMatchObject({ code: 'banned' });
    now += MINUTE_MS;
    expect(await eve.request({ type: 'history', room })).toMatchObject({ type: 'history' });
    expect(await eve.request({ type: 'join', room })).toMatchObject({ type: 'joined' });
  });

  test('[MOD3] who may moderate is bound by none of it', async () => {
    const room = freshRoom();
    const mod = await moderator(room);
    for (const type of ['mute', 'ban']) await act(mod, room, { type, member: member('mod') });
    await act(mod, room, { type: 'slowMode', intervalMs: MINUTE_MS });
    expect([(await say(mod, room)).type, (await say(mod, room)).type]).toEqual(['published', 'published']);
    expect(await mod.request({ type: 'typing', room, active: true })).toMatchObject({ type: 'ok' });
    expect(await mod.request({ type: 'history', room })).toMatchObject({ type: 'history' });
    expect(await mod.request({ type: 'join', room })).toMatchObject({
      settings: { slowModeMs: MINUTE_MS, you: { write: true, moderate: true } },
    });
    expect(mod.inbox.some(({ type }) => type === 'removed')).toBe(false);
  });

  test('[MOD3] [AUT3] what was set for a moderator binds them once another token takes the right away', async () => {
    const [room, other] = [freshRoom(), freshRoom()];
    const mod = await moderator(room);
    await mod.request({ type: 'join', room: other });
    await act(mod, room, { type: 'ban', member: member('mod') });
    await act(mod, other, { type: 'mute', member: member('mod') });
    await mod.request({ type: 'refresh', token: await tokenOf('mod') });
    expect(await mod.next('removed')).toMatchObject({ room, code: 'banned' });
    expect(await mod.next('settings')).toMatchObject({
      room: other,
      settings: { you: { write: true, moderate: false, mutedUntil: FOREVER } },
    });
  });

  test('[MOD7] [MOD9] a join tells what is pinned, how slow it is, and what one may', async () => {
    const room = freshRoom();
    const [mod, eve] = await Promise.all([moderator(room), enter('eve')]);
    const { position } = (await say(mod, room)) as unknown as { position: { epoch: string; offset: number } };
    const about = { epoch: position.epoch };
    expect(await act(mod, room, { type: 'pin', target: 99 }, about)).toMatchObject({ code: 'not_found' });
    await act(mod, room, { type: 'pin', target: position.offset }, about);
    await act(mod, room, { type: 'slowMode', intervalMs: 5_000 });
    await act(mod, room, { type: 'mute', member: member('eve'), until: now + MINUTE_MS });
    const settings = async (client: ProtocolClient): Promise<unknown> =>
      (await client.request({ type: 'join', room }))['settings'];
    expect(await settings(eve)).toEqual({
      pinned: 1,
      slowModeMs: 5_000,
      you: { write: true, moderate: false, mutedUntil: now + MINUTE_MS },
    });
    expect(await settings(mod)).toEqual({ pinned: 1, slowModeMs: 5_000, you: { write: true, moderate: true } });
    const reader = await enter('zoe', ['read']);
    expect(await settings(reader)).toEqual({ pinned: 1, slowModeMs: 5_000, you: { write: false, moderate: false } });
    await mod.request({ type: 'publish', room, key: 'd', event: { type: 'delete', target: 1 }, ...about });
    now += MINUTE_MS;
    expect(await settings(eve)).toEqual({ slowModeMs: 5_000, you: { write: true, moderate: false } });
  });

  test('[MOD10] the mutes and bans that hold are listed page by page', async () => {
    const room = freshRoom();
    const mod = await moderator(room);
    for (const id of ['a', 'b', 'c']) await act(mod, room, { type: 'ban', member: member(id) });
    await act(mod, room, { type: 'mute', member: member('b'), until: now + MINUTE_MS });
    await act(mod, room, { type: 'mute', member: member('gone'), until: now });
    const listed: unknown[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await mod.request({ type: 'sanctions', room, limit: 3, ...(after !== undefined && { after }) });
      listed.push(...(page['sanctions'] as unknown[]));
      after = page['next'] as string | undefined;
      more = after !== undefined;
    }
    const by = { id: 'mod', name: 'MOD' };
    expect(listed).toEqual([
      ...['a', 'b', 'c'].map((id) => ({ kind: 'ban', member: member(id), at: now, by })),
      { kind: 'mute', member: member('b'), until: now + MINUTE_MS, at: now, by },
    ]);
  });

  test('[MOD11] [CON7] a guest who comes back as another is another member', async () => {
    const room = freshRoom();
    const mod = await moderator(room);
    const eve = await ProtocolClient.connected(relay.ws, { name: 'Eve' });
    await eve.request({ type: 'join', room });
    await act(mod, room, { type: 'ban', member: eve.member });
    await eve.next('removed');
    const same = await ProtocolClient.connected(relay.ws, { name: 'Eve', resume: eve.resume });
    expect(await same.request({ type: 'join', room })).toMatchObject({ code: 'banned' });
    const other = await ProtocolClient.connected(relay.ws, { name: 'Eve' });
    expect(await other.request({ type: 'join', room })).toMatchObject({ type: 'joined' });
  });

  test('[PLN6] [PLN3] the plain protocol: a mute is an error, a ban the end', async () => {
    const room = freshRoom();
    const mod = await moderator(room);
    const authorization = `Bearer ${await tokenOf('eve')}`;
    const plain = (): WebSocket => new WebSocket(`ws://127.0.0.1:${relay.port}/ws/chat/${room}/`, { headers: { authorization } });
    const socket = plain();
    const inbox: unknown[] = [];
    let heard = (): void => undefined;
    socket.on('message', (data) => {
      inbox.push(JSON.parse(String(data)));
      heard();
    });
    const next = async (): Promise<unknown> => {
      while (inbox.length === 0) await new Promise<void>((resolve) => (heard = resolve));
      return inbox.shift();
    };
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('{"message":"hello"}');
    expect(await next()).toEqual({ message: 'hello' });
    await act(mod, room, { type: 'mute', member: member('eve') });
    socket.send('{"message":"again"}');
    expect(await next()).toMatchObject({ error: { code: 'muted' } });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await act(mod, room, { type: 'ban', member: member('eve') });
    expect(await closed).toBe(4502);
    const again = plain();
    expect(await new Promise((resolve) => again.on('close', resolve))).toBe(4502);
  });
});
