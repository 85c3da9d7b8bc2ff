/** Of the last so many messages of each relay a repeat is known. */
const WINDOW = 4_096;
const MAX_RELAYS = 1_000;

/**
 * Tells repeats apart. After a lost connection what had no answer is sent again, though it may have arrived: what must arrive
 * once at most carries a stamp.
 */
export class Stamps {
  readonly #relay: string;
  #last = 0;
  /** Relay → the numbers seen last, each in the place that its remainder names. */
  readonly #seen = new Map<string, Float64Array>();

  constructor(relay: string) {
    this.#relay = relay;
  }

  /** The text behind a new stamp: `<relay> <number> <text>`. */
  stamp(text: string): string {
    return `${this.#relay} ${++this.#last} ${text}`;
  }

  /** Who sent a stamped text, and what; undefined for a repeat. */
  open(stamped: string): { readonly relay: string; readonly text: string } | undefined {
    const end = stamped.indexOf(' ');
    const next = stamped.indexOf(' ', end + 1);
    const relay = stamped.slice(0, end);
    return this.#isNew(relay, Number(stamped.slice(end + 1, next))) ? { relay, text: stamped.slice(next + 1) } : undefined;
  }

  #isNew(relay: string, number: number): boolean {
    const seen = this.#seen.get(relay) ?? this.#meet(relay);
    const place = number % WINDOW;
    if (seen[place] === number) return false;
    seen[place] = number;
    return true;
  }

  #meet(relay: string): Float64Array {
    const [longestKnown] = this.#seen.keys();
    if (this.#seen.size >= MAX_RELAYS && longestKnown !== undefined) this.#seen.delete(longestKnown);
    const seen = new Float64Array(WINDOW);
    this.#seen.set(relay, seen);
    return seen;
  }
}
