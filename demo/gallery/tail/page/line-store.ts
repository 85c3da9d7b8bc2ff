// The lines that a page has: so many and no more, each with its number and its place on the sheet.
import { stripAnsi } from '../ansi.ts';
import type { Entry } from '../wire.ts';

/** The oldest go by thousands, so that the rest is rarely moved. */
export const MAX_KEPT = 20_000;
const TRIM = 2_000;

export interface Row {
  /** Counts up, and never comes again. */
  readonly id: number;
  readonly entry: Entry;
  /** Of a line; what marks something has that of the line after it. */
  readonly number: number;
  /** What is read of it. */
  readonly plain: string;
}

export class LineStore {
  #rows: Row[] = [];
  /** Where each row begins, in lines of the screen, and at the end where the next would. Counted since the last layout. */
  #tops: number[] = [0];
  #columns = Number.POSITIVE_INFINITY;
  #nextId = 0;
  #nextNumber = 1;

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Of all, in lines of the screen. */
  get height(): number {
    return (this.#tops.at(-1) ?? 0) - (this.#tops[0] ?? 0);
  }

  /** Where the row at an index begins, in lines of the screen from the top. */
  top(index: number): number {
    return (this.#tops[index] ?? 0) - (this.#tops[0] ?? 0);
  }

  /** The index of the row at a line of the screen. */
  at(line: number): number {
    let [low, high] = [0, Math.max(0, this.#rows.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many lines of the screen went at the top. */
  add(entries: readonly Entry[]): number {
    for (const entry of entries) {
      const isLine = typeof entry === 'string';
      const plain = isLine ? stripAnsi(entry) : '';
      const row = { id: this.#nextId++, entry, number: this.#nextNumber, plain };
      if (isLine) this.#nextNumber += 1;
      else if (entry.mark === 'skipped') this.#nextNumber += entry.lines;
      this.#rows.push(row);
      this.#tops.push((this.#tops.at(-1) ?? 0) + this.#heightOf(row));
    }
    if (this.#rows.length <= MAX_KEPT) return 0;
    const gone = this.#rows.length - MAX_KEPT + TRIM;
    const height = this.top(gone);
    this.#rows = this.#rows.slice(gone);
    this.#tops = this.#tops.slice(gone);
    return height;
  }

  /** Lays all out anew, in lines of so many columns. */
  layOut(columns: number): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#tops = [0];
    for (const row of this.#rows) this.#tops.push((this.#tops.at(-1) ?? 0) + this.#heightOf(row));
  }

  /** Numbers go on where they were, unless it is another file. */
  clear(isOtherFile: boolean): void {
    this.#rows = [];
    this.#tops = [0];
    if (isOtherFile) this.#nextNumber = 1;
  }

  #heightOf({ plain }: Row): number {
    return Number.isFinite(this.#columns) ? Math.max(1, Math.ceil(columnsOf(plain) / this.#columns)) : 1;
  }
}

/** Characters beyond Latin, Greek and Cyrillic are taken for two columns wide: some room too much is better than too little. */
function columnsOf(text: string): number {
  let columns = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    columns += unit === 9 ? 4 : unit < 0x1100 ? 1 : 2;
  }
  return columns;
}
