// Which of the loaded messages are in the document. Two thousand of them would make each update and each layout slow,
// so that only a run of them is: it grows towards where the reader scrolls, and is cut at the other end.

/** Messages `start` to `end - 1` of a timeline. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** With so many messages in the document a log begins: about what fills it. */
export const PAGE_ROWS = 12;
/** So many more come into it in a frame: what a slow machine can draw in one. */
const STEP_ROWS = 6;
/** At most so many are in it. Several screens, so that what is cut is never near the reader. */
export const MAX_ROWS = 180;
/** So many at least are in it a few frames later, where so many are loaded; and so many are kept when there are too many. */
export const KEPT_ROWS = 60;

/** The end of the timeline: what is shown when a room opens. */
export function tail(total: number): RowWindow {
  return { start: Math.max(0, total - PAGE_ROWS), end: total };
}

/** A page on either side of the message at `place`. */
export function around(place: number, total: number): RowWindow {
  return { start: Math.max(0, place - PAGE_ROWS), end: Math.min(total, place + PAGE_ROWS) };
}

/** A step further back. */
export function earlier({ start, end }: RowWindow): RowWindow {
  const from = Math.max(0, start - STEP_ROWS);
  return { start: from, end: Math.min(end, from + MAX_ROWS) };
}

/** A step further on. */
export function later({ start, end }: RowWindow, total: number): RowWindow {
  const to = Math.min(total, end + STEP_ROWS);
  return { start: Math.max(start, to - MAX_ROWS), end: to };
}

/** Follows the end of a timeline that grew. Of more than a page only the last is drawn; old rows go once there are too many. */
export function follow({ start, end }: RowWindow, total: number): RowWindow {
  if (total - end > PAGE_ROWS) return tail(total);
  return { start: total - start > MAX_ROWS ? total - KEPT_ROWS : start, end: total };
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
