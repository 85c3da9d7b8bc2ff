import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoomEvent } from '../../sdk/src/protocol/index.ts';
import { Timeline } from '../../sdk/src/room/timeline.ts';

const member = fc.constantFrom('ada', 'bob', 'eve').map((id) => ({ id, name: id }));
/** Few, so that many events speak of the same message. */
const target = fc.integer({ min: 1, max: 5 });
const body = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('message'), text: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('edit'), target, text: fc.string() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete'), target }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('reaction'),
      target,
      reaction: fc.constantFrom('👍', '🎉'),
      action: fc.constantFrom('add', 'remove'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'redacted', was: 'message' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'unknown' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'moderation', action: { type: 'unpin' } }) },
);

/** Any log at all: also one that no relay would store. */
const log = fc
  .array(fc.tuple(body, member), { maxLength: 30 })
  .map((entries) =>
    entries.map(([fields, from], i) => ({ ...fields, from, offset: i + 1, at: (i + 1) * 10, key: `k${i}` }) as RoomEvent),
  );

function empty(offset: number): Timeline {
  const timeline = new Timeline(
    'r',
    () => 'ada',
    () => undefined,
  );
  timeline.restart({ epoch: 'e', offset });
  return timeline;
}

function foldWhole(events: readonly RoomEvent[]): Timeline {
  const timeline = empty(0);
  for (const event of events) timeline.append(event);
  return timeline;
}

test('[EVT6] [HIS1] pages loaded back in any split give what the whole log gives', () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat(30)), (events, cuts) => {
      const bounds = [...new Set([0, events.length, ...cuts.filter((cut) => cut < events.length)])].sort((a, b) => b - a);
      const live = bounds[1] ?? 0; // what was pushed; the rest is loaded back, page by page
      const timeline = empty(live);
      for (const event of events.slice(live)) timeline.append(event);
      for (let i = 1; i + 1 < bounds.length; i++) expect(timeline.prepend(events.slice(bounds[i + 1], bounds[i]), 1)).toBe(true);
      expect(timeline.messages).toEqual(foldWhole(events).messages);
    }),
    { numRuns: 500 },
  );
});

test('[EVT6] events that come again, in whatever order, change nothing', () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat(29)), (events, again) => {
      const timeline = foldWhole(events);
      const before = timeline.messages;
      for (const index of again) {
        const event = events[index];
        if (event) timeline.append(event);
      }
      if (events.length > 0) expect(timeline.prepend(events, 1)).toBe(false);
      expect(timeline.messages).toBe(before);
    }),
  );
});

test('[EVT6] looking at any page shows what the timeline shows', () => {
  fc.assert(
    fc.property(log, fc.nat(30), fc.nat(30), (events, a, b) => {
      const timeline = foldWhole(events);
      const page = events.slice(Math.min(a, b), Math.max(a, b));
      const shown = timeline.messages.filter(({ id }) => page.some(({ offset }) => id === `e:${offset}`));
      expect(timeline.view(page)).toEqual(shown);
    }),
  );
});

test('a message that did not change stays the same object, and an unchanged list the same array', () => {
  fc.assert(
    fc.property(log, (events) => {
      const timeline = empty(0);
      for (const event of events) {
        const before = timeline.messages;
        timeline.append(event);
        const after = timeline.messages;
        const touched = 'target' in event ? `e:${event.target}` : `e:${event.offset}`;
        const others = before.filter(({ id }) => id !== touched);
        expect(after.filter((message) => others.includes(message))).toEqual(others);
        const isUnchanged = after.length === before.length && after.every((message, i) => message === before[i]);
        expect(after === before).toBe(isUnchanged);
      }
    }),
  );
});
