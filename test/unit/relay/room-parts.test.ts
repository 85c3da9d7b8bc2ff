// The small pure parts of a room: its ring, who types, and the rate of a connection.

import { TYPING_TTL_MS } from '@chat-room/sdk/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storeEvent } from '../../../relay/src/engine/stored-event.ts';
import { TokenBucket } from '../../../relay/src/rate.ts';
import { Ring } from '../../../relay/src/room/ring.ts';
import { Room } from '../../../relay/src/room/room.ts';
import { Typing } from '../../../relay/src/room/typing.ts';

const ADA = { id: 'ada', name: 'Ada' };
const event = (offset: number, text = 'm') =>
  storeEvent({ offset, at: offset, from: ADA, key: `k${offset}` }, { type: 'message', text });

describe('ring', () => {
  test('[JOI1] it holds the end of the log without a gap, within both bounds', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.array(fc.nat(400), { maxLength: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (top, sizes, maxEvents) => {
          const maxBytes = 4_000;
          const ring = new Ring(top, [], maxEvents, maxBytes);
          for (const [i, size] of sizes.entries()) ring.append(event(top + 1 + i, 'x'.repeat(size)));
          const held = ring.from(ring.start);
          expect(ring.top).toBe(top + sizes.length);
          expect(held.map(({ offset }) => offset)).toEqual(
            Array.from({ length: ring.top - ring.start + 1 }, (_, i) => ring.start + i),
          );
          expect(held.length).toBeLessThanOrEqual(maxEvents);
          expect(held.length <= 1 || held.reduce((sum, { bytes }) => sum + bytes, 0) <= maxBytes).toBe(true);
          expect(sizes.length === 0 || held.length > 0).toBe(true);
        },
      ),
    );
  });

  test('[EVT5] a deletion redacts what it holds of the message, and only that', () => {
    const ring = new Ring(0, [], 3, 10_000);
    for (let offset = 1; offset <= 4; offset++) ring.append(event(offset, `secret ${offset}`));
    const deletion = storeEvent({ offset: 5, at: 5, from: ADA, key: 'k5' }, { type: 'delete', target: 4 });
    ring.append({ ...deletion, redacts: [4, 1] });
    expect(ring.from(ring.start).map(({ offset, type }) => [offset, type])).toEqual([
      [3, 'message'],
      [4, 'redacted'],
      [5, 'delete'],
    ]);
    expect(JSON.stringify(ring.from(4))).not.toContain('secret');
  });
});

describe('typing', () => {
  test('[EPH3] a member counts until they stop, or until their time runs out', () => {
    const typing = new Typing();
    typing.set(ADA, true, 0);
    expect(typing.takeNews(0)).toEqual({ members: [ADA], count: 1 });
    typing.set(ADA, true, 3_000);
    expect(typing.takeNews(3_000)).toBeUndefined();
    expect(typing.takeNews(3_000 + TYPING_TTL_MS - 1)).toBeUndefined();
    expect(typing.takeNews(3_000 + TYPING_TTL_MS)).toEqual({ members: [], count: 0 });
    typing.set(ADA, false, 20_000);
    expect(typing.takeNews(20_000)).toBeUndefined();
  });

  test('[EPH3] [EPH5] up to ten by name, all by number, and nothing for who started and stopped in between', () => {
    const typing = new Typing();
    for (let i = 0; i < 12; i++) typing.set({ id: `m${i}`, name: `M${i}` }, true, 0);
    const news = typing.takeNews(0);
    expect([news?.members.length, news?.count]).toEqual([10, 12]);
  });
});

describe('token bucket', () => {
  test('[PUB8] [LIM5] no more than the burst and what has filled since, over any schedule', () => {
    const rate = { perSecond: 10, burst: 20 };
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (pauses) => {
        const bucket = new TokenBucket(rate, 0);
        let now = 0;
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          const waitMs = bucket.take(rate, now);
          if (waitMs === 0) taken++;
          else expect(waitMs).toBeLessThanOrEqual(100);
          expect(taken).toBeLessThanOrEqual(20 + (now / 1_000) * 10 + 1e-6);
        }
      }),
    );
  });

  test('[PUB8] after the wait it names, the next one passes; a clock set back locks nobody out', () => {
    const rate = { perSecond: 4, burst: 1 };
    const bucket = new TokenBucket(rate, 1_000);
    expect(bucket.take(rate, 1_000)).toBe(0);
    expect(bucket.take(rate, 1_000)).toBe(250);
    expect(bucket.take(rate, 1_250)).toBe(0);
    expect(bucket.take(rate, 0)).toBe(250);
    expect(bucket.take(rate, 250)).toBe(0);
  });
});

describe('read positions', () => {
  const broadcast = { publish: () => undefined, subscribers: () => 0 };
  const page = { position: { epoch: 'e', offset: 10 }, start: 1, events: [], moderation: undefined };

  test('[EPH4] [EPH5] one push has the latest of each member; who has left is not kept in memory', () => {
    const room = new Room('r', page, broadcast, 0);
    room.presence.add(ADA);
    room.read('ada', 3);
    room.read('ada', 7);
    room.read('ada', 5);
    expect(room.tellNews(0)).toEqual({ ada: 7 });
    expect(room.tellNews(0)).toEqual({});
    room.read('ada', 99);
    room.forget(ADA);
    expect(room.tellNews(0)).toEqual({ ada: 10 });
    expect(room.knowsRead('ada')).toBe(false);
    room.presence.add(ADA);
    room.recallReads({ ada: 10 });
    room.forget(ADA);
    expect(room.knowsRead('ada')).toBe(false);
  });
});
