import type { StoredEvent } from './engine.ts';
import type { SlowMode } from './moderation.ts';

/** Members whose last message is remembered; beyond it the one who has waited longest may write too early. */
const MAX_SENDERS = 10_000;

/** When each member wrote last in a room that is in slow mode. What came before it was set does not count (MOD5). */
export class SlowSenders {
  readonly #slow: SlowMode;
  /** Member id → time, in the order of the times. */
  readonly #last = new Map<string, number>();

  constructor(slow: SlowMode) {
    this.#slow = slow;
  }

  /** True where an event of the log is worth a look, after so many messages that were: events before it are not. */
  counts({ offset, at }: StoredEvent, now: number, messages: number): boolean {
    return offset > this.#slow.offset && at + this.#slow.intervalMs > now && messages < MAX_SENDERS;
  }

  /** A message was stored, none of them earlier than the one before. */
  note({ author, at }: StoredEvent): void {
    this.#last.delete(author); // to the end of the line
    this.#last.set(author, at);
    for (const [first, time] of this.#last) {
      if (this.#last.size <= MAX_SENDERS && time + this.#slow.intervalMs > at) break;
      this.#last.delete(first);
    }
  }

  /** A message was not stored after all. */
  forget({ author }: StoredEvent): void {
    this.#last.delete(author);
  }

  /** Milliseconds until a member may write again; 0: now. */
  waitMs(memberId: string, now: number): number {
    const last = this.#last.get(memberId);
    return last === undefined ? 0 : Math.max(0, last + this.#slow.intervalMs - now);
  }
}
