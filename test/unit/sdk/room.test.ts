import { describe, expect, test } from 'vitest';
import type { ChatError, Message, Room } from '../../../sdk/src/index.ts';
import { errorReply } from '../../../sdk/src/protocol/index.ts';
import { FakeWorld, turn } from '../../support/sdk/fake-world.ts';
import { fill, joined, sent } from '../../support/sdk/joined-room.ts';

const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);

describe('names', () => {
  test('[LIM2] the same name is the same room, in whichever normal form it is typed', () => {
    const client = new FakeWorld().client();
    expect(client.room('cafe\u0301')).toBe(client.room('caf\u00e9'));
    expect(client.room(' lobby ').name).toBe('lobby');
  });

  test.each(['', ' ', 'a/../b', 'a\u0000b', 'x'.repeat(201), '\u202eabc'])(
    '[LIM2] %j is refused by the relay, for good',
    async (name) => {
      const world = new FakeWorld();
      const room = world.client().room(name);
      const refused = [room.join(), room.send('hello')].map((asked) => asked.catch((error: unknown) => error));
      await world.settle();
      expect(await Promise.all(refused)).toMatchObject([{ code: 'bad_room' }, { code: 'bad_room' }]);
      expect(room.state).toBe('denied');
    },
  );
});

describe('join and leave', () => {
  test('[JOI2] it resolves once live, and what it was given has been delivered by then', async () => {
    const { room, states } = await joined(2, (world) => fill(world, 5));
    expect(texts(room.timeline)).toEqual(['old 4', 'old 5']);
    expect(states).toEqual(['joining', 'live']);
    expect(room.atStart).toBe(false);
  });

  test('[JOI3] after a loss it is live again with all that was missed', async () => {
    const { world, room, states } = await joined();
    const seen: string[] = [];
    room.on('message', ({ text }) => seen.push(text));
    world.relay.pageSize = 2;
    world.socket.drop();
    fill(world, 7);
    await world.settleInTime(5_000);
    expect(seen).toEqual(['old 1', 'old 2', 'old 3', 'old 4', 'old 5', 'old 6', 'old 7']);
    expect(states).toEqual(['joining', 'live', 'recovering', 'live']);
  });

  test('[JOI4] where the log was lost it says so, once, and starts anew', async () => {
    const { world, room } = await joined(2, (w) => fill(w, 3));
    const reasons: string[] = [];
    room.on('discontinuity', ({ reason }) => reasons.push(reason));
    world.socket.drop();
    fill(world, 5);
    world.relay.trim('lobby', 7);
    await world.settleInTime(5_000);
    expect(reasons).toEqual(['trimmed']);
    expect(room.timeline.map(({ id }) => id)).toEqual(['e1:7', 'e1:8']);
  });

  test('[JOI7] left, it hears nothing; joined again, it goes on from where it was', async () => {
    const { world, room } = await joined();
    fill(world, 1);
    await world.settle();
    const left = room.leave();
    await world.settle();
    await left;
    expect(room.state).toBe('left');
    fill(world, 1);
    await world.settle();
    expect(room.timeline).toHaveLength(1);
    void room.join();
    await world.settle();
    expect(room.timeline).toHaveLength(2);
  });

  test('leaving while joining rejects the join', async () => {
    const world = new FakeWorld();
    const room = world.client().room('lobby');
    const live = room.join();
    void room.leave();
    await expect(live).rejects.toMatchObject({ code: 'left' });
  });

  test('[RMV1] removed, it is denied, and does not come back by itself', async () => {
    const { world, room } = await joined();
    world.socket.reply({ type: 'removed', room: 'lobby', code: 'forbidden', message: '' });
    expect(room.state).toBe('denied');
    expect(room.presence).toBeUndefined();
    world.socket.drop();
    await world.settleInTime(5_000);
    expect(world.relay.joined('lobby')).toEqual([]);
  });
});

