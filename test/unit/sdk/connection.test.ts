import { describe, expect, test } from 'vitest';
import type { StatusChange } from '../../../sdk/src/index.ts';
import { ChatError } from '../../../sdk/src/index.ts';
import { errorReply } from '../../../sdk/src/protocol/index.ts';
import { FakeWorld, turn } from '../../support/sdk/fake-world.ts';

async function online(options: Parameters<FakeWorld['client']>[0] = {}) {
  const world = new FakeWorld();
  const client = world.client(options);
  const changes: StatusChange[] = [];
  client.on('status', (change) => changes.push(change));
  const connected = client.connect();
  await world.settle();
  await connected;
  return { world, client, changes, socket: world.socket, statuses: () => changes.map(({ status }) => status) };
}

/** The text frames that wait to reach the relay, by type. */
const sentTypes = (world: FakeWorld): string[] => world.socket.toRelay.map((text) => JSON.parse(text).type as string);

describe('connecting', () => {
  test('[CON1] the first frame is connect, and says who one is', async () => {
    const world = new FakeWorld(null);
    void world.client({ user: { name: 'Ada' } }).connect();
    await turn();
    world.socket.open();
    expect(world.socket.takeSent()).toEqual([{ type: 'connect', id: 1, version: 1, user: { name: 'Ada' } }]);
  });

  test('what was opened and never answered is given up after 8 s, and dialled again with jitter', async () => {
    const world = new FakeWorld(null);
    const client = world.client();
    void client.connect();
    await turn();
    world.socket.open();
    world.clock.advance(7_999);
    expect(client.status).toBe('connecting');
    world.clock.advance(1);
    expect(client.status).toBe('offline');
    expect(world.socket.isHeld).toBe(false);
    world.clock.advance(750);
    await turn();
    expect(world.network.sockets).toHaveLength(2);
  });

  test('a URL that no socket can be made of ends it, with an error', async () => {
    const world = new FakeWorld();
    const environment = {
      clock: world.clock,
      openTransport: () => {
        throw new SyntaxError('not a URL');
      },
    };
    await expect(world.client({ environment }).connect()).rejects.toMatchObject({ code: 'unreachable', action: 'fix' });
    expect(world.clock.timers).toBe(0);
  });

  test('[CON5] refused at connect, it stays away until it is asked for again', async () => {
    const world = new FakeWorld(null);
    const client = world.client({ token: 'old' });
    const connected = client.connect();
    await turn();
    world.socket.open();
    world.socket.reply(errorReply('unauthorized', undefined, 1));
    await expect(connected).rejects.toMatchObject({ code: 'unauthorized' });
    expect(client.status).toBe('closed');
    expect(world.clock.timers).toBe(0);
    await expect(client.room('lobby').join()).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(client.room('lobby').send('hi')).rejects.toMatchObject({ code: 'unauthorized' });
    void client.connect().catch(() => undefined);
    await turn();
    expect(world.network.sockets).toHaveLength(2);
  });

  test('[ERR2] overloaded at connect: it comes back when the relay says', async () => {
    const world = new FakeWorld(null);
    const client = world.client();
    void client.connect();
    await turn();
    world.socket.open();
    world.socket.reply(errorReply('overloaded', undefined, 1, 3_000));
    expect(client.status).toBe('offline');
    world.clock.advance(3_000);
    expect(client.status).toBe('connecting');
  });
});

