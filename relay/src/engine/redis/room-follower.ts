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

/** What was published while the stream is read; when more comes it is dropped, since the stream has it. */
const MAX_HELD = 2_000;

interface Held extends Published {
  /** How many reads had begun when it came. */
  readonly reads: number;
}

export class RoomFollower {
  readonly #maxHeld: number;
  #epoch = '';
  #top = 0;
  #start = 1;
  /** The last event that was fed. */
  #last: StoredEvent | undefined;
  #held: Held[] = [];
  #isOverfull = false;
  #isReading = true;
  /** True where what comes next may belong to a log that has gone back: a read comes before it. */
  #isInterrupted = false;
  #reads = 1;

  constructor(maxHeld = MAX_HELD) {
    this.#maxHeld = maxHeld;
  }

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
    return this.#drain();
  }

  /** An event was published. */
  take(published: Published): Step {
    const { epoch, start, event } = published;
    if (!this.#isReading && !this.#isInterrupted && epoch === this.#epoch && event.offset === this.#top + 1) {
      this.#advance([event], start);
      return { events: [event], start: this.#start, read: false };
    }
    if (this.#held.length < this.#maxHeld) this.#held.push({ ...published, reads: this.#reads });
    else this.#isOverfull = true;
    return this.#isReading ? { events: [], start: this.#start, read: false } : this.#drain();
  }

  /** Something may have been missed: the caller reads behind `top`. False where a read is under way already. */
  doubt(): boolean {
    if (this.#isReading) return false;
    this.#beginReading();
    return true;
  }

  /** The channel was lost: what was published since is lost too, and Redis itself may have lost what it had. */
  interrupted(): void {
    this.#isInterrupted = true;
    this.#held = []; // the stream has it, unless it was lost
  }

  /** What was read behind `top`. */
  repaired({ position, start, events }: Page): Repair {
    const goesOn = position.epoch === this.#epoch && (events[0]?.offset ?? this.#top + 1) === this.#top + 1;
    if (!goesOn || position.offset < this.#top || (events.length === 0 && position.offset > this.#top)) {
      this.#beginReading();
      return { reset: true };
    }
    // What came before this was read, and is not in it, is of an earlier epoch, or was lost again by Redis.
    this.#held = this.#held.filter(
      ({ epoch, event, reads }) => reads === this.#reads || (epoch === position.epoch && event.offset <= position.offset),
    );
    this.#advance(events, start);
    const step = this.#drain();
    const isShort = !step.read && this.#top < position.offset;
    if (isShort) this.#beginReading();
    return { reset: false, events: [...events, ...step.events], start: this.#start, read: step.read || isShort };
  }

  /** The read failed: it comes before whatever is published next. */
  failed(): void {
    this.#isReading = false;
    this.interrupted();
  }

  #beginReading(): void {
    this.#isReading = true;
    this.#isInterrupted = false;
    this.#reads++;
  }

  /** Feeds what goes on from `top`, of what waited. */
  #drain(): Step {
    const events = this.#isInterrupted ? [] : this.#goingOn();
    const read = this.#isInterrupted || this.#isOverfull || this.#held.length > 0;
    this.#isOverfull = false;
    if (read) this.#beginReading();
    else this.#isReading = false;
    return { events, start: this.#start, read };
  }

  #goingOn(): StoredEvent[] {
    const events: StoredEvent[] = [];
    const waiting = this.#held.toSorted((a, b) => a.event.offset - b.event.offset);
    this.#held = [];
    for (const held of waiting) {
      const { epoch, start, event } = held;
      if (epoch === this.#epoch && event.offset <= this.#top) continue; // fed already
      if (epoch === this.#epoch && event.offset === this.#top + 1) {
        events.push(event);
        this.#advance([event], start);
      } else this.#held.push(held);
    }
    return events;
  }

  #advance(events: readonly StoredEvent[], start: number): void {
    const last = events.at(-1);
    this.#start = Math.max(this.#start, start);
    if (!last) return;
    this.#top = last.offset;
    this.#last = last;
  }
}
