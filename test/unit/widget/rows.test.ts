import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { earlier, follow, KEPT_ROWS, later, MAX_ROWS, PAGE_ROWS, relocate, tail } from '../../../widget/src/log/row-window.ts';
import { GROUP_MS, layOut } from '../../../widget/src/log/rows.ts';
import { ADA, BOB, message, NOON } from '../../widget/support/fake-client.ts';

const whole = (messages: readonly unknown[]) => ({ start: 0, end: messages.length });

/** `A` opens a group, `a` closes it, `*` does both, `-` stands within. */
function shape(messages: Parameters<typeof layOut>[0], unreadKey?: string): string {
  return layOut(messages, whole(messages), unreadKey)
    .map(({ rows }) => rows.map(({ first, last }) => (first ? (last ? '*' : 'A') : last ? 'a' : '-')).join(''))
    .join('|');
}

describe('rows', () => {
  test('group by author', () => {
    const from = [ADA, ADA, ADA, BOB, ADA];
    expect(shape(from.map((author, i) => message({ offset: i, from: author })))).toBe('A-a**');
  });

  test('group within five minutes of the message before', () => {
    const at = [0, GROUP_MS - 1, 2 * GROUP_MS - 2, 3 * GROUP_MS - 2];
    expect(shape(at.map((ms, i) => message({ offset: i, at: NOON + ms })))).toBe('A-a*');
  });

  test('part at midnight, and where the unread ones begin', () => {
    const midnight = new Date(NOON).setHours(24, 0, 0, 0);
    expect(shape([message({ offset: 1, at: midnight - 1 }), message({ offset: 2, at: midnight })])).toBe('*|*');
    expect(shape([message({ offset: 1 }), message({ offset: 2 }), message({ offset: 3 })], 'k2')).toBe('*Aa');
  });

  test('know their neighbours outside the window', () => {
    const messages = [1, 2, 3].map((offset) => message({ offset }));
    const [day] = layOut(messages, { start: 1, end: 2 });
    expect(day?.rows).toMatchObject([{ first: false, last: false }]);
  });

  test('give each day a key of its own, even where clocks disagree', () => {
    const tomorrow = NOON + 86_400_000;
    const days = layOut(
      [NOON, tomorrow, NOON].map((at, i) => message({ offset: i, at })),
      { start: 0, end: 3 },
    );
    expect(new Set(days.map(({ key }) => key)).size).toBe(3);
  });

  test('find what a message answers', () => {
    const messages = [message({ offset: 1 }), message({ offset: 2, replyTo: 'e1:1' }), message({ offset: 3, replyTo: 'e1:9' })];
    const quoted = layOut(messages, whole(messages)).flatMap(({ rows }) => rows.map((row) => row.quoted?.key));
    expect(quoted).toEqual([undefined, 'k1', undefined]);
  });
});

describe('the window of rows', () => {
  test('begins at the end, grows backwards, and lets go of what is far below', () => {
    let window = tail(1000);
    expect(window).toEqual({ start: 1000 - PAGE_ROWS, end: 1000 });
    while (window.start > 0) {
      const further = earlier(window);
      expect(further.start).toBeLessThan(window.start);
      expect(further.end - further.start).toBe(Math.min(MAX_ROWS, 1000 - further.start));
      window = further;
    }
    while (window.end < 1000) {
      const further = later(window, 1000);
      expect(further.end).toBeGreaterThan(window.end);
      window = further;
    }
    expect(window).toEqual({ start: 1000 - MAX_ROWS, end: 1000 });
  });

  test('follows new messages until there are too many rows', () => {
    expect(follow({ start: 40, end: 100 }, 101)).toEqual({ start: 40, end: 101 });
    const cut = follow({ start: 0, end: MAX_ROWS }, MAX_ROWS + 1);
    expect(cut).toEqual({ start: MAX_ROWS + 1 - KEPT_ROWS, end: MAX_ROWS + 1 });
  });

  test('draws of a burst only what is left of it at the end', () => {
    expect(follow({ start: 40, end: 100 }, 100 + PAGE_ROWS)).toEqual({ start: 40, end: 100 + PAGE_ROWS });
    expect(follow({ start: 40, end: 100 }, 101 + PAGE_ROWS)).toEqual(tail(101 + PAGE_ROWS));
  });

  test('stays on its messages as the timeline changes around them', () => {
    const window = { start: 10, end: 20 };
    expect(relocate(window, 60, 69, 150)).toEqual({ start: 60, end: 70 });
    expect(relocate(window, -1, 68, 150)).toEqual({ start: 59, end: 69 });
    expect(relocate(window, 60, -1, 150)).toEqual({ start: 60, end: 70 });
    expect(relocate(window, -1, -1, 150)).toEqual(tail(150));
  });

  test('lies within the timeline, wherever its ends went', () => {
    const place = fc.integer({ min: -1, max: 300 });
    fc.assert(
      fc.property(place, place, fc.nat(300), fc.nat(300), (first, last, size, extra) => {
        const total = Math.max(first, last) + 1 + extra;
        const { start, end } = relocate({ start: 0, end: size }, first, last, total);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(total);
        expect(end).toBeGreaterThanOrEqual(start);
      }),
    );
  });
});