describe('sending', () => {
  test('[PUB2] it works before anybody joined, and leaves nothing behind', async () => {
    const world = new FakeWorld();
    const room = world.client().room('lobby');
    const receipt = room.send('hello');
    expect(texts(room.timeline)).toEqual(['hello']);
    await world.settle();
    expect((await receipt).id).toBe('e1:1');
    expect(room.timeline).toEqual([]);
  });

  test('a message shows at once, and keeps its key until it is stored and after', async () => {
    const { world, room } = await joined();
    const lists: (readonly Message[])[] = [];
    room.on('timeline', (list) => lists.push(list));
    void room.send('hello');
    expect(room.timeline).toMatchObject([{ id: 'local:key1', key: 'key1', own: true, delivery: { state: 'sending' } }]);
    await world.settle();
    expect(room.timeline).toMatchObject([{ id: 'e1:1', key: 'key1', own: true, delivery: { state: 'stored', offset: 1 } }]);
    expect(lists.length).toBeGreaterThanOrEqual(2);
    for (const list of lists) expect(list).toHaveLength(1);
  });

  test('whatever happens in one task, listeners hear of the timeline once', async () => {
    const { world, room } = await joined();
    let calls = 0;
    room.on('timeline', () => calls++);
    fill(world, 20);
    while (world.socket.deliverToClient()) {}
    expect(calls).toBe(0);
    await turn();
    expect(calls).toBe(1);
  });

  test('[ERR2] what is refused for good stays, failed, to be tried again or taken away', async () => {
    const { world, room } = await joined();
    world.relay.refuse = () => errorReply('forbidden');
    const outcome = room.send('no').catch((error: ChatError) => error.code);
    await world.settle();
    expect(await outcome).toBe('forbidden');
    expect(room.timeline).toMatchObject([{ delivery: { state: 'failed', error: { code: 'forbidden', action: 'fix' } } }]);
    world.relay.refuse = () => undefined;
    const again = room.retry('local:key1');
    expect(room.timeline).toMatchObject([{ delivery: { state: 'sending' } }]);
    await world.settle();
    expect(await again).toMatchObject({ id: 'e1:1' });
    await expect(room.retry('local:key1')).rejects.toMatchObject({ code: 'not_found' });
    world.relay.refuse = () => errorReply('forbidden');
    void room.send('never').catch(() => undefined);
    await world.settle();
    room.discard('local:key2');
    expect(texts(room.timeline)).toEqual(['no']);
  });

  test('an abort takes it back', async () => {
    const { world, room } = await joined();
    const controller = new AbortController();
    world.socket.cut();
    const outcome = room.send('no', { signal: controller.signal }).catch((reason: unknown) => reason);
    controller.abort('changed my mind');
    expect(await outcome).toBe('changed my mind');
    expect(room.timeline).toEqual([]);
  });

  test('[PUB4] the same key with another text is refused', async () => {
    const { world, room } = await joined();
    void room.send('one', { key: 'mine' });
    await world.settle();
    const outcome = room.send('two', { key: 'mine' }).catch((error: ChatError) => error.code);
    await world.settle();
    expect(await outcome).toBe('key_reused');
  });

  test('[PUB5] what refers to a message names its offset and epoch', async () => {
    const { world, room } = await joined(5, (w) => fill(w, 2));
    void room.edit('e1:1', 'new');
    void room.react('e1:2', '👍');
    void room.send('an answer', { replyTo: 'e1:2' });
    await turn();
    expect(sent(world)).toMatchObject([
      { type: 'publish', epoch: 'e1', event: { type: 'edit', target: 1, text: 'new' } },
      { type: 'publish', epoch: 'e1', event: { type: 'reaction', target: 2, action: 'add' } },
      { type: 'publish', epoch: 'e1', event: { type: 'message', replyTo: 2 } },
    ]);
    await world.settle();
    expect(room.timeline).toMatchObject([{ text: 'new' }, { reactions: [{ reaction: '👍' }] }, { replyTo: 'e1:2' }]);
    void room.unreact('e1:2', '👍');
    void room.delete('e1:1');
    await world.settle();
    expect(room.timeline).toMatchObject([{ text: '', deletedAt: expect.any(Number) }, { reactions: [] }, {}]);
    await expect(room.edit('local:x', 'y')).rejects.toMatchObject({ code: 'not_found' });
    await expect(room.send('y', { replyTo: 'nonsense' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[PUB5] offsets of an old epoch are refused, and the room joins again', async () => {
    const { world, room } = await joined(5, (w) => fill(w, 2));
    world.relay.logs.clear();
    world.relay.replaceLog('lobby');
    world.socket.toClient.length = 0; // the position that says so has not come yet
    const outcome = room.edit('e1:1', 'new').catch((error: ChatError) => error.action);
    await world.settle();
    expect(await outcome).toBe('rejoin');
    expect(room.state).toBe('live');
    expect(room.timeline).toEqual([]);
  });
});

describe('history', () => {
  test('[HIS1] a page to look at, and pages that extend the timeline, up to the start', async () => {
    const { world, room } = await joined(2, (w) => fill(w, 9));
    const page = room.history({ before: 6, limit: 3 });
    await world.settle();
    expect(await page).toMatchObject({ messages: [{ text: 'old 3' }, { text: 'old 4' }, { text: 'old 5' }], atStart: false });
    expect(room.timeline).toHaveLength(2);
    const [first, same] = [room.loadBefore(4), room.loadBefore(4)];
    expect(first).toBe(same);
    await world.settle();
    expect(texts((await first).messages)).toEqual(['old 4', 'old 5', 'old 6', 'old 7']);
    const rest = room.loadBefore();
    await world.settle();
    expect(await rest).toMatchObject({ atStart: true });
    expect(texts(room.timeline)).toEqual(Array.from({ length: 9 }, (_, i) => `old ${i + 1}`));
    const none = room.loadBefore();
    await world.settle();
    expect(await none).toEqual({ messages: [], events: [], first: undefined, atStart: true });
  });

  test('[HIS1] a page has its custom events too, as they were when they were pushed', async () => {
    const { world, room } = await joined(0, (w) => {
      fill(w, 1);
      for (const data of ['a', 'b']) w.relay.publish('lobby', { type: 'custom', name: 'x', data });
    });
    const page = room.history();
    await world.settle();
    const { messages, events, first } = await page;
    expect(messages).toHaveLength(1);
    expect(events).toMatchObject([
      { room: 'lobby', name: 'x', data: 'a', offset: 2 },
      { room: 'lobby', name: 'x', data: 'b', offset: 3 },
    ]);
    expect(events[0]).not.toHaveProperty('key');
    expect(first).toBe(1);
  });

  test('it goes on until there is a message to show', async () => {
    const { world, room } = await joined(1, (w) => {
      fill(w, 1);
      for (let i = 0; i < 5; i++) w.relay.publish('lobby', { type: 'custom', name: 'x', data: i });
    });
    const page = room.loadBefore(2);
    await world.settle();
    expect(texts((await page).messages)).toEqual(['old 1']);
  });

  test('a lost connection does not lose the question', async () => {
    const { world, room } = await joined(0, (w) => fill(w, 3));
    const page = room.history();
    await turn();
    world.socket.drop();
    await world.settleInTime(5_000);
    expect((await page).messages).toHaveLength(3);
  });

  test('an abort signal ends it', async () => {
    const { room } = await joined();
    const page = room.history({ signal: AbortSignal.abort('no') });
    await expect(page).rejects.toBe('no');
  });
});

describe('messages()', () => {
  async function take(room: Room, count: number, signal?: AbortSignal): Promise<string[]> {
    const taken: string[] = [];
    for await (const { text } of room.messages(signal ? { signal } : {})) {
      taken.push(text);
      if (taken.length === count) break;
    }
    return taken;
  }

  test('yields each, also those that came while the reader was busy', async () => {
    const { world, room } = await joined();
    const taken = take(room, 3);
    fill(world, 4);
    await world.settle();
    expect(await taken).toEqual(['old 1', 'old 2', 'old 3']);
  });

  test('ends with its signal, and with the room', async () => {
    const { world, room } = await joined();
    const controller = new AbortController();
    const [aborted, left] = [take(room, 9, controller.signal), take(room, 9)];
    fill(world, 1);
    await world.settle();
    controller.abort();
    expect(await aborted).toEqual(['old 1']);
    void room.leave();
    expect(await left).toEqual(['old 1']);
  });
});

test('a listener that throws disturbs nobody', async () => {
  const { world, room } = await joined();
  const uncaught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  const seen: string[] = [];
  room.on('message', () => {
    throw new Error('mine');
  });
  room.on('message', ({ text }) => seen.push(text));
  fill(world, 2);
  await world.settle();
  process.removeAllListeners('uncaughtException');
  for (const listener of others) process.on('uncaughtException', listener);
  expect(seen).toEqual(['old 1', 'old 2']);
  expect(uncaught).toHaveLength(2);
});

test('[FRM4] [FRM6] what a newer relay sends, or nonsense, is ignored', async () => {
  const { world, room } = await joined();
  const texts_ = [
    '',
    '[]',
    'null',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":"newer","room":"lobby"}',
    '{"type":"events","room":"lobby","events":[{}]}',
  ];
  world.socket.toClient.push(
    ...texts_,
    '{"type":"published","id":99,"room":"lobby","position":{"epoch":"e1","offset":1},"at":1}',
  );
  await world.settle();
  expect(room.state).toBe('live');
  expect(room.timeline).toEqual([]);
});
