// What a join is answered with. Pure: the caller reads the store where `planJoin` asks for it, and then, in one turn of
// the loop with no await, builds the answer from what the ring holds by now and subscribes the socket. Whatever is
// published before that turn is in the answer or below its position; whatever comes after it is pushed.

import type { Position, Recovery } from '@chat-room/sdk/protocol';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS } from '@chat-room/sdk/protocol';
import type { Page, PageQuery, StoredEvent } from '../engine/engine.ts';
import type { Ring } from './ring.ts';

/** What a client asks for: to go on from a position, or for the last events. */
export interface JoinRequest {
  readonly position?: Position;
  readonly recent: number;
}

export interface JoinAnswer {
  readonly recovery: Recovery;
  readonly events: readonly StoredEvent[];
}

/** How a log stands at this instant. */
export interface LogView {
  readonly epoch: string;
  /** Lowest offset the log still holds. */
  readonly start: number;
  readonly ring: Ring;
}

/** What must be read of the store before the join can be answered; undefined where the ring reaches far enough. */
export function planJoin(request: JoinRequest, log: LogView): PageQuery | undefined {
  const { ring } = log;
  if (recoveryOf(request, log).outcome === 'recovered') {
    const offset = request.position?.offset ?? 0;
    return offset + 1 >= ring.start ? undefined : { from: 'after', offset, limit: MAX_PAGE_EVENTS };
  }
  const first = Math.max(log.start, ring.top - request.recent + 1);
  return first >= ring.start ? undefined : { from: 'before', offset: ring.start, limit: ring.start - first };
}

/** The answer for this very turn. `page` is what `planJoin` asked for, read meanwhile. */
export function answerJoin(request: JoinRequest, log: LogView, page: Page | undefined): JoinAnswer {
  const recovery = recoveryOf(request, log);
  if (recovery.outcome !== 'recovered') return { recovery, events: recent(request.recent, log, page) };
  const offset = request.position?.offset ?? 0;
  const read = page?.events[0]?.offset === offset + 1 ? page.events : [];
  const reached = read.at(-1)?.offset ?? offset;
  // Where the ring has moved on past what was read, the answer ends early, and the client asks for the rest (JOI3).
  const live = reached + 1 >= log.ring.start ? log.ring.from(reached + 1) : [];
  return { recovery, events: boundPage([...read, ...live]) };
}

/** Whether the log goes on from the position a client names: wholly, or not at all (JOI4). */
function recoveryOf({ position }: JoinRequest, { epoch, start, ring }: LogView): Recovery {
  if (!position) return { outcome: 'fresh' };
  if (position.epoch !== epoch) return { outcome: 'lost', reason: 'epoch' };
  if (position.offset > ring.top) return { outcome: 'lost', reason: 'ahead' };
  if (position.offset + 1 < start) return { outcome: 'lost', reason: 'trimmed' };
  return { outcome: 'recovered' };
}

function recent(count: number, { start, ring }: LogView, page: Page | undefined): readonly StoredEvent[] {
  if (count === 0) return [];
  const older = page?.events.at(-1)?.offset === ring.start - 1 ? page.events : [];
  const events = [...older, ...ring.from(ring.start)].filter((event) => event.offset >= start);
  return boundTail(events.slice(-count));
}

/** As many events from the front as one reply may hold. */
function boundPage(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return events.slice(0, countWithinPage(events));
}

/** As many events from the end as one reply may hold. */
function boundTail(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return events.slice(events.length - countWithinPage(events.toReversed()));
}

function countWithinPage(events: readonly StoredEvent[]): number {
  let bytes = 0;
  let count = 0;
  for (const event of events) {
    bytes += event.bytes;
    if (count === MAX_PAGE_EVENTS || (count > 0 && bytes > MAX_PAGE_BYTES)) break;
    count++;
  }
  return count;
}
