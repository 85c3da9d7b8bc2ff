// A hash table for very many keys, outside the heap that garbage is collected from: 16 bytes a slot, some 30 a key. It never
// stops to grow: pages of a bounded size split one at a time, as in extendible hashing.

import type { KeyHash } from './key-hash.ts';

// A slot: both halves of a hash, and two numbers. The first is one more than was given: 0 is a slot that was never used.
const SLOT = 4;
const LOW = 0;
const HIGH = 1;
const FIRST = 2;
const SECOND = 3;
const EMPTY = 0;
const DELETED = 0xffff_ffff;

const MIN_SLOTS = 8;
const MAX_SLOTS = 1_024;
/** Past this depth pages grow instead of splitting: only hashes that are all alike lead there. */
const MAX_DEPTH = 20;

interface Page {
  readonly cells: Uint32Array;
  /** Slots that are not empty: those of deleted keys count, since a search has to go past them. */
  readonly used: number;
  /** How many of the low bits all its hashes have in common. */
  readonly depth: number;
}

type MutablePage = { -readonly [K in keyof Page]: Page[K] };

/** Two numbers for each hash, each up to 2^32 - 3. The same hash may stand in it several times. */
export class KeyTable {
  /** Indexed by the low bits of a hash; its length is a power of two. */
  #pages: MutablePage[] = [newPage(MIN_SLOTS, 0)];

  /** The numbers of the first entry with this hash that `isWanted`. */
  find(
    hash: KeyHash,
    isWanted: (first: number, second: number) => boolean,
  ): readonly [first: number, second: number] | undefined {
    const { cells } = this.#pageOf(hash.low);
    const at = search(cells, hash, isWanted);
    return at < 0 ? undefined : [(cells[at + FIRST] as number) - 1, cells[at + SECOND] as number];
  }

  add(hash: KeyHash, first: number, second: number): void {
    let page = this.#pageOf(hash.low);
    while ((page.used + 1) * 4 > slotsOf(page) * 3) {
      this.#makeRoom(page, hash.low);
      page = this.#pageOf(hash.low);
    }
    insert(page, hash.low >>> 0, hash.high >>> 0, first + 1, second);
  }

  delete(hash: KeyHash, isWanted: (first: number, second: number) => boolean): void {
    const { cells } = this.#pageOf(hash.low);
    const at = search(cells, hash, isWanted);
    if (at >= 0) cells[at + FIRST] = DELETED;
  }

  #pageOf(low: number): MutablePage {
    return this.#pages[low & (this.#pages.length - 1)] as MutablePage;
  }

  #makeRoom(page: Page, low: number): void {
    const isLarge = slotsOf(page) >= MAX_SLOTS && page.depth < MAX_DEPTH;
    const isFull = liveIn(page) * 2 > slotsOf(page);
    if (isLarge && isFull) this.#split(page, low);
    else this.#replace(page, low, [moved(page, newPage(slotsOf(page) * (isFull ? 2 : 1), page.depth))]);
  }

  #split(page: Page, low: number): void {
    const bit = 1 << page.depth;
    if (bit >= this.#pages.length) this.#pages = [...this.#pages, ...this.#pages];
    const halves = [0, bit].map((wanted) => moved(page, newPage(slotsOf(page), page.depth + 1), (of) => (of & bit) === wanted));
    this.#replace(page, low, halves);
  }

  /** Puts one page in the place of another, or two by the bit in which they differ. */
  #replace({ depth }: Page, low: number, by: readonly MutablePage[]): void {
    const step = 1 << depth;
    for (let i = low & (step - 1); i < this.#pages.length; i += step)
      this.#pages[i] = by[by.length === 1 ? 0 : (i >>> depth) & 1] as MutablePage;
  }
}

function newPage(slots: number, depth: number): MutablePage {
  return { cells: new Uint32Array(slots * SLOT), used: 0, depth };
}

function slotsOf({ cells }: Page): number {
  return cells.length / SLOT;
}

/** Where the entry stands; less than zero where there is none. A page is never full, so a search ends. */
function search(cells: Uint32Array, { low, high }: KeyHash, isWanted: (first: number, second: number) => boolean): number {
  const [wantedLow, wantedHigh] = [low >>> 0, high >>> 0];
  for (let at = homeOf(cells, wantedHigh); ; at = (at + SLOT) & (cells.length - 1)) {
    const first = cells[at + FIRST] as number;
    if (first === EMPTY) return -1;
    if (first === DELETED || cells[at + HIGH] !== wantedHigh || cells[at + LOW] !== wantedLow) continue;
    if (isWanted(first - 1, cells[at + SECOND] as number)) return at;
  }
}

function insert(page: MutablePage, low: number, high: number, first: number, second: number): void {
  const { cells } = page;
  let at = homeOf(cells, high);
  while (cells[at + FIRST] !== EMPTY) at = (at + SLOT) & (cells.length - 1);
  cells[at + LOW] = low;
  cells[at + HIGH] = high;
  cells[at + FIRST] = first;
  cells[at + SECOND] = second;
  page.used++;
}

/** Pages go by the lower half of a hash, slots by the upper: they must not depend on each other. */
function homeOf(cells: Uint32Array, high: number): number {
  return (high * SLOT) & (cells.length - 1);
}

function liveIn({ cells }: Page): number {
  let live = 0;
  for (let at = 0; at < cells.length; at += SLOT) if (cells[at + FIRST] !== EMPTY && cells[at + FIRST] !== DELETED) live++;
  return live;
}

function moved({ cells }: Page, to: MutablePage, isWanted: (low: number) => boolean = () => true): MutablePage {
  for (let at = 0; at < cells.length; at += SLOT) {
    const first = cells[at + FIRST] as number;
    const low = cells[at + LOW] as number;
    if (first !== EMPTY && first !== DELETED && isWanted(low))
      insert(to, low, cells[at + HIGH] as number, first, cells[at + SECOND] as number);
  }
  return to;
}
