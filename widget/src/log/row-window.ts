// Which of the loaded messages are in the document. Two thousand of them would make each update and each layout slow,
// so that only a run of them is: it grows towards where the reader scrolls, and is cut at the other end.

/** Messages `start` to `end - 1` of a timeline. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** How many messages come into the document at a time. */
export const PAGE_ROWS = 60;
/** At most so many are in it. Several screens, so that what is cut is never near the reader. */
export const MAX_ROWS = 180;

/** The end of the timeline: what is shown when a room opens. */
export function tail(total: number): RowWindow {
  return { start: Math.max(0, total - PAGE_ROWS), end: total };
}

/** A page with the message at `place` in its middle. */
export function around(place: number, total: number): RowWindow {
  const start = Math.max(0, place - PAGE_ROWS / 2);
  return { start, end: Math.min(total, start + PAGE_ROWS) };
}

/** One page further back. */
export function earlier({ start, end }: RowWindow): RowWindow {
  const from = Math.max(0, start - PAGE_ROWS);
  return { start: from, end: Math.min(end, from + MAX_ROWS) };
}

/** One page further on. */
export function later({ start, end }: RowWindow, total: number): RowWindow {
  const to = Math.min(total, end + PAGE_ROWS);
  return { start: Math.max(start, to - MAX_ROWS), end: to };
}

/** Follows the end of a timeline that grew; lets go of old rows once there are too many. */
export function follow({ start }: RowWindow, total: number): RowWindow {
  return total - start > MAX_ROWS || start >= total ? tail(total) : { start, end: total };
}

/**
 * The same messages in a timeline that changed around them. `first` and `last` are their places in it now,
 * -1 where one is gone.
 */
export function relocate(window: RowWindow, first: number, last: number, total: number): RowWindow {
  if (first < 0 && last < 0) return tail(total);
  const start = first >= 0 ? first : Math.max(0, last + 1 - (window.end - window.start));
  const end = last >= 0 ? last + 1 : Math.min(total, start + (window.end - window.start));
  return end > start ? { start, end } : tail(total);
}
