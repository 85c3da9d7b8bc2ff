import type { EventBody, ModerationAction } from '@chat-room/sdk/protocol';
import { FOREVER } from '@chat-room/sdk/protocol';
import { describe, expect, test } from 'vitest';
import type { Engine, Feed, OpenPage, StoredEvent } from '../../../relay/src/engine/engine.ts';
import { Moderation } from '../../../relay/src/engine/moderation.ts';
import { SlowSenders } from '../../../relay/src/engine/slow-senders.ts';
import { storeEvent } from '../../../relay/src/engine/stored-event.ts';
import { Room } from '../../../relay/src/room/room.ts';
import { Rooms } from '../../../relay/src/room/rooms.ts';

const MOD = { id: 'mod', name: 'Mod' };
const EVE = { id: 'eve', name: 'Eve' };

function event(offset: number, body: EventBody, from = MOD): StoredEvent {
  return storeEvent({ offset, at: offset, from, key: `k${offset}` }, body);
}
const acted = (offset: number, action: ModerationAction): StoredEvent => event(offset, { type: 'moderation', action });
const said = (offset: number, from = EVE): StoredEvent => event(offset, { type: 'message', text: `text ${offset}` }, from);
const empty: OpenPage = { position: { epoch: 'e', offset: 0 }, start: 1, events: [], moderation: undefined };

describe('what is pinned', () => {
  test('[MOD7] a message that the log has forgotten, or lost, is not', () => {
    const room = new Room('r', empty, { publish: () => undefined, subscribers: () => 0 }, 0);
    const pinned = (): number | undefined => room.settingsFor(EVE.id, { write: true, moderate: false }, 0).pinned;
    room.take([said(1), said(2), acted(3, { type: 'pin', target: 2 })], 1);
    expect(pinned()).toBe(2);
    room.noteStart(3);
    expect(pinned()).toBeUndefined();
    const { moderation } = room;
    room.reset({ ...empty, position: { epoch: 'f', offset: 1 }, moderation });
    expect(pinned()).toBeUndefined();
  });

  test('[MOD9] where nothing is set any more, nothing is kept of it', () => {
    const room = new Room('r', empty, { publish: () => undefined, subscribers: () => 0 }, 0);
    room.take([said(1), acted(2, { type: 'pin', target: 1 }), acted(3, { type: 'mute', member: EVE, until: FOREVER })], 1);
    expect(room.moderation).toBeDefined();
    room.take([{ ...event(4, { type: 'delete', target: 1 }), redacts: [1] }, acted(5, { type: 'unmute', member: EVE })], 1);
    expect(room.moderation).toBeUndefined();
  });
});

test('[MOD6] of what is fed at once, what follows a ban is pushed when the banned have left', async () => {
  const told: unknown[] = [];
  const feeds: Feed[] = [];
  const engine = {
    open: async (_: string, feed: Feed) => {
      feeds.push(feed);
      return empty;
    },
  } as unknown as Engine;
  const topics = {
    publish: (_: string, text: string) =>
      told.push((JSON.parse(text) as { events: { offset: number }[] }).events.map(({ offset }) => offset)),
    subscribers: (topic: string) => (topic.startsWith('room:') ? 1 : 0),
  };
  const ignore = (): void => undefined;
  const observer = {
    delivered: ignore,
    joined: ignore,
    left: ignore,
    emptied: ignore,
    banned: (_: string, id: string) => told.push(id),
  };
  await new Rooms(engine, topics, observer, { now: () => 0, steady: () => 0 }).open('r');
  const mute = acted(2, { type: 'mute', member: EVE, until: FOREVER });
  feeds[0]?.events(
    [said(1), mute, acted(3, { type: 'ban', member: EVE }), said(4, MOD), acted(5, { type: 'unpin' }), said(6, MOD)],
    1,
  );
  expect(told).toEqual([[1, 2], [3], 'eve', [4, 5, 6]]);
});

describe('entries', () => {
  test('[MOD8] what is written is what is read', () => {
    const moderation = Moderation.none();
    const names = [
      acted(1, { type: 'pin', target: 7 }),
      acted(2, { type: 'slowMode', intervalMs: 1_000 }),
      acted(3, { type: 'mute', member: { id: 'a:"b"', name: 'A' }, until: 9 }),
      acted(4, { type: 'ban', member: EVE }),
    ].map((each) => moderation.apply(each) ?? '');
    expect(names).toEqual(['pin', 'slow', 'mute:a:"b"', 'ban:eve']);
    const again = Moderation.from(names.map((name) => ({ name, value: moderation.entry(name) ?? '' })));
    expect(again).toEqual(moderation);
    expect(again?.entry('ban:eve')).toMatch(/^\{"at":4,"offset":4,"until":8640000000000000,/); // where a script looks for it
    expect(again?.page(undefined, 9, 0)).toEqual({
      sanctions: [
        { kind: 'ban', member: EVE, at: 4, by: MOD },
        { kind: 'mute', member: { id: 'a:"b"', name: 'A' }, until: 9, at: 3, by: MOD },
      ],
    });
  });

  test('a copy goes its own way', () => {
    const moderation = Moderation.none();
    moderation.apply(acted(1, { type: 'ban', member: EVE }));
    moderation.copy().apply(acted(2, { type: 'unban', member: EVE }));
    expect(moderation.refusal(EVE.id, 'read', 0)).toMatchObject({ code: 'banned' });
  });
});

test('[MOD5] who wrote lately is forgotten when it no longer matters, and beyond so many the first is', () => {
  const senders = new SlowSenders({ at: 0, offset: 0, by: MOD, intervalMs: 1_000 });
  const write = (id: string, at: number): void => senders.note({ ...said(at, { id, name: 'M' }), at });
  for (let i = 0; i <= 10_000; i++) write(`m${i}`, 1);
  expect([senders.waitMs('m0', 1), senders.waitMs('m1', 1)]).toEqual([0, 1_000]);
  write('late', 1_001);
  expect([senders.waitMs('m1', 1_001), senders.waitMs('late', 1_500)]).toEqual([0, 501]);
});
