import type { StoredEvent } from '../engine/engine.ts';
import { redact } from '../engine/stored-event.ts';

/**
 * The end of a room's log in memory: the last events, without a gap, up to two bounds. Whoever joins within its reach
 * is answered without a look at the store.
 */
export class Ring {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #events: StoredEvent[];
  /** Index of the first live event in `#events`: dropping from the front moves this, and seldom the array. */
  #head = 0;
  #bytes = 0;
  #top: number;

  /** `events` end at the offset `top`. */
  constructor(top: number, events: readonly StoredEvent[], maxEvents: number, maxBytes: number) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
    this.#top = top;
    this.#events = [...events];
    for (const event of events) this.#bytes += event.bytes;
    this.#trim();
  }

  /** Offset of the last event, also where the ring holds none. */
  get top(): number {
    return this.#top;
  }

  /** Offset of the first event it holds; `top + 1` where it holds none. */
  get start(): number {
    return this.#top - (this.#events.length - this.#head) + 1;
  }

  /** The next event of the log. */
  append(event: StoredEvent): void {
    this.#events.push(event);
    this.#bytes += event.bytes;
    this.#top = event.offset;
    for (const offset of event.redacts ?? []) this.#redact(offset);
    this.#trim();
  }

  /** The events from `first` to the end. `first` must not lie before `start`. */
  from(first: number): readonly StoredEvent[] {
    return this.#events.slice(this.#head + first - this.start);
  }

  #redact(offset: number): void {
    const index = this.#head + offset - this.start;
    const event = this.#events[index];
    if (event && index >= this.#head) this.#events[index] = redact(event);
  }

  #trim(): void {
    while (
      this.#events.length - this.#head > this.#maxEvents ||
      (this.#bytes > this.#maxBytes && this.#events.length - this.#head > 1)
    ) {
      this.#bytes -= this.#events[this.#head]?.bytes ?? 0;
      this.#head++;
    }
    if (this.#head > 64 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }
}
