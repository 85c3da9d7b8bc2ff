// What moderators do through the server API, beside clients that feel it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApiKey, SCOPES } from '../../relay/src/api/api-key.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';

const MOD = { id: 'mod', name: 'Mod' };

describe.each(['uws', 'ws'] as const)('moderation through the server API over %s', (transport) => {
  const { key, entry } = createApiKey('test', SCOPES);
  let relay: RunningRelay;
  let rooms = 0;
  const freshRoom = (): string => `room-${++rooms}`;
  beforeAll(async () => {
    relay = await startRelay({ transport, apiKeys: [entry] });
  });
  afterAll(() => relay.stop());

  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(`${relay.http}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }
  const say = (client: ProtocolClient, room: string, k: string) =>
    client.request({ type: 'publish', room, key: k, event: { type: 'message', text: k } });

  test('[MOD6] [MOD10] a ban takes the member out and is listed; lifted, they come back', async () => {
    const room = freshRoom();
    const eve = await ProtocolClient.connected(relay.ws, { name: 'Eve' });
    await eve.request({ type: 'join', room });
    const { member } = eve;
    expect(await call('POST', `/rooms/${room}/bans`, { user: MOD, member })).toMatchObject({ status: 201, body: { room } });
    expect(await eve.next('removed')).toMatchObject({ room, code: 'banned' });
    const listed = await call('GET', `/rooms/${room}/sanctions`);
    expect(listed.body).toEqual({ sanctions: [{ kind: 'ban', member, at: expect.any(Number), by: MOD }] });
    expect(await call('DELETE', `/rooms/${room}/bans/${member.id}`)).toMatchObject({ status: 200 });
    expect(await call('DELETE', `/rooms/${room}/bans/${member.id}`)).toMatchObject({ status: 404 });
    expect(await eve.request({ type: 'join', room })).toMatchObject({ type: 'joined' });
    const { body } = await call('GET', `/rooms/${room}/events`);
    expect(body.events.at(-1)).toMatchObject({ from: { id: 'api:test' }, action: { type: 'unban', member } });
  });

  test('[MOD4] [MOD5] [MOD7] mutes, slow mode and pins hold for who is there, and stand in the figures of the room', async () => {
    const room = freshRoom();
    const eve = await ProtocolClient.connected(relay.ws, { name: 'Eve' });
    await eve.request({ type: 'join', room });
    await say(eve, room, 'one');
    await call('POST', `/rooms/${room}/mutes`, { user: MOD, member: eve.member });
    expect(await say(eve, room, 'two')).toMatchObject({ code: 'muted' });
    expect(await call('DELETE', `/rooms/${room}/mutes/${eve.member.id}`)).toMatchObject({ status: 200 });
    expect(await call('PATCH', `/rooms/${room}`, { user: MOD, slowModeMs: 60_000 })).toMatchObject({ status: 200 });
    expect(await say(eve, room, 'three')).toMatchObject({ type: 'published' });
    expect(await say(eve, room, 'four')).toMatchObject({ code: 'slow_mode' });
    expect(await call('POST', `/rooms/${room}/pin`, { user: MOD, offset: 1 })).toMatchObject({ status: 201 });
    expect((await call('GET', `/rooms/${room}`)).body).toMatchObject({ pinned: 1, slowModeMs: 60_000 });
    expect(await call('POST', `/rooms/${room}/pin`, { user: MOD, offset: 2 })).toMatchObject({ status: 404 });
    await call('DELETE', `/rooms/${room}/pin`);
    const figures = await call('GET', `/rooms/${room}`);
    expect(figures.body.pinned).toBeUndefined();
  });

  test('[MOD1] what it stores is stored with its end, and once for its key', async () => {
    const room = freshRoom();
    const body = { user: MOD, member: { id: 'eve', name: 'Eve' }, key: 'k' };
    const [first, again] = [await call('POST', `/rooms/${room}/mutes`, body), await call('POST', `/rooms/${room}/mutes`, body)];
    expect(again.body).toEqual(first.body);
    const { body: log } = await call('GET', `/rooms/${room}/events`);
    expect(log.events).toMatchObject([{ action: { type: 'mute', until: 8_640_000_000_000_000 } }]);
  });
});
