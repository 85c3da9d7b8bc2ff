// Joining while the room goes on: whatever is stored, trimmed or redacted while the store is being read, a client that
// follows the protocol holds each event once, in order. The schedule decides every interleaving; there are no clocks.

import type { RoomEvent } from '@chat-room/sdk/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page, PageQuery, StoredEvent } from '../../relay/src/engine/engine.ts';
import { storeEvent } from '../../relay/src/engine/stored-event.ts';
import type { JoinAnswer, JoinRequest } from '../../relay/src/room/join.ts';
import { planJoin } from '../../relay/src/room/join.ts';
import { Room } from '../../relay/src/room/room.ts';

const EPOCH = 'e1';
const TOPIC_LATER = 1;

/** A room on a log that is all in memory, and one socket whose inbox is what the topic brought it. */
class Rig {
  readonly log: StoredEvent[] = [];
  readonly pushed: number[] = [];
  start = 1;
  readonly room: Room;
  #isSubscribed = false;
  readonly socket = {
    subscribe: (): void => {
      this.#isSubscribed = true;
    },
    unsubscribe: (): void => undefined,
  };

  constructor(stored: number, inRing: number) {
    for (let i = 0; i < stored; i++) this.log.push(this.#next());
    const page = {
      position: { epoch: EPOCH, offset: stored },
      start: 1,
      events: this.log.slice(stored - Math.min(inRing, stored)),
      moderation: undefined,
    };
    const broadcast = {
      publish: (_: string, text: string) => {
        const push = JSON.parse(text) as { type: string; events: RoomEvent[] };
        if (this.#isSubscribed && push.type === 'events') this.pushed.push(...push.events.map((event) => event.offset));
      },
      subscribers: () => (this.#isSubscribed ? TOPIC_LATER : 0),
    };
    this.room = new Room('r', page, broadcast, 0);
  }

  #next(): StoredEvent {
    const offset = this.log.length + 1;
    return storeEvent(
      { offset, at: offset, from: { id: 'm', name: 'M' }, key: `k${offset}` },
      { type: 'message', text: 'x'.repeat(offset % 7) + 1 },
    );
  }

  publish(count: number): void {
    const events: StoredEvent[] = [];
    for (let i = 0; i < count; i++) {
      const event = this.#next();
      this.log.push(event);
      events.push(event);
    }
    if (count > 0) this.room.take(events, this.start);
  }

  trim(to: number): void {
    this.start = Math.max(this.start, Math.min(to, this.log.length + 1));
  }

  read(query: PageQuery): Page {
    const kept = this.log.filter((event) => event.offset >= this.start);
    const events =
      query.from === 'after'
        ? kept.filter((event) => event.offset > query.offset).slice(0, query.limit)
        : kept.filter((event) => query.from === 'end' || event.offset < query.offset).slice(-query.limit || kept.length);
    return { position: { epoch: EPOCH, offset: this.log.length }, start: this.start, events };
  }
}

type Step = { readonly kind: 'publish'; readonly count: number } | { readonly kind: 'trim'; readonly to: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), count: fc.nat(150) }),
  fc.record({ kind: fc.constant('trim' as const), to: fc.nat(200) }),
);
const apply = (rig: Rig, { kind, ...how }: Step): void => {
  if (kind === 'publish') rig.publish((how as { count: number }).count);
  else rig.trim((how as { to: number }).to);
};

/** A join in the course of which `meanwhile` happens: before or after the store is read, as `readsFirst` says. */
function joinDuring(
  rig: Rig,
  request: JoinRequest,
  meanwhile: readonly Step[],
  readsFirst: boolean,
): JoinAnswer & { readonly didRead: boolean } {
  const query = planJoin(request, rig.room.log);
  const early = query && readsFirst ? rig.read(query) : undefined;
  if (query) for (const each of meanwhile) apply(rig, each);
  const page = query && (early ?? rig.read(query));
  if (page) rig.room.noteStart(page.start);
  return { ...rig.room.join(rig.socket, request, page), didRead: query !== undefined };
}

