// A Yjs document whose truth is the log of a room.
//
// Each change is an update of Yjs: whatever the order in which updates are applied, and however often, the same document comes
// of it. So a page applies its own changes at once, keeps them until the relay has stored them (an hour without a network is
// one merged update), and applies everybody's as they come, in the order of the log, each once: that part is the SDK's.
//
// A new page does not replay the log: now and then a page publishes a snapshot, all that the document is after the events up to
// `covers`, as events like any other. A new page reads back to the latest whole one, and applies it and what follows. Nobody
// is elected to make it: the page whose update fills the tail behind the last snapshot makes the next, which all pages see
// alike in the log. Should it be gone, a later update fills it again. Two snapshots at a time do no harm; and one lost, none.
// `covers` stays below an update of which pieces are still to come, so what a snapshot covers it has. The relay may forget what
// is covered, and keeps 100,000 events of a room: hundreds of snapshots.
//
// When the log can't be continued (another epoch after a loss of the relay's disk; or trimmed beyond where this page was) the page
// reads it like a new one, into a document beside its own. What that one lacks of ours is then published: a page is a
// backup of the document. All pages find that out at once, so each waits a random time, and looks again before it speaks.
//
// Who may write may spoil the document, as any shared one. What is no update, or no snapshot of earlier events, is left out.
import * as Y from 'yjs';
import type { Piece, PlacedPiece, UpdateKind, Whole } from './pieces.ts';
import { Assembly, MAX_PIECES, MAX_SPAN, PIECE_BYTES, toPieces } from './pieces.ts';
import type { ReadPage } from './read-back.ts';
import { readBack } from './read-back.ts';

/** Pieces behind what the last snapshot covers, before the next is made; more where a snapshot is large. */
export const SNAPSHOT_EVERY = 200;
/** So many pieces later it is tried again. */
const SNAPSHOT_AGAIN = 50;
/** For each piece that a snapshot takes: what is written for snapshots stays a part of what is written. */
const TAIL_PER_SNAPSHOT_PIECE = 4;
/** Changes within this time become one update. */
const BATCH_MS = 100;
const RETRY_MS = 2_000;
const REPAIR_WITHIN_MS = 1_500;

/** What is asked of a room. Its events are handed to `receive`, in the order of the log. */
export interface SyncRoom {
  /** Resolves once stored, however long that takes. Rejects where it will not be. */
  publish(piece: Piece): Promise<{ readonly epoch: string; readonly offset: number }>;
  readonly readPage: ReadPage;
}

export interface SyncOptions {
  /** Names this page among all that ever were. */
  readonly by: string;
  readonly schedule: (run: () => void, delayMs: number) => void;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Default: SNAPSHOT_EVERY. */
  readonly snapshotEvery?: number;
  /** `isLoaded`, `isStored` or `problem` may have changed. */
  readonly onChange?: () => void;
}

export class DocumentSync {
  readonly #doc: Y.Doc;
  readonly #room: SyncRoom;
  readonly #options: SyncOptions;
  /** How often the log has begun anew for this page. */
  #life = 0;
  /** What came while the log is being read; undefined once it was. */
  #early: PlacedPiece[] | undefined = [];
  #assembly = new Assembly();
  #end = 0;
  /** Offsets of the pieces of updates that no snapshot covers. */
  #tail: number[] = [];
  #snapshotPieces = 0;
  #isMakingSnapshot = false;
  #readEvents = 0;
  /** What the log alone makes of the document, while that is to be compared with ours. */
  #logged: Y.Doc | undefined;
  #unsent: Uint8Array[] = [];
  #sending: Uint8Array | undefined;
  #isFlushDue = false;
  #sent = 0;
  /** Why nothing can be stored, as far as that is known. */
  problem: unknown;

