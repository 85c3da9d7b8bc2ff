import { describe, expect, test } from 'vitest';
import type { Room } from '../../../sdk/src/index.ts';
import { keepOutbox } from '../../../sdk/src/outbox-storage.ts';
import { errorReply, KEY_TTL_MS } from '../../../sdk/src/protocol/index.ts';
import { FakeLocks, FakeStorage } from '../../support/sdk/fake-storage.ts';
import { FakeWorld, turn } from '../../support/sdk/fake-world.ts';

/** A browser: its pages share a storage and locks, and talk to one relay. Keys begin anew with each page's world. */
class Browser {
  readonly world = new FakeWorld();
  readonly storage = new FakeStorage();
  readonly identity = new FakeStorage();
  readonly locks = new FakeLocks();

  /** A page that has opened the room. It is the same guest as before, unless it is told to be somebody. */
  open({ token, hasLocks = true }: { token?: string; hasLocks?: boolean } = {}) {
    const { world, storage } = this;
    const who = token === undefined ? { user: { name: 'Ada' }, storage: this.identity } : { token };
    const client = world.client(who);
    const room = client.room('lobby');
    const page = this.locks.page();
    const errors: unknown[] = [];
    const stop = keepOutbox(client, room, storage, {
      locks: hasLocks ? page.locks : undefined,
      now: () => world.clock.now(),
      onError: (error) => errors.push(error),
    });
    const send = (text: string): void => void room.send(text).catch(() => undefined);
    /** The page goes away, as a page does: nobody is told, and its locks go with it. */
    const close = (): void => {
      stop();
      world.socket.drop();
      page.end();
      void client.close();
    };
    return { client, room, errors, send, close, stop };
  }

  async join(room: Room, recent = 50): Promise<void> {
    const live = room.join({ recent });
    await this.world.settle();
    await live;
  }
}

const shown = (room: Room): unknown[] =>
  room.timeline.map(({ text, delivery }) => [text, delivery.state === 'failed' ? delivery.error.code : delivery.state]);
const stored = ({ world }: Browser): string[] =>
  world.relay.log('lobby').events.map((event) => ('text' in event ? event.text : event.type));

describe('messages that an earlier page has not got stored', () => {
  test('[P3] [PUB3] are shown again, sent under their keys in their order, and stored once', async () => {
    const browser = new Browser();
    const first = browser.open();
    await browser.join(first.room);
    browser.world.socket.cut(); // the network is gone, and nobody knows
    first.send('one');
    browser.world.clock.sleep(1);
    first.send('two');
    await turn();
    expect(browser.storage.length).toBe(2);
    first.close();
    const entries = [...browser.storage.entries];
    browser.storage.entries.clear();
    for (const [key, value] of entries.reverse()) browser.storage.setItem(key, value); // a storage has an order of its own

    const second = browser.open();
    await browser.join(second.room);
    await browser.world.settle();
    expect(stored(browser)).toEqual(['one', 'two']);
    expect(shown(second.room)).toEqual([
      ['one', 'stored'],
      ['two', 'stored'],
    ]);
    expect(browser.storage.length).toBe(0);
  });

  test('[P3] one that was stored after all takes the place of its echo, and is never shown twice', async () => {
    const browser = new Browser();
    const first = browser.open();
    await browser.join(first.room);
    first.send('one');
    browser.world.socket.deliverToRelay(); // stored; the reply never comes
    await turn();
    first.close();
    expect(stored(browser)).toEqual(['one']);

    const second = browser.open();
    const views: number[] = [];
    second.room.on('timeline', (messages) => views.push(messages.length));
    await browser.join(second.room);
    expect(Math.max(...views)).toBe(1);
    expect(shown(second.room)).toEqual([['one', 'stored']]);
    expect(stored(browser)).toEqual(['one']);
    expect(browser.storage.length).toBe(0);
  });

  test('[P3] older than the relay honours a key they are held, until the person decides', async () => {
    const browser = new Browser();
    const first = browser.open();
    await browser.join(first.room);
    browser.world.socket.cut();
    first.send('old');
    await turn();
    first.close();
    browser.world.clock.sleep(KEY_TTL_MS);

    const second = browser.open();
    await browser.join(second.room);
    expect(shown(second.room)).toEqual([['old', 'held']]);
    expect(stored(browser)).toEqual([]);
    expect(browser.storage.length).toBe(1);
    const [message] = second.room.timeline;
    void second.room.retry(message?.id ?? '');
    await browser.world.settle();
    expect(stored(browser)).toEqual(['old']);
    expect(browser.storage.length).toBe(0);
  });

  test('what has failed comes back as failed, and is gone once it is discarded', async () => {
    const browser = new Browser();
    const first = browser.open();
    await browser.join(first.room);
    browser.world.relay.refuse = () => errorReply('forbidden', undefined, 1);
    first.send('no');
    await browser.world.settle();
    expect(shown(first.room)).toEqual([['no', 'forbidden']]);
    first.close();

    const second = browser.open();
    await browser.join(second.room);
    expect(shown(second.room)).toEqual([['no', 'held']]);
    second.room.discard(second.room.timeline[0]?.id ?? '');
    await turn();
    expect([second.room.timeline.length, browser.storage.length]).toEqual([0, 0]);
  });

  test('a client that is connected already gets them too', async () => {
    const browser = new Browser();
    const first = browser.open();
    first.send('one');
    await turn();
    first.close();
    const client = browser.world.client({ user: { name: 'Ada' }, storage: browser.identity });
    const room = client.room('lobby');
    await browser.join(room);
    keepOutbox(client, room, browser.storage, { locks: undefined, now: () => browser.world.clock.now() });
    expect(shown(room)).toEqual([['one', 'held']]);
  });

  test('they keep what they answer, their data and their time', async () => {
    const browser = new Browser();
    browser.world.relay.say('lobby', 'question');
    const first = browser.open();
    await browser.join(first.room);
    browser.world.socket.cut();
    const at = browser.world.clock.now();
    void first.room.send('answer', { replyTo: 'e1:1', data: { n: 1 } }).catch(() => undefined);
    await turn();
    first.close();
    browser.world.clock.sleep(60_000);
    browser.world.relay.refuse = () => errorReply('rate_limited', undefined, 1, 1_000);

    const second = browser.open();
    await browser.join(second.room);
    expect(second.room.timeline.at(-1)).toMatchObject({ text: 'answer', replyTo: 'e1:1', data: { n: 1 }, at });
  });
});