describe('identity', () => {
  const memory = () => {
    const items = new Map<string, string>();
    return {
      items,
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
  };

  test('[CON7] a guest is the same member after a reconnect', async () => {
    const { world, client, socket } = await online();
    const id = client.member?.id;
    socket.drop();
    await world.settleInTime(5_000);
    expect(world.network.sockets).toHaveLength(2);
    expect(client.member?.id).toBe(id);
  });

  test('[CON4] a storage keeps a guest over reloads, apart for each relay', async () => {
    const storage = memory();
    const { client } = await online({ storage });
    const again = await online({ storage });
    expect([...storage.items]).toEqual([['chat-room:ws://relay/ws', `r_${again.client.member?.id}`]]);
    expect(JSON.parse(JSON.stringify(client.member))).toHaveProperty('id');
  });

  test('a storage that throws is as good as none', async () => {
    const refuse = (): never => {
      throw new Error('SecurityError');
    };
    const { client } = await online({ storage: { getItem: refuse, setItem: refuse } });
    expect(client.status).toBe('online');
  });

  test('[CLS1] 4300: a new token is asked for, and sent', async () => {
    const tokens = ['first', 'second'];
    const { world } = await online({ getToken: async () => tokens.shift() ?? '' });
    world.clock.advance(10_000);
    world.socket.drop(4300);
    await turn();
    world.socket.open();
    expect(JSON.parse(world.socket.toRelay[0] ?? '')).toMatchObject({ type: 'connect', token: 'second' });
  });

  test('[CLS1] 4300 with a token that cannot be renewed is the end', async () => {
    const { client, changes, socket } = await online({ token: 'only' });
    socket.drop(4300);
    expect(client.status).toBe('closed');
    expect(changes.at(-1)?.error).toMatchObject({ code: 'close_4300' });
  });

  test('a token that cannot be had now is asked for again; a ChatError that says fix is the end', async () => {
    const world = new FakeWorld();
    const errors: Error[] = [new Error('offline'), new ChatError('logged_out', 'fix')];
    const client = world.client({ getToken: () => Promise.reject(errors.shift()) });
    const connected = client.connect();
    connected.catch(() => undefined);
    await turn();
    expect(client.status).toBe('offline');
    world.clock.advance(1_000);
    await expect(connected).rejects.toMatchObject({ code: 'logged_out' });
    expect(client.status).toBe('closed');
  });
});

describe('losing it', () => {
  test.each([1000, 1001, 1006, 1009, 1011, 1012, 4000, 4001, 4003, 4004, 4299])('[CLS1] %i: it comes back', async (code) => {
    const { client, socket } = await online();
    socket.drop(code);
    expect(client.status).toBe('offline');
  });

  test.each([1002, 1003, 1007, 1008, 4500, 4501, 4502, 4503, 4999])(
    '[CLS1] %i: it does not come back by itself',
    async (code) => {
      const { world, client, changes, socket } = await online();
      socket.drop(code);
      expect(client.status).toBe('closed');
      expect(changes.at(-1)?.error).toMatchObject({ code: `close_${code}` });
      expect(world.clock.timers).toBe(0);
    },
  );

  test('[DRN2] told to drain, it leaves at once and comes back when it is told to', async () => {
    const { world, client, socket, changes } = await online();
    world.clock.advance(6_000);
    socket.reply({ type: 'drain', retryAfterMs: 4_000 });
    expect(client.status).toBe('offline');
    expect(socket.isHeld).toBe(false);
    expect(changes.at(-1)?.retryAt).toBe(world.clock.now() + 4_000);
    world.lifecycle.say('wake');
    world.clock.advance(3_999);
    expect(client.status).toBe('offline');
    world.clock.advance(1);
    expect(client.status).toBe('connecting');
  });

  test('what an old socket still says concerns nobody', async () => {
    const { world, client, socket, statuses } = await online();
    world.clock.advance(6_000);
    world.relay.say('lobby', 'late');
    socket.drop();
    await world.settle();
    expect(client.status).toBe('online');
    const before = statuses();
    socket.haunt();
    expect(statuses()).toEqual(before);
    expect(world.socket.isHeld).toBe(true);
  });

  test('[PNG1] silence: a ping; no answer in 10 s: another socket, without waiting for a close', async () => {
    const { world, client, socket } = await online();
    world.clock.advance(25_000);
    expect(sentTypes(world)).toEqual(['ping']);
    expect(client.status).toBe('online');
    world.clock.advance(9_999);
    expect(world.socket).toBe(socket);
    world.clock.advance(1);
    await turn();
    expect(socket.isHeld).toBe(false);
    expect(world.socket).not.toBe(socket);
  });

  test('[PNG1] an answer keeps it', async () => {
    const { world, client, socket } = await online();
    await world.settleInTime(120_000, 5_000);
    expect(world.socket).toBe(socket);
    expect(client.status).toBe('online');
  });
});

describe('pages', () => {
  test('after a wake the socket has 2 s to answer', async () => {
    const { world, socket } = await online();
    world.clock.sleep(3_600_000);
    world.lifecycle.say('wake');
    expect(sentTypes(world)).toEqual(['ping']);
    world.clock.advance(2_000);
    await turn();
    expect(socket.isHeld).toBe(false);
    expect(world.network.sockets).toHaveLength(2);
  });

  test('offline is not believed, but asked about', async () => {
    const { world, client, socket } = await online();
    world.lifecycle.say('doubt');
    await world.settle();
    expect(client.status).toBe('online');
    expect(world.socket).toBe(socket);
  });

  test('frozen, it closes; shown again, it comes back', async () => {
    const { world, client, socket } = await online();
    world.lifecycle.hidden = true;
    world.lifecycle.say('freeze');
    expect(socket.isHeld).toBe(false);
    expect(client.status).toBe('offline');
    world.clock.advance(60_000);
    expect(world.network.sockets).toHaveLength(1);
    world.lifecycle.hidden = false;
    world.lifecycle.say('wake');
    await world.settle();
    expect(client.status).toBe('online');
  });

  test('hidden, it does not dial, and does when somebody looks', async () => {
    const { world, client, socket } = await online();
    world.lifecycle.hidden = true;
    socket.drop();
    world.clock.advance(600_000);
    expect(world.network.sockets).toHaveLength(1);
    world.lifecycle.hidden = false;
    world.lifecycle.say('wake');
    await world.settle();
    expect(client.status).toBe('online');
  });

  test('a write looks at the wall clock first: a timer may be throttled', async () => {
    const { world, client } = await online();
    world.clock.sleep(3_600_000);
    void client.room('lobby').send('hello');
    await turn();
    expect(sentTypes(world)).toEqual(['ping', 'publish']);
  });
});

describe('replies that do not come', () => {
  test('the socket is asked whether it lives; where it does and still owes the reply, another takes its place', async () => {
    const { world, client, socket } = await online();
    void client.room('lobby').send('hello');
    await turn();
    socket.toRelay.length = 0; // the relay swallows it
    world.clock.advance(10_000);
    expect(sentTypes(world)).toEqual(['ping']);
    await world.settle();
    expect(world.socket).toBe(socket);
    world.clock.advance(10_000);
    await world.settle();
    expect(world.socket).not.toBe(socket);
    expect(world.relay.archive.map(({ event }) => 'text' in event && event.text)).toEqual(['hello']);
  });
});

describe('closing', () => {
  test('nothing is left: no timer, no listener, no socket; what waits is rejected', async () => {
    const { world, client, socket } = await online();
    const room = client.room('lobby');
    void room.join().catch(() => undefined);
    const sent = room.send('never');
    const page = room.history();
    const outcomes = Promise.allSettled([sent, page]);
    await client.close();
    expect(await outcomes).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }]);
    expect(client.status).toBe('closed');
    expect(world.clock.timers).toBe(0);
    expect(world.lifecycle.listeners).toBe(0);
    expect(socket.isHeld).toBe(false);
    await expect(client.connect()).rejects.toMatchObject({ code: 'closed' });
    await expect(room.join()).rejects.toMatchObject({ code: 'closed' });
    await expect(room.send('x')).rejects.toMatchObject({ code: 'closed' });
  });

  test('an abort signal closes too', async () => {
    const controller = new AbortController();
    const { client } = await online({ signal: controller.signal });
    controller.abort();
    expect(client.status).toBe('closed');
    expect(new FakeWorld().client({ signal: controller.signal }).status).toBe('closed');
  });

  test.each(['status', 'state'] as const)(
    'closing from a %s listener of the loss does not leave a socket behind',
    async (type) => {
      const { world, client, socket } = await online();
      const room = client.room('lobby');
      void room.join();
      await world.settle();
      if (type === 'status') client.on(type, ({ status }) => status !== 'online' && void client.close());
      else room.on(type, (state) => state === 'recovering' && void client.close());
      world.clock.advance(6_000);
      socket.drop();
      await world.settleInTime(30_000);
      expect(client.status).toBe('closed');
      expect(world.socket.isHeld).toBe(false);
      expect(world.clock.timers).toBe(0);
    },
  );
});
