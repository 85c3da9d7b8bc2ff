// The engine of a relay that stands alone: rooms in memory while they are in use, everything in a store, which is this
// machine's disk, or, for who keeps nothing, memory too.
//
// A publish waits in a queue until the commit before it is done. Then all that wait are admitted, given offsets, and
// written as one journal record: the busier the relay, the larger the groups, and the fewer writes per event. Once the
// record is committed the events are fed and their publishers told. Blocks are written later, at a checkpoint.

import type { Member, Reads } from '@chat-room/sdk/protocol';
import { LocalBus } from '../layer/local-bus.ts';
import type { Draft, Engine, Feed, OpenPage, Page, PageQuery, PublishOutcome, RoomList, StoredEvent } from './engine.ts';
import { EngineError } from './engine.ts';
import type { Durability } from './journal.ts';
import { LmdbStore } from './lmdb-store.ts';
import type { Moderation } from './moderation.ts';
import type { Retention, RoomLog } from './room-log.ts';
import { RoomLogs } from './room-logs.ts';
import type { Store } from './store.ts';
import { corrupt } from './store-file.ts';
import { targetOf } from './stored-event.ts';

const MAX_QUEUE = 20_000;
const MAX_GROUP = 2_000;
const CHECKPOINT_MS = 1_000;
const MAX_JOURNAL_BYTES = 8 * 1024 * 1024;
/** Rooms of a checkpoint that are seen to in one turn of the loop: a few milliseconds, however many there are. */
const CHECKPOINT_SLICE = 128;
const SWEEP_MS = 30_000;
const RETRY_AFTER_MS = 1_000;

/** How the engine runs, whatever store it runs on. */
export interface EngineRunOptions {
  readonly retention: (room: string) => Retention;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observer: EngineObserver;
  /** Length of the journal at which it is moved into blocks without delay. Default 8 MiB. */
  readonly maxJournalBytes?: number;
}

export interface EmbeddedEngineOptions extends EngineRunOptions {
  readonly dir: string;
  readonly durability: Durability;
}

/** What the engine tells whoever watches it. */
export interface EngineObserver {
  /** One commit ended well: how long it took, in milliseconds, and how many events it held. */
  committed(durationMs: number, events: number): void;
  /** The store refuses writes. Called once when that begins, not for each attempt. */
  failing(error: EngineError): void;
  /** The store takes writes again. */
  recovered(): void;
}

interface Waiting {
  readonly room: string;
  readonly draft: Draft;
  readonly resolve: (outcome: PublishOutcome) => void;
}

/** What one commit carries: the logs it touches, and what to tell the publishers afterwards. */
interface Group {
  readonly logs: ReadonlySet<RoomLog>;
  readonly answers: readonly { readonly resolve: Waiting['resolve']; readonly outcome: PublishOutcome }[];
  readonly record: string;
  readonly events: number;
}

export class EmbeddedEngine implements Engine {
  /** Nobody shares this engine: the bus ends in this process. */
  readonly bus = new LocalBus();
  readonly #store: Store;
  readonly #options: EngineRunOptions;
  readonly #logs: RoomLogs;
  readonly #dirty = new Set<RoomLog>();
  #queue: Waiting[] = [];
  #sequence = 0;
  #journalBytes = 0;
  #isCommitting = false;
  #isClosed = false;
  #failure: EngineError | undefined;
  #checkpoint: Promise<void> | undefined;
  #checkpointTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;

  private constructor(store: Store, options: EngineRunOptions) {
    this.#store = store;
    this.#options = options;
    this.#logs = new RoomLogs(store, options.retention, options.now);
  }

  /** Opens the store on the disk and takes up what a crash left in its journal. Throws an EngineError. */
  static async open(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
    const store = await LmdbStore.open(options.dir, options.durability);
    try {
      return await EmbeddedEngine.over(store, options);
    } catch (error) {
      await store.close();
      throw error instanceof EngineError ? error : corrupt(options.dir, (error as Error).message);
    }
  }

  /** Runs on a store that is open, and closes it in the end. Rejects where its journal can't be taken up: it stays open then. */
  static async over(store: Store, options: EngineRunOptions): Promise<EmbeddedEngine> {
    const engine = new EmbeddedEngine(store, options);
    engine.#replay();
    await engine.checkpoint();
    engine.#sweepTimer = setInterval(() => void engine.sweep(), SWEEP_MS).unref();
    return engine;
  }

  get roomsInMemory(): number {
    return this.#logs.size;
  }

  /** The relay's own secret, made with the store. */
  get secret(): string {
    return this.#store.secret;
  }

  async open(room: string, feed: Feed, limit: number): Promise<OpenPage> {
    this.#assertOpen();
    const log = this.#logs.get(room);
    if (log.feed) throw new Error(`room ${room} is open already`);
    log.feed = feed;
    return { ...log.page({ from: 'end', limit }), moderation: log.moderation?.copy() };
  }

