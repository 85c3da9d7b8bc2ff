// A room and its pages without a network: each step of what could happen is a call, so that a test decides the order.
import * as Y from 'yjs';
import type { SyncRoom } from '../../demo/gallery/document/document-sync.ts';
import { DocumentSync } from '../../demo/gallery/document/document-sync.ts';
import type { Piece, PlacedPiece } from '../../demo/gallery/document/pieces.ts';
import type { LogPage } from '../../demo/gallery/document/read-back.ts';

export const PAGE_EVENTS = 10;

/** The log of the room, as a relay keeps it. */
export class FakeLog {
  epoch = 1;
  start = 1;
  pieces: PlacedPiece[] = [];
  readonly #keys = new Map<string, number>();

  get end(): number {
    return this.pieces.at(-1)?.offset ?? this.start - 1;
  }

  /** PUB3: the same key is stored once. */
  append(key: string, piece: Piece): { readonly epoch: string; readonly offset: number } {
    const offset = this.#keys.get(key) ?? this.end + 1;
    if (!this.#keys.has(key)) this.pieces.push({ offset, piece });
    this.#keys.set(key, offset);
    return { epoch: String(this.epoch), offset };
  }

  /** Another life of the log, with the first `keep` of its events: as after a disk that lost what came last. */
  replace(keep: number): void {
    this.epoch++;
    this.pieces = this.pieces.slice(0, keep);
    this.#keys.clear();
  }

  /** Keeps what follows `offset`. */
  trim(offset: number): void {
    this.start = Math.max(this.start, Math.min(offset, this.end) + 1);
    this.pieces = this.pieces.filter((placed) => placed.offset > offset);
  }

  page(before = Number.POSITIVE_INFINITY): LogPage {
    const pieces = this.pieces.filter(({ offset }) => offset < before).slice(-PAGE_EVENTS);
    const first = pieces[0]?.offset;
    return { pieces, first, atStart: (first ?? this.start) <= this.start };
  }
}

interface Waiting {
  readonly key: string;
  readonly piece: Piece;
  readonly resolve: (place: { readonly epoch: string; readonly offset: number }) => void;
}

let pages = 0;

/** One page: its document, and what the SDK does for it. */
export class FakePage {
  readonly doc = new Y.Doc();
  readonly text = this.doc.getText('text');
  readonly sync: DocumentSync;
  readonly name = `page${++pages}`;
  isOnline = false;
  /** How many events of the log it has read. */
  read = 0;
  readonly #log: FakeLog;
  #epoch = 0;
  #offset = 0;
  #keys = 0;
  readonly #outbox: Waiting[] = [];
  readonly #asked: (() => void)[] = [];
  readonly #timers: (() => void)[] = [];

  constructor(log: FakeLog, snapshotEvery: number) {
    this.#log = log;
    const room: SyncRoom = {
      publish: (piece) => new Promise((resolve) => this.#outbox.push({ key: `${this.name}/${++this.#keys}`, piece, resolve })),
      readPage: (before) => new Promise((resolve) => this.#asked.push(() => resolve(this.#read(before)))),
    };
    this.sync = new DocumentSync(this.doc, room, {
      by: this.name,
      schedule: (run) => this.#timers.push(run),
      random: () => 0.5,
      snapshotEvery,
    });
  }

  get isIdle(): boolean {
    return (
      this.#outbox.length + this.#asked.length + this.#timers.length === 0 && this.#offset === this.#log.end && this.sync.isStored
    );
  }

  /** JOI2, JOI3, JOI4. */
  connect(): void {
    if (this.isOnline) return;
    this.isOnline = true;
    const isFirst = this.#epoch === 0;
    const isCovered = this.#epoch === this.#log.epoch && this.#offset >= this.#log.start - 1 && this.#offset <= this.#log.end;
    if (!isCovered) [this.#epoch, this.#offset] = [this.#log.epoch, this.#log.end];
    if (isFirst) this.sync.start();
    else if (!isCovered) this.sync.restart();
  }

  cut(): void {
    this.isOnline = false;
  }

  /** One event that is pushed. */
  push(): boolean {
    const next = this.isOnline && this.#log.pieces.find(({ offset }) => offset > this.#offset);
    if (!next) return false;
    this.#offset = next.offset;
    this.sync.receive(next);
    return true;
  }

  /** The next of the outbox is stored; where the answer is lost it is sent again. */
  store(isAnswered: boolean): boolean {
    const [next] = this.isOnline ? this.#outbox : [];
    if (!next) return false;
    const place = this.#log.append(next.key, next.piece);
    if (!isAnswered) this.cut();
    else {
      this.#outbox.shift();
      next.resolve(place);
    }
    return true;
  }

  answer(): boolean {
    const [next] = this.isOnline ? this.#asked.splice(0, 1) : [];
    next?.();
    return next !== undefined;
  }

  tick(): boolean {
    const due = this.#timers.splice(0);
    for (const run of due) run();
    return due.length > 0;
  }

  type(text: string, at: number): void {
    this.text.insert(Math.min(at, this.text.length), text);
  }

  erase(at: number, count: number): void {
    const from = Math.min(at, this.text.length);
    this.text.delete(from, Math.min(count, this.text.length - from));
  }

  #read(before: number | undefined): LogPage {
    const page = this.#log.page(before);
    this.read += page.pieces.length;
    return page;
  }
}

/** All promises that could go on have. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Of a page whose network is good for a moment. */
export function go(page: FakePage): void {
  page.connect();
  page.answer();
  page.tick();
  while (page.push() || page.store(true));
}

/** Everybody is connected, and nothing is under way any more. */
export async function settle(pages: readonly FakePage[]): Promise<void> {
  for (let round = 0; round < 5_000; round++) {
    for (const page of pages) page.connect();
    const isBusy = pages.map((page) => [page.answer(), page.push(), page.store(true), page.tick()].includes(true));
    await turn();
    if (!isBusy.includes(true) && pages.every(({ isIdle }) => isIdle)) return;
  }
  throw new Error('It never settles.');
}