  constructor(doc: Y.Doc, room: SyncRoom, options: SyncOptions) {
    this.#doc = doc;
    this.#room = room;
    this.#options = options;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#keep(update);
    });
  }

  /** The document is what the log makes of it, and what this page has changed. */
  get isLoaded(): boolean {
    return this.#early === undefined;
  }

  /** Pieces that had to be applied to open the document. */
  get readEvents(): number {
    return this.#readEvents;
  }

  /** Pieces of updates that no snapshot covers. */
  get tailLength(): number {
    return this.#tail.length;
  }

  /** Everything that was changed here is in the log. */
  get isStored(): boolean {
    return this.unsent === undefined;
  }

  /** What was changed here and is not known to be stored. */
  get unsent(): Uint8Array | undefined {
    const updates = [...(this.#sending ? [this.#sending] : []), ...this.#unsent];
    return updates.length > 0 ? Y.mergeUpdates(updates) : undefined;
  }

  /** The room is live. */
  start(): void {
    void this.#load(this.#life);
  }

  /** The log could not be continued: what comes now is of another one, or lies behind a gap. */
  restart(): void {
    this.#life++;
    this.#early = [];
    this.#logged?.destroy();
    this.#logged = undefined;
    this.#changed();
    void this.#load(this.#life);
  }

  /** Changes that an earlier page could not get stored. */
  adopt(update: Uint8Array): void {
    if (this.#apply(this.#doc, update)) this.#keep(update);
  }

  /** A piece was stored. */
  receive(placed: PlacedPiece): void {
    if (this.#early) this.#early.push(placed);
    else this.#take(placed);
  }

  // --- reading ----------------------------------------------------------------------------------------------------

  async #load(life: number): Promise<void> {
    try {
      const { snapshot, pieces } = await readBack(this.#room.readPage);
      if (life !== this.#life) return;
      const early = (this.#early ?? []).filter(({ offset }) => offset > (pieces.at(-1)?.offset ?? 0));
      this.#begin(life, snapshot, [...pieces, ...early]);
    } catch (error) {
      if (life !== this.#life) return;
      this.problem = error;
      this.#changed();
      this.#options.schedule(() => void this.#load(life), RETRY_MS);
    }
  }

  #begin(life: number, snapshot: Whole | undefined, pieces: readonly PlacedPiece[]): void {
    if (life > 0) this.#logged = new Y.Doc();
    this.#assembly = new Assembly();
    this.#tail = [];
    this.#end = 0;
    this.#readEvents = pieces.length + Math.ceil((snapshot?.bytes.length ?? 0) / PIECE_BYTES);
    this.problem = undefined;
    this.#doc.transact(() => {
      if (snapshot) this.#heed(snapshot);
      for (const placed of pieces) this.#take(placed);
    }, this);
    this.#early = undefined;
    this.#changed();
    if (this.#logged) this.#options.schedule(() => this.#repair(life), REPAIR_WITHIN_MS * this.#options.random());
  }

  #take(placed: PlacedPiece): void {
    const { offset, piece } = placed;
    this.#end = Math.max(this.#end, offset);
    if (piece.kind === 'update') this.#tail.push(offset);
    const whole = this.#assembly.add(placed);
    if (whole) this.#heed(whole);
    if (piece.kind === 'update' && piece.by === this.#options.by) this.#consider();
  }

  #heed(whole: Whole): void {
    this.#apply(this.#doc, whole.bytes);
    if (this.#logged) this.#apply(this.#logged, whole.bytes);
    if (whole.kind === 'update') return;
    this.#tail = this.#tail.filter((offset) => offset > whole.covers);
    this.#snapshotPieces = Math.ceil(whole.bytes.length / PIECE_BYTES);
  }

  /** False where it is no update. */
  #apply(doc: Y.Doc, update: Uint8Array): boolean {
    try {
      Y.applyUpdate(doc, update, this);
      return true;
    } catch {
      return false;
    }
  }

  /** Publishes what the log has lost, where nobody was faster. */
  #repair(life: number): void {
    const logged = this.#logged;
    if (life !== this.#life || !logged) return;
    this.#logged = undefined;
    if (!Y.equalSnapshots(Y.snapshot(this.#doc), Y.snapshot(logged)))
      this.#keep(Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(logged)));
    logged.destroy();
  }

  // --- writing ----------------------------------------------------------------------------------------------------

  #keep(update: Uint8Array): void {
    this.#unsent.push(update);
    this.#changed();
    this.#flushIn(BATCH_MS);
  }

  #flushIn(delayMs: number): void {
    if (this.#isFlushDue || this.#sending) return;
    this.#isFlushDue = true;
    this.#options.schedule(() => void this.#flush(), delayMs);
  }

  async #flush(): Promise<void> {
    this.#isFlushDue = false;
    if (this.#sending || !this.unsent) return;
    const update = compact(this.#doc, this.unsent);
    this.#unsent = [];
    this.#sending = update;
    let delayMs = BATCH_MS;
    try {
      while (!(await this.#send({ kind: 'update' }, update))); // the rest of it came too late: all of it once more
      this.problem = undefined;
    } catch (error) {
      this.problem = error;
      this.#unsent.unshift(update);
      delayMs = RETRY_MS;
    }
    this.#sending = undefined;
    this.#changed();
    if (this.#unsent.length > 0) this.#flushIn(delayMs);
  }

  /** Resolves once all of it is stored; false where its pieces lie too far apart to be put together. */
  async #send(what: UpdateKind, bytes: Uint8Array): Promise<boolean> {
    const pieces = toPieces(what, this.#options.by, String(++this.#sent), bytes);
    if (pieces.length > MAX_PIECES) throw new RangeError('The document is too large to be sent.');
    const places = await Promise.all(pieces.map((piece) => this.#room.publish(piece)));
    const offsets = places.map(({ offset }) => offset);
    const isOneLog = places.every(({ epoch }) => epoch === places[0]?.epoch);
    return isOneLog && Math.max(...offsets) - Math.min(...offsets) <= MAX_SPAN;
  }

  /** This page has published the update that may have filled the tail. */
  #consider(): void {
    const { snapshotEvery = SNAPSHOT_EVERY } = this.#options;
    const over = this.#tail.length - snapshotEvery - TAIL_PER_SNAPSHOT_PIECE * this.#snapshotPieces;
    if (over >= 0 && over % SNAPSHOT_AGAIN === 0 && this.isLoaded && !this.#isMakingSnapshot) void this.#makeSnapshot();
  }

  async #makeSnapshot(): Promise<void> {
    this.#isMakingSnapshot = true;
    const covers = Math.min(this.#end, this.#assembly.firstWaiting - 1);
    // Where it is refused, or its pieces come too far apart, the next page whose turn it is makes another.
    await this.#send({ kind: 'snapshot', covers }, Y.encodeStateAsUpdate(this.#doc)).catch(() => false);
    this.#isMakingSnapshot = false;
  }

  #changed(): void {
    this.#options.onChange?.();
  }
}

/**
 * The same in fewer bytes, where there is such: merged updates keep each key stroke apart, a document does not. What it has since
 * the first of them is all of them, and perhaps more.
 */
function compact(doc: Y.Doc, update: Uint8Array): Uint8Array {
  if (update.length <= PIECE_BYTES) return update;
  const { from } = Y.parseUpdateMeta(update);
  const known = Y.decodeStateVector(Y.encodeStateVector(doc));
  const since = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map([...known, ...from])));
  return since.length < update.length ? since : update;
}
