// What a player's inputs may cost and may do: one for each step that the world has made, whatever is sent. Pure.
import type { Input } from './world.ts';

/** Of inputs that wait: past it the oldest go. */
const MAX_WAITING = 8;
/** Steps without an input that may be made up for: inputs of a line that stutters come late and together. */
const MAX_CREDIT = 4;

export class Inputs {
  #waiting: Input[] = [];
  #credit = 0;
  #latest: number;

  /** Inputs up to `sequence` were applied before. */
  constructor(sequence = 0) {
    this.#latest = sequence;
  }

  /** An input that comes again, or out of order, is none. */
  add(input: Input): void {
    if (input.sequence <= this.#latest) return;
    this.#latest = input.sequence;
    this.#waiting.push(input);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  /** Those of the next step: two at the most, and over any time no more than steps, but for the credit. */
  take(): readonly Input[] {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + 1);
    const taken = this.#waiting.splice(0, Math.min(2, this.#credit));
    this.#credit -= taken.length;
    return taken;
  }
}