describe('whose they are', () => {
  test('another member never sees them; the one who wrote them does, later', async () => {
    const browser = new Browser();
    const first = browser.open({ token: 'ada.1' });
    await browser.join(first.room);
    browser.world.socket.cut();
    first.send('mine');
    await turn();
    first.close();

    const other = browser.open({ token: 'bob.1' });
    await browser.join(other.room);
    expect(shown(other.room)).toEqual([]);
    other.close();
    const again = browser.open({ token: 'ada.2' });
    await browser.join(again.room);
    expect(shown(again.room)).toEqual([['mine', 'stored']]);
  });

  test('what was written before it was known by whom is not sent in the name of whoever comes next', async () => {
    const browser = new Browser();
    const first = browser.open({ token: 'ada.1' });
    first.send('anonymous');
    await turn();
    first.close();

    const second = browser.open({ token: 'bob.1' });
    await browser.join(second.room);
    expect(shown(second.room)).toEqual([['anonymous', 'held']]);
    expect(stored(browser)).toEqual([]);
  });

  test('a page that lives keeps its own; another takes over only what nobody owns', async () => {
    const browser = new Browser();
    const first = browser.open();
    await browser.join(first.room);
    browser.world.socket.cut();
    first.send('waiting');
    await turn();

    const second = browser.open();
    await browser.join(second.room);
    expect(shown(second.room)).toEqual([]);
    first.close();
    const third = browser.open();
    await browser.join(third.room);
    expect(shown(third.room)).toEqual([['waiting', 'stored']]);
  });

  test('[P3] without locks two pages may show it, and it is stored once', async () => {
    const browser = new Browser();
    const first = browser.open({ hasLocks: false });
    await browser.join(first.room);
    browser.world.relay.refuse = () => errorReply('rate_limited', undefined, 1, 5_000);
    first.send('waiting');
    await browser.world.settle();
    const second = browser.open({ hasLocks: false });
    await browser.join(second.room);
    expect(shown(second.room)).toEqual([['waiting', 'sending']]);
    browser.world.relay.refuse = () => undefined;
    await browser.world.settleInTime(10_000);
    expect(stored(browser)).toEqual(['waiting']);
    expect([shown(first.room), shown(second.room)]).toEqual([[['waiting', 'stored']], [['waiting', 'stored']]]);
  });
});

describe('the storage', () => {
  test('one that is full disturbs nothing but the keeping', async () => {
    const browser = new Browser();
    browser.storage.isFull = true;
    const { room, errors, send } = browser.open();
    await browser.join(room);
    send('hello');
    await browser.world.settle();
    expect(shown(room)).toEqual([['hello', 'stored']]);
    expect(errors).not.toEqual([]);
  });

  test('what somebody else wrote there is left alone, what can not be read is removed', async () => {
    const browser = new Browser();
    const prefix = 'chat-room:outbox:["","lobby"]:1-2:';
    for (const [key, value] of [
      ['theirs', '1'],
      [`${prefix}a`, 'no JSON'],
      [`${prefix}b`, '{"member":7}'],
      [`${prefix}c`, JSON.stringify({ member: '', text: 'ancient', at: -1e12, failed: false })],
    ] as const)
      browser.storage.setItem(key, value);
    const { room } = browser.open();
    await browser.join(room);
    expect([...browser.storage.entries.keys()]).toEqual(['theirs']);
    expect(shown(room)).toEqual([]);
  });

  test('rooms whose names begin alike are kept apart', async () => {
    const browser = new Browser();
    const prefix = 'chat-room:outbox:["","lobby:x"]:1-2:';
    browser.storage.setItem(`${prefix}k`, JSON.stringify({ member: '', text: 'other room', at: browser.world.clock.now() }));
    const { room } = browser.open();
    await browser.join(room);
    expect(shown(room)).toEqual([]);
    expect(browser.storage.length).toBe(1);
  });
});
