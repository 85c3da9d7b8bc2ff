// What waits for a reader: the latest lines, so many and no more. What had to make room is counted, and its place is marked.
import type { Entry } from './wire.ts';

export interface WaitingOptions {
  readonly maxEntries: number;
  readonly maxChars: number;
}

export class Waiting {
  readonly #options: WaitingOptions;
  #entries: Entry[] = [];
  #first = 0;
  #chars = 0;
  #skipped = 0;

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  /** How many entries wait; the mark of a gap is none of them. */
  get count(): number {
    return this.#entries.length - this.#first;
  }

  get isEmpty(): boolean {
    return this.count === 0 && this.#skipped === 0;
  }

  /** Past the bounds the oldest entries make room. */
  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#chars += charsOf(entry);
      while (this.count > this.#options.maxEntries || (this.#chars > this.#options.maxChars && this.count > 1)) this.#skip();
    }
    if (this.#first > 4_096 && this.#first * 2 > this.#entries.length) this.#compact();
  }

  /** Lines that were lost on their way. */
  skip(lines: number): void {
    this.#skipped += lines;
  }

  /** The oldest of them, after a mark where older ones are missing. One entry is taken at least, however long. */
  take(maxEntries: number, maxChars: number): readonly Entry[] {
    const taken: Entry[] = this.#skipped > 0 ? [{ mark: 'skipped', lines: this.#skipped }] : [];
    this.#skipped = 0;
    const from = this.#first;
    let chars = 0;
    while (this.count > 0 && this.#first - from < maxEntries) {
      const next = this.#entries[this.#first] ?? '';
      chars += charsOf(next);
      if (chars > maxChars && this.#first > from) break;
      this.#chars -= charsOf(next);
      this.#first += 1;
      taken.push(next);
    }
    if (this.count === 0) this.#compact();
    return taken;
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#chars = 0;
    this.#skipped = 0;
  }

  #skip(): void {
    const oldest = this.#entries[this.#first] ?? '';
    this.#first += 1;
    this.#chars -= charsOf(oldest);
    if (typeof oldest === 'string') this.#skipped += 1;
    else if (oldest.mark === 'skipped') this.#skipped += oldest.lines;
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}

/** The lines of `entries`, those among them that are only counted included. */
export function linesIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => {
    if (typeof entry === 'string') return sum + 1;
    return entry.mark === 'skipped' ? sum + entry.lines : sum;
  }, 0);
}

/** A mark costs something too: else any number of them would fit. */
function charsOf(entry: Entry): number {
  return typeof entry === 'string' ? entry.length + 1 : 32;
}
