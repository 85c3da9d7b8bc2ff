// Follows one room: what Redis publishes is fed in order and without a gap, or the gap is filled from the stream first. Pure:
// the caller reads where it is told to, and hands over what it read.

import type { Page, StoredEvent } from '../engine.ts';

/** An event as it was published. */
export interface Published {
  readonly epoch: string;
  /** Lowest offset that the log held then. */
  readonly start: number;
  readonly event: StoredEvent;
}

/** What is to be fed, if anything, and whether the stream must be read behind `top` before anything else can be. */
export interface Step {
  readonly events: readonly StoredEvent[];
  readonly start: number;
  readonly read: boolean;
}

/** What a read behind `top` makes of it. `reset`: the log does not go on from here, and its end must be read. */
export type Repair = (Step & { readonly reset: false }) | { readonly reset: true };

/** Events held back while the stream is read; when more come they are dropped, since the stream has them. */
const MAX_HELD = 2_000;

export class RoomFollower {
  #epoch = '';
  #top = 0;
  #start = 1;
  /** The last event that was fed. */
  #last: StoredEvent | undefined;
  #held: Published[] = [];
  #isReading = true;
  #isOverfull = false;

  get epoch(): string {
    return this.#epoch;
  }

  get top(): number {
    return this.#top;
  }

  get last(): StoredEvent | undefined {
    return this.#last;
  }

  /** True while a read is under way: what is published waits. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** It goes on behind this page, which is the end of the log; at first, and after a reset. */
  begin({ position, start, events }: Page): Step {
    this.#epoch = position.epoch;
    this.#top = position.offset;
    this.#start = start;
    this.#last = events.at(-1);
    return this.#drain([]);
  }

  /** An event was published. */
  take(published: Published): Step {
    if (this.#isReading) {
      if (this.#held.length < MAX_HELD) this.#held.push(published);
      else this.#isOverfull = true;
      return this.#nothing(false);
    }
    return this.#drain([published]);
  }

  /** Something may have been missed: the caller reads behind `top`. False where a read is under way already. */
  doubt(): boolean {
    if (this.#isReading) return false;
    this.#isReading = true;
    return true;
  }

  /** What was read behind `top`. */
  repaired({ position, start, events }: Page): Repair {
    const goesOn = position.epoch === this.#epoch && (events[0]?.offset ?? this.#top + 1) === this.#top + 1;
    if (!goesOn || position.offset < this.#top || (events.length === 0 && position.offset > this.#top)) return { reset: true };
    this.#advance(events, start);
    const { events: more, read } = this.#drain([]);
    const isShort = this.#top < position.offset;
    if (isShort) this.#isReading = true;
    return { reset: false, events: [...events, ...more], start: this.#start, read: read || isShort };
  }

  /** The read failed; it will be tried again. */
  failed(): void {
    this.#isReading = false;
  }

  /** Feeds what goes on from `top`, of what waited and what came. */
  #drain(came: readonly Published[]): Step {
    const waiting = [...this.#held, ...came].toSorted((a, b) => a.event.offset - b.event.offset);
    this.#held = [];
    const events: StoredEvent[] = [];
    let isGapped = this.#isOverfull;
    this.#isOverfull = false;
    for (const [i, published] of waiting.entries()) {
      const { epoch, start, event } = published;
      if (epoch === this.#epoch && event.offset <= this.#top) continue; // fed already
      if (epoch !== this.#epoch || event.offset > this.#top + 1) {
        isGapped = true;
        this.#held = waiting.slice(i);
        break;
      }
      events.push(event);
      this.#advance([event], start);
    }
    this.#isReading = isGapped;
    return { events, start: this.#start, read: isGapped };
  }

  #advance(events: readonly StoredEvent[], start: number): void {
    const last = events.at(-1);
    this.#start = Math.max(this.#start, start);
    if (!last) return;
    this.#top = last.offset;
    this.#last = last;
  }

  #nothing(read: boolean): Step {
    return { events: [], start: this.#start, read };
  }
}