const run = (first: number, count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, i) => first + i);

/** What came with the reply goes on from the position; where it ends early, the client asks for what is between. */
function expectContinued(answer: JoinAnswer & { readonly didRead: boolean }, position: number, joinedAt: number): void {
  const offsets = answer.events.map((event) => event.offset);
  expect(offsets).toEqual(run(position + 1, offsets.length));
  expect(position + offsets.length).toBeLessThanOrEqual(joinedAt);
  if (!answer.didRead) expect(offsets.length).toBe(Math.min(200, joinedAt - position));
}

function lossOf(epoch: string, position: number, joinedAt: number): 'epoch' | 'ahead' | 'trimmed' {
  if (epoch !== EPOCH) return 'epoch';
  return position > joinedAt ? 'ahead' : 'trimmed';
}

describe('joining while the room goes on', () => {
  test('[JOI1] [JOI3] [JOI4] from a position: nothing missing, nothing twice, or an explicit loss', () => {
    const schedules = fc.record({
      stored: fc.nat(400),
      inRing: fc.nat(128),
      // Around where the ring begins is where the store and the ring must meet.
      fromRingStart: fc.integer({ min: -60, max: 60 }),
      epoch: fc.constantFrom(EPOCH, EPOCH, EPOCH, 'other'),
      before: fc.array(step, { maxLength: 4 }),
      whileReading: fc.array(step, { maxLength: 6 }),
      readsFirst: fc.boolean(),
      after: fc.array(step, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(schedules, ({ stored, inRing, fromRingStart, epoch, before, whileReading, readsFirst, after }) => {
        const rig = new Rig(stored, inRing);
        for (const each of before) apply(rig, each);
        const position = Math.max(0, rig.room.log.ring.start + fromRingStart);
        const answer = joinDuring(rig, { position: { epoch, offset: position }, recent: 0 }, whileReading, readsFirst);
        const joinedAt = rig.room.position.offset;
        for (const each of after) apply(rig, each);

        expect(rig.pushed).toEqual(run(joinedAt + 1, rig.log.length - joinedAt));
        if (answer.recovery.outcome === 'recovered') expectContinued(answer, position, joinedAt);
        else expect(answer.recovery).toEqual({ outcome: 'lost', reason: lossOf(epoch, position, joinedAt) });
      }),
      { numRuns: 1_000 },
    );
  });

  test('[JOI2] without a position: the last events, up to the very end, as many as asked for', () => {
    const schedules = fc.record({
      stored: fc.nat(400),
      inRing: fc.nat(128),
      recent: fc.nat(200),
      whileReading: fc.array(step, { maxLength: 6 }),
      readsFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(schedules, ({ stored, inRing, recent, whileReading, readsFirst }) => {
        const rig = new Rig(stored, inRing);
        const { recovery, events } = joinDuring(rig, { recent }, whileReading, readsFirst);

        expect(recovery).toEqual({ outcome: 'fresh' });
        const offsets = events.map((event) => event.offset);
        expect(offsets).toEqual(run(rig.room.position.offset - offsets.length + 1, offsets.length));
        expect(offsets.length).toBeLessThanOrEqual(recent);
        if (whileReading.length === 0) expect(offsets.length).toBe(Math.min(recent, stored));
      }),
      { numRuns: 1_000 },
    );
  });

  test('[JOI3] a reply of large events ends early rather than pass its bytes', () => {
    const rig = new Rig(0, 0);
    const big = (offset: number): StoredEvent =>
      storeEvent(
        { offset, at: 1, from: { id: 'm', name: 'M' }, key: `k${offset}` },
        { type: 'message', text: 'x'.repeat(8_000) },
      );
    rig.room.take(
      Array.from({ length: 30 }, (_, i) => big(i + 1)),
      1,
    );
    const { events } = rig.room.join(rig.socket, { position: { epoch: EPOCH, offset: 0 }, recent: 0 }, undefined);
    expect(events.map((event) => event.offset)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });
});