  release(room: string): void {
    if (!this.#isClosed) this.#logs.get(room).feed = undefined;
  }

  publish(room: string, draft: Draft): Promise<PublishOutcome> {
    if (this.#isClosed) return Promise.resolve({ ok: false, code: 'draining' });
    if (this.#failure) return Promise.resolve(unavailable());
    if (this.#queue.length >= MAX_QUEUE) return Promise.resolve({ ok: false, code: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
    return new Promise((resolve) => {
      this.#queue.push({ room, draft, resolve });
      // The check phase of this loop turn: whatever else this turn reads from its sockets joins the same group.
      if (!this.#isCommitting && this.#queue.length === 1) setImmediate(() => void this.#commitGroups());
    });
  }

  async read(room: string, query: PageQuery): Promise<Page> {
    this.#assertOpen();
    return this.#logs.get(room).page(query);
  }

  async moderation(room: string): Promise<Moderation | undefined> {
    this.#assertOpen();
    return this.#logs.get(room).moderation;
  }

  async reads(room: string, memberIds: readonly string[]): Promise<Reads> {
    this.#assertOpen();
    const known = memberIds.map((id) => [id, this.#store.readOf(room, id)] as const);
    return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== undefined));
  }

  keepReads(room: string, reads: Reads): void {
    if (this.#isClosed) return;
    for (const [memberId, offset] of Object.entries(reads)) {
      // Best effort by contract: when the disk is full, the publishes say so, and these are lost.
      this.#store.putRead(room, memberId, offset).catch(() => undefined);
    }
  }

  signal(): void {
    // There is no other relay.
  }

  tellMembers(): void {
    // There is no other relay.
  }

  async membersElsewhere(): Promise<readonly Member[]> {
    return [];
  }

  async rooms(after: string | undefined, limit: number): Promise<RoomList> {
    this.#assertOpen();
    await this.checkpoint(); // the store learns of a room with its first block
    const names = this.#store.rooms(after, limit + 1);
    const rooms = names.slice(0, limit).map((room) => ({ room, position: this.#logs.get(room).position }));
    const last = rooms.at(-1);
    return { rooms, ...(names.length > limit && last && { next: last.room }) };
  }

  async probe(): Promise<void> {
    this.#assertOpen();
    if (this.#failure) throw this.#failure;
    await this.#store.probe();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#sweepTimer);
    clearTimeout(this.#checkpointTimer);
    await this.#commitGroups();
    while (this.#isCommitting) await new Promise((resolve) => setImmediate(resolve));
    await this.#checkpoint;
    await this.checkpoint();
    await this.#store.close();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new EngineError('engine_closed', 'The relay is going down.');
  }

  /** Lets go of rooms that nobody uses, and forgets what retention no longer keeps. It also runs by itself. */
  async sweep(): Promise<void> {
    this.#logs.releaseIdle();
    if (this.#failure || this.#isClosed) return;
    await this.#logs.expireSlice().catch((error: unknown) => this.#fail(error as EngineError));
  }

  // --- publish: queue → group → journal → feed and answers ------------------------------------------------------

  async #commitGroups(): Promise<void> {
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    while (this.#queue.length > 0) {
      const waiting = this.#queue.splice(0, MAX_GROUP);
      if (this.#failure) for (const { resolve } of waiting) resolve(unavailable());
      else await this.#commitGroup(this.#formGroup(waiting));
    }
    this.#isCommitting = false;
  }

  /** Admits what waits. From here to the commit nothing else is admitted, so a failed commit can be undone whole. */
  #formGroup(waiting: readonly Waiting[]): Group {
    const staged = new Map<RoomLog, StoredEvent[]>();
    const answers: Group['answers'][number][] = [];
    let events = 0;
    for (const { room, draft, resolve } of waiting) {
      const log = this.#logs.get(room);
      const admission = log.admit(draft, this.#options.now());
      if (admission.kind === 'refused') {
        const { kind: _, ...refusal } = admission;
        resolve({ ok: false, ...refusal });
        continue;
      }
      const { offset, at } = admission.kind === 'staged' ? admission.event : admission;
      answers.push({ resolve, outcome: { ok: true, position: { epoch: log.epoch, offset }, at } });
      if (admission.kind === 'duplicate') continue; // perhaps of an event in this very group: it is answered with it
      const of = staged.get(log);
      if (of) of.push(admission.event);
      else staged.set(log, [admission.event]);
      events++;
    }
    return { logs: new Set(staged.keys()), answers, record: encodeRecord(staged), events };
  }

  async #commitGroup({ logs, answers, record, events }: Group): Promise<void> {
    const started = performance.now();
    try {
      if (events > 0) await this.#store.appendJournal(this.#sequence + 1, record);
    } catch (error) {
      for (const log of logs) log.rollback();
      for (const { resolve } of answers) resolve(unavailable());
      this.#fail(error as EngineError);
      return;
    }
    if (events > 0) {
      this.#sequence++;
      this.#journalBytes += record.length;
      this.#options.observer.committed(performance.now() - started, events);
    }
    // All of the group is taken over before anything else happens: a checkpoint counts the whole record as moved.
    const fed = [...logs].map((log) => ({ log, events: log.commit(this.#options.retention(log.room)) }));
    for (const log of logs) this.#dirty.add(log);
    this.#scheduleCheckpoint();
    for (const { log, events } of fed) log.feed?.events(events, log.start);
    for (const { resolve, outcome } of answers) resolve(outcome);
  }

  /** Publishes are refused until a probe gets through: a full disk must not be hammered by every message. */
  #fail(error: EngineError): void {
    if (this.#failure || this.#isClosed) return;
    this.#failure = error;
    this.#options.observer.failing(error);
    const retry = async (): Promise<void> => {
      try {
        await this.#store.probe();
        this.#failure = undefined;
        this.#options.observer.recovered();
        this.#scheduleCheckpoint();
      } catch {
        if (!this.#isClosed) setTimeout(() => void retry(), RETRY_AFTER_MS).unref();
      }
    };
    setTimeout(() => void retry(), RETRY_AFTER_MS).unref();
  }

  // --- checkpoint: journal → blocks -----------------------------------------------------------------------------

  #scheduleCheckpoint(): void {
    if (this.#isClosed || this.#failure || this.#dirty.size === 0) return;
    if (this.#journalBytes >= (this.#options.maxJournalBytes ?? MAX_JOURNAL_BYTES)) {
      void this.checkpoint();
      return;
    }
    this.#checkpointTimer ??= setTimeout(() => void this.checkpoint(), CHECKPOINT_MS);
  }

  /** Moves what is committed into blocks, and empties the journal. It also runs by itself, soon after a commit. */
  checkpoint(): Promise<void> {
    clearTimeout(this.#checkpointTimer);
    this.#checkpointTimer = undefined;
    this.#checkpoint ??= this.#moveToBlocks().finally(() => {
      this.#checkpoint = undefined;
      this.#scheduleCheckpoint();
    });
    return this.#checkpoint;
  }

  async #moveToBlocks(): Promise<void> {
    const logs = [...this.#dirty];
    if (logs.length === 0) return;
    this.#dirty.clear();
    this.#journalBytes = 0;
    const sequence = this.#sequence;
    const writes: Promise<void>[] = [];
    const keep = (write: Promise<void>): void => {
      write.catch(() => undefined); // it is looked at when all are begun
      writes.push(write);
    };
    const begun: { readonly log: RoomLog; readonly redacted: readonly number[] }[] = [];
    // What is committed between two slices is in the journal behind `sequence`, and stays there.
    await inSlices(logs, (log) => begun.push({ log, redacted: this.#writeLog(log, keep) }));
    const failed = (await Promise.allSettled(writes)).find((result) => result.status === 'rejected');
    await inSlices(begun, ({ log, redacted }) => {
      if (failed) log.notWritten();
      else log.written(redacted);
      if (log.isDirty) this.#dirty.add(log);
    });
    if (failed) this.#fail(failed.reason as EngineError);
    // Only now: a journal that is forgotten before its blocks stand would be the loss of what was acknowledged.
    else await this.#store.trimJournal(sequence).catch((error: unknown) => this.#fail(error as EngineError));
  }

  #writeLog(log: RoomLog, keep: (write: Promise<void>) => void): readonly number[] {
    if (log.isNew) keep(this.#store.putRoom(log.room, 0));
    const { moderation, blocks, edits, redacted } = log.beginWriting();
    for (const { name, value } of moderation) keep(this.#store.putModeration(log.room, name, value));
    for (const block of blocks) keep(this.#store.putBlock(log.room, block));
    for (const edit of edits) keep(this.#store.putEdit(log.room, targetOf(edit.json), edit.offset));
    return redacted;
  }

  #replay(): void {
    for (const { sequence, record } of this.#store.journal()) {
      this.#sequence = sequence;
      for (const [room, events] of JSON.parse(record) as JournalRecord) {
        const log = this.#logs.get(room);
        log.replay(
          events.map((event) => JSON.stringify(event)),
          this.#options.retention(room),
        );
        this.#dirty.add(log);
      }
    }
  }
}

async function inSlices<T>(items: readonly T[], work: (item: T) => void): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % CHECKPOINT_SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
    work(item);
  }
}

type JournalRecord = readonly (readonly [room: string, events: readonly unknown[]])[];

/** A JournalRecord as text, put together from events that are encoded already. */
function encodeRecord(staged: ReadonlyMap<RoomLog, readonly StoredEvent[]>): string {
  const parts: string[] = [];
  for (const [log, events] of staged) {
    parts.push(`[${JSON.stringify(log.room)},[${events.map((event) => event.json).join(',')}]]`);
  }
  return `[${parts.join(',')}]`;
}

function unavailable(): PublishOutcome {
  return { ok: false, code: 'storage_unavailable', retryAfterMs: RETRY_AFTER_MS };
}
