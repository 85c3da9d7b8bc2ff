// Who one is and what one may do, over real sockets: rules AUT of sdk/PROTOCOL.md, and what they do to JOI, PUB and RMV.

import { firstOf, guests, jwt } from '@chat-room/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Frame } from '../support/protocol-client.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import type { TokenClaims } from '../support/tokens.ts';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.ts';

const HOUR_S = 3_600;

const publish = (room: string, key: string, event: object = { type: 'message', text: key }): Frame => ({
  type: 'publish',
  room,
  key,
  event,
});

describe.each(['uws', 'ws'] as const)('identity over %s', (transport) => {
  let relay: RunningRelay;
  let now = 1_700_000_000_000;
  let rooms = 0;
  const freshRoom = (): string => `room-${++rooms}`;
  const inSeconds = (seconds: number): number => Math.floor(now / 1_000) + seconds;

  beforeAll(async () => {
    const clock = (): number => now;
    // No tolerance: a test says to the second when a token ends.
    const tokens = jwt({ secret: TOKEN_SECRET, clockToleranceS: 0, now: clock });
    relay = await startRelay({
      transport,
      publishRate: 0,
      now: clock,
      authenticate: firstOf<unknown>(tokens, guests({ secret: 's', grants: [{ rooms: '*', allow: ['read'] }] })),
    });
  });
  afterAll(() => relay.stop());

  async function connect(
    claims: Partial<TokenClaims> & { readonly sub: string },
  ): Promise<{ readonly client: ProtocolClient; readonly welcome: Frame }> {
    const client = await ProtocolClient.open(relay.ws);
    const token = await tokenFor({ exp: inSeconds(HOUR_S), ...claims });
    return { client, welcome: await client.request({ type: 'connect', version: 1, token }) };
  }

  test('[CON5] [AUT1] a token names the member, and what it grants holds from the first frame on', async () => {
    const { client, welcome } = await connect({ sub: 'ada', name: 'Ada', rooms: { 'team-*': ['read', 'write'], lobby: 'read' } });
    expect(welcome).toMatchObject({ type: 'connected', member: { id: 'ada', name: 'Ada' } });
    expect(welcome['resume']).toBeUndefined();
    expect(await client.request({ type: 'join', room: 'team-1' })).toMatchObject({ type: 'joined' });
    expect(await client.request(publish('team-1', 'k'))).toMatchObject({ type: 'published' });
    expect(await client.request({ type: 'join', room: 'lobby' })).toMatchObject({ type: 'joined' });
    expect(await client.request(publish('lobby', 'k'))).toMatchObject({ code: 'forbidden', action: 'fix' });
    expect(await client.request({ type: 'join', room: 'elsewhere' })).toMatchObject({ code: 'forbidden' });
    expect(await client.request({ type: 'history', room: 'elsewhere' })).toMatchObject({ code: 'forbidden' });
    expect((await client.events('team-1', 1))[0]).toMatchObject({ from: { id: 'ada', name: 'Ada' } });
    await client.close();
  });

  test('[AUT1] who may only read is refused each way of writing, and nothing of it arrives', async () => {
    const room = freshRoom();
    const reader = await ProtocolClient.connected(relay.ws);
    const watcher = await ProtocolClient.connected(relay.ws);
    for (const client of [reader, watcher]) await client.request({ type: 'join', room });
    const refused = await Promise.all([
      reader.request(publish(room, 'k')),
      reader.request({ type: 'ephemeral', room, name: 'cursor', data: 1 }),
      reader.request({ type: 'typing', room, active: true }),
    ]);
    for (const reply of refused) expect(reply).toMatchObject({ type: 'error', code: 'forbidden' });
    expect(await watcher.request({ type: 'history', room })).toMatchObject({ events: [] });
    expect(watcher.inbox.filter(({ type }) => type === 'ephemeral' || type === 'events')).toEqual([]);
    await Promise.all([reader.close(), watcher.close()]);
  });

  test('[AUT1] [PUB6] who may moderate deletes the messages of others', async () => {
    const room = freshRoom();
    const { client: author } = await connect({ sub: 'author' });
    const { client: moderator } = await connect({ sub: 'mod', rooms: { '*': ['read', 'write', 'moderate'] } });
    const { position } = (await author.request(publish(room, 'k'))) as Frame & { position: { epoch: string } };
    const remove = { ...publish(room, 'd', { type: 'delete', target: 1 }), epoch: position.epoch };
    const { client: other } = await connect({ sub: 'other' });
    expect(await other.request(remove)).toMatchObject({ code: 'forbidden' });
    expect(await moderator.request(remove)).toMatchObject({ type: 'published' });
    await Promise.all([author, moderator, other].map((client) => client.close()));
  });

  test('[CON5] a token that is not accepted ends the connection with 4501', async () => {
    for (const token of ['garbage', await tokenFor({ sub: 'ada', exp: inSeconds(-1) })]) {
      const client = await ProtocolClient.open(relay.ws);
      expect(await client.request({ type: 'connect', version: 1, token })).toMatchObject({ code: 'unauthorized', action: 'fix' });
      expect(await client.closed).toBe(4501);
    }
  });

  test('[AUT2] [P8] a token that runs out is told of ahead, and ends the connection with 4300', async () => {
    const { client } = await connect({ sub: 'ada', exp: inSeconds(100) });
    now += 70_000;
    expect(await client.next('expiring')).toEqual({ type: 'expiring', expiresInMs: 30_000 });
    expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
    now += 30_000;
    expect(await client.closed).toBe(4300);
  });

  test('[AUT3] [RMV1] a refresh keeps the connection and its rooms, and takes effect on both at once', async () => {
    const [kept, lost] = [freshRoom(), freshRoom()];
    const { client } = await connect({ sub: 'ada', exp: inSeconds(100) });
    for (const room of [kept, lost]) await client.request({ type: 'join', room });
    const token = await tokenFor({ sub: 'ada', exp: inSeconds(HOUR_S), rooms: { [kept]: ['read', 'write'] } });
    expect(await client.request({ type: 'refresh', token })).toMatchObject({ type: 'ok' });
    expect(await client.next('removed')).toMatchObject({ room: lost, code: 'forbidden' });
    now += 100_000;
    const { client: other } = await connect({ sub: 'bob' });
    await other.request(publish(lost, 'unseen'));
    await other.request(publish(kept, 'seen'));
    expect(await client.events(kept, 1)).toMatchObject([{ text: 'seen' }]);
    expect(client.inbox.filter((frame) => frame['room'] === lost && frame.type === 'events')).toEqual([]);
    expect(await client.request(publish(lost, 'k'))).toMatchObject({ code: 'forbidden' });
    await Promise.all([client.close(), other.close()]);
  });

  test('[AUT3] a refresh for another member, or with a bad token, is refused, and what was stays in force', async () => {
    const room = freshRoom();
    const { client } = await connect({ sub: 'ada', exp: inSeconds(100) });
    const bobs = await tokenFor({ sub: 'bob', exp: inSeconds(HOUR_S) });
    for (const token of [bobs, 'garbage'])
      expect(await client.request({ type: 'refresh', token })).toMatchObject({ type: 'error', code: 'unauthorized' });
    expect(await client.request(publish(room, 'k'))).toMatchObject({ type: 'published' });
    now += 100_000;
    expect(await client.closed).toBe(4300);
  });

  test('[PLN1] [AUT1] the plain protocol takes a token by header or subprotocol, and asks for the same rights', async () => {
    const room = freshRoom();
    const token = await tokenFor({ sub: 'ada', name: 'Ada', exp: inSeconds(HOUR_S), rooms: { [room]: ['read', 'write'] } });
    const url = `ws://127.0.0.1:${relay.port}/ws/chat/${room}/`;
    const byHeader = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
    const bySubprotocol = new WebSocket(url, ['anything', `bearer.${token}`]);
    const heard = new Promise<string>((resolve) => bySubprotocol.on('message', (data) => resolve(String(data))));
    await Promise.all([byHeader, bySubprotocol].map((socket) => new Promise((resolve) => socket.on('open', resolve))));
    expect(bySubprotocol.protocol).toBe('anything'); // never the one with the token
    const watcher = await ProtocolClient.connected(relay.ws);
    await watcher.request({ type: 'join', room });
    byHeader.send('{"message":"hello"}');
    expect(await heard).toBe('{"message":"hello"}');
    expect(await watcher.events(room, 1)).toMatchObject([{ from: { id: 'ada', name: 'Ada' } }]);
    for (const socket of [byHeader, bySubprotocol]) socket.terminate();
    await watcher.close();
  });

  test('[PLN4] [AUT1] the plain protocol refuses with HTTP who may not read the room, or brings a bad token', async () => {
    const token = await tokenFor({ sub: 'ada', exp: inSeconds(HOUR_S), rooms: { other: 'read' } });
    const statusWith = (authorization: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/ws/chat/here/`, { headers: { authorization } });
        socket.on('unexpected-response', (request, response) => {
          resolve(response.statusCode);
          request.destroy();
        });
        socket.on('error', () => undefined);
      });
    expect(await statusWith(`Bearer ${token}`)).toBe(403);
    expect(await statusWith('Bearer garbage')).toBe(401);
  });
});

describe('guests', () => {
  test('[CON4] with guests off, who brings no token is refused', async () => {
    const relay = await startRelay({ guests: 'off', jwtSecret: TOKEN_SECRET });
    const client = await ProtocolClient.open(relay.ws);
    expect(await client.request({ type: 'connect', version: 1 })).toMatchObject({ code: 'unauthorized' });
    expect(await client.closed).toBe(4501);
    await relay.stop();
  });
});
