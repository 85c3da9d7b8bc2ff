// A token's life in the client: it ends while connected, and another takes its place without anybody noticing.

import { describe, expect, test } from 'vitest';
import type { DirectMessage, Status } from '../../../sdk/src/index.ts';
import { FakeWorld, turn } from '../../support/sdk/fake-world.ts';
import { sent } from '../../support/sdk/joined-room.ts';

/** A client that is online and in a room, with tokens `ada.1`, `ada.2`, … as they are asked for. */
async function withTokens(getToken?: (count: number) => string | Promise<string>) {
  const world = new FakeWorld();
  let count = 0;
  const client = world.client({ getToken: () => getToken?.(++count) ?? `ada.${++count}` });
  const statuses: Status[] = [];
  const room = client.room('lobby');
  const joined = room.join();
  await world.settle();
  await joined;
  client.on('status', ({ status }) => statuses.push(status));
  const { socket } = world;
  return { world, client, room, socket, statuses, expire: () => world.relay.tellExpiring(socket) };
}

describe('a token that is about to end', () => {
  test('[AUT2] [AUT3] is replaced in mid-connection: the status, the socket and the rooms stay as they are', async () => {
    const { world, client, room, socket, statuses, expire } = await withTokens();
    expect(world.relay.tokenOf(socket)).toBe('ada.1');
    const sending = room.send('before');
    expire();
    await world.settle();
    await sending;
    expect(world.relay.tokenOf(socket)).toBe('ada.2');
    expect(statuses).toEqual([]);
    expect(client.status).toBe('online');
    expect(room.state).toBe('live');
    expect(world.network.sockets).toEqual([socket]);
    await Promise.all([room.send('after'), world.settle()]);
    expect(room.timeline.map(({ text }) => text)).toEqual(['before', 'after']);
  });

  test('[AUT2] each time it is told', async () => {
    const { world, socket, expire } = await withTokens();
    for (const token of ['ada.2', 'ada.3']) {
      expire();
      await world.settle();
      expect(world.relay.tokenOf(socket)).toBe(token);
    }
  });

  test('[AUT3] where no other token is to be had it goes on, until the relay ends it: then it is asked for again', async () => {
    const { world, client, room, socket, expire } = await withTokens((count) =>
      count === 2 ? Promise.reject(new Error('offline')) : `ada.${count}`,
    );
    world.clock.advance(6_000);
    expire();
    await world.settle();
    expect(client.status).toBe('online');
    expect(world.relay.tokenOf(socket)).toBe('ada.1');
    socket.drop(4300);
    await world.settle();
    expect(world.relay.tokenOf(world.socket)).toBe('ada.3');
    expect(client.status).toBe('online');
    expect(room.state).toBe('live');
  });

  test.each(['unauthorized', 'auth_unavailable'] as const)(
    '[AUT3] [AUT4] refused with %s: what was stays in force',
    async (code) => {
      const { world, client, room, socket, expire } = await withTokens();
      world.relay.refuseToken = () => code;
      expire();
      await world.settle();
      expect(client.status).toBe('online');
      expect(room.state).toBe('live');
      expect(world.relay.tokenOf(socket)).toBe('ada.1');
      await Promise.all([room.send('still here'), world.settle()]);
    },
  );

  test("[AUT3] another member's token changes nothing", async () => {
    const { world, client, socket, expire } = await withTokens((count) => (count === 1 ? 'ada.1' : 'bob.1'));
    expire();
    await world.settle();
    expect(world.relay.tokenOf(socket)).toBe('ada.1');
    expect(client.member?.id).toBe('ada');
  });

  test('[AUT3] [RMV1] a room that may no longer be read is denied, and the others are not', async () => {
    const { world, client, room, expire } = await withTokens();
    const other = client.room('other');
    await Promise.all([other.join(), world.settle()]);
    world.relay.mayRead = (token, name) => token === 'ada.1' || name === 'other';
    expire();
    await world.settle();
    expect(room.state).toBe('denied');
    expect(other.state).toBe('live');
    await expect(Promise.all([room.history(), world.settle()])).resolves.toBeDefined();
    expect(world.relay.joined('lobby')).toEqual([]);
  });

  test('the connection is lost while another is fetched: the next one has a token of its own', async () => {
    const tokens: ((token: string) => void)[] = [];
    const { world, client, socket, expire } = await withTokens((count) =>
      count === 1 ? 'ada.1' : new Promise((resolve) => tokens.push(resolve)),
    );
    expire();
    await world.settle();
    socket.drop();
    tokens[0]?.('ada.2');
    await world.settleInTime(2_000);
    tokens[1]?.('ada.3');
    await world.settleInTime(2_000);
    expect(client.status).toBe('online');
    expect(world.relay.tokenOf(world.socket)).toBe('ada.3');
  });

  test('the client is closed while another is fetched: nothing follows', async () => {
    let give: (token: string) => void = () => undefined;
    const { world, client, socket, expire } = await withTokens((count) =>
      count === 1
        ? 'ada.1'
        : new Promise((resolve) => {
            give = resolve;
          }),
    );
    expire();
    await world.settle();
    await client.close();
    give('ada.2');
    await world.settle();
    expect(socket.isHeld).toBe(false);
    expect(world.clock.timers).toBe(0);
  });

  test.each([{ token: 'ada.1' }, { user: { name: 'Ada' } }])(
    'with %j there is none to ask for, and nothing is sent',
    async (identity) => {
      const world = new FakeWorld();
      const connected = world.client(identity).connect();
      await world.settle();
      await connected;
      world.relay.tellExpiring(world.socket);
      world.socket.deliverToClient();
      await turn();
      expect(sent(world)).toEqual([]);
    },
  );
});

describe('whether a token is good cannot be found out', () => {
  test('[AUT4] [ERR2] refused at connect, the client comes back', async () => {
    const world = new FakeWorld();
    world.relay.refuseToken = () => 'auth_unavailable';
    const client = world.client({ token: 'ada.1' });
    const connected = client.connect();
    await world.settle();
    expect(client.status).toBe('offline');
    world.relay.refuseToken = () => undefined;
    await world.settleInTime(20_000);
    await connected;
    expect(client.status).toBe('online');
  });

  test('[AUT4] [CLS1] closed with 4004, it comes back too', async () => {
    const { world, client, socket } = await withTokens();
    socket.drop(4004);
    await world.settleInTime(5_000);
    expect(client.status).toBe('online');
  });
});

describe('the channel of a connection', () => {
  test('[CHN1] what is sent to it by name arrives as it was, and on this client alone', async () => {
    const world = new FakeWorld();
    const [ada, bob] = [world.client(), world.client()];
    const heard: [string, DirectMessage][] = [];
    ada.on('direct', (message) => heard.push(['ada', message]));
    bob.on('direct', (message) => heard.push(['bob', message]));
    await Promise.all([ada.connect(), world.settle()]);
    const { socket } = world;
    await Promise.all([bob.connect(), world.settle()]);
    world.relay.sendDirect(socket, 'invited', { room: 'secret' });
    await world.settle();
    expect(heard).toEqual([['ada', { name: 'invited', data: { room: 'secret' } }]]);
  });

  test('[CHN1] what is sent while the connection is lost, is lost', async () => {
    const { world, client, socket } = await withTokens();
    const heard: DirectMessage[] = [];
    client.on('direct', (message) => heard.push(message));
    world.relay.sendDirect(socket, 'invited', null);
    socket.drop();
    await world.settleInTime(5_000);
    expect(client.status).toBe('online');
    expect(heard).toEqual([]);
  });
});
