// One room's log as the embedded engine holds it while it is in use: what is committed but not in blocks yet, what is
// being committed, and what must be known to admit a publish. Synchronous throughout: nothing comes between an
// offset's check and its use.

import type { ErrorCode, EventHead, Position } from '@chat-room/sdk/protocol';
import { KEY_TTL_MS, referenceOf } from '@chat-room/sdk/protocol';
import type { Draft, Feed, Page, PageQuery, StoredEvent } from './engine.ts';
import type { KeyHash } from './key-hash.ts';
import { hashKey } from './key-hash.ts';
import { KeyIndex } from './key-index.ts';
import type { DraftRefusal, EntryWrite } from './log-moderation.ts';
import { LogModeration } from './log-moderation.ts';
import { Moderation } from './moderation.ts';
import { PageBuilder } from './page-builder.ts';
import type { Block, BlockSource } from './store.ts';
import { isSameBody, parseEvent, redact, storeEvent, targetOf } from './stored-event.ts';

/** Events in one block. A fixed number, so that a block written again after a crash covers the same events. */
const BLOCK_EVENTS = 64;

/** How much of a log is kept. Both may hold at once; the stricter one counts. */
export interface Retention {
  /** Events; older ones are forgotten. */
  readonly maxEvents: number;
  /** Milliseconds; Infinity keeps them for ever. */
  readonly maxAgeMs: number;
}

export type Admission =
  | { readonly kind: 'staged'; readonly event: StoredEvent }
  | { readonly kind: 'duplicate'; readonly offset: number; readonly at: number }
  | ({ readonly kind: 'refused' } & DraftRefusal);

export class RoomLog {
  readonly room: string;
  readonly epoch: string;
  /** True until the store knows the room. */
  isNew: boolean;
  /** Who is told of its events. While there is one, the log stays in memory. */
  feed: Feed | undefined;
  /** When it was last asked for. */
  usedAt: number;
  readonly #source: BlockSource;
  readonly #keys = new KeyIndex();
  #top: number;
  #start: number;
  #lastAt = 0;
  /** Given an offset, not committed. */
  #staged: StoredEvent[] = [];
  readonly #stagedKeys: { readonly key: KeyHash; readonly offset: number }[] = [];
  /** Committed, not in blocks. */
  #pending: StoredEvent[] = [];
  /** Offsets that the disk still shows as they were, and that read as redacted. */
  #redactions: Set<number> | undefined;
  /** Of `#pending`, how many a checkpoint is writing now. */
  #writing = 0;
  /** Absent in a room where nothing is or was set, which is what most rooms are. */
  #moderation: LogModeration | undefined;

  /** `floor` is the offset that the log had reached when its last events were forgotten; undefined for a new room. */
  constructor(room: string, epoch: string, floor: number | undefined, source: BlockSource, retention: Retention, now: number) {
    this.room = room;
    this.epoch = epoch;
    this.isNew = floor === undefined;
    this.usedAt = now;
    this.#source = source;
    const last = source.blockAt(room, Number.MAX_SAFE_INTEGER);
    this.#top = last ? last.first + last.lines.length - 1 : (floor ?? 0);
    this.#start = this.#firstOnDisk() ?? this.#top + 1;
    this.#applyCount(retention);
    this.#rememberKeys(now);
    const moderation = Moderation.from(source.moderationOf(room));
    if (!moderation) return;
    this.#moderation = new LogModeration(moderation);
    this.#moderation.recall(this.#newestFirst(), now);
  }

  get position(): Position {
    return { epoch: this.epoch, offset: this.#top };
  }

  /** Lowest offset that readers may still see. */
  get start(): number {
    return this.#start;
  }

  /** What moderators have set, as it is committed. Not to be changed. */
  get moderation(): Moderation | undefined {
    return this.#moderation?.committed;
  }

  /** True while something here is not in the store's long-term form yet: entries of moderation go there with their events. */
  get isDirty(): boolean {
    return this.#pending.length > 0 || this.#staged.length > 0 || this.#redactions !== undefined || this.#writing > 0;
  }

  /** True where the disk has it as it is here, and nobody follows it: it may leave memory. */
  get isIdle(): boolean {
    return !this.isDirty && this.feed === undefined;
  }

  /** Checks a draft and gives it the next offset. It takes effect with `commit`, or never, with `rollback`. */
  admit(draft: Draft, now: number): Admission {
    if (draft.epoch !== undefined && draft.epoch !== this.epoch) return refused('epoch_changed', 'the log was replaced');
    const key = hashKey(draft.from.id, draft.key);
    const used = this.#keys.get(key, (offset) => this.#hasKey(offset, draft));
    if (used) return this.#admitAgain(draft, used);
    const refusal = this.#moderation?.refusal(draft, now);
    if (refusal) return { kind: 'refused', ...refusal };
    const fault = this.#checkReference(draft);
    if (fault) return fault;

    const offset = this.#top + this.#staged.length + 1;
    const at = Math.max(now, this.#lastAt); // a clock set back must not put an event before its predecessor
    const event = this.#store({ offset, at, from: draft.from, key: draft.key }, draft);
    this.#lastAt = at;
    this.#stage(event);
    this.#keys.set(key, { offset, at });
    this.#stagedKeys.push({ key, offset });
    return { kind: 'staged', event };
  }

  /** What was staged is stored: it may be seen. */
  commit(retention: Retention): readonly StoredEvent[] {
    const events = this.#staged;
    this.#staged = [];
    this.#stagedKeys.length = 0;
    this.#top += events.length;
    for (const event of events) this.#pending.push(event);
    for (const event of events) for (const offset of event.redacts ?? []) this.#redact(offset);
    this.#moderation?.commit();
    this.#applyCount(retention);
    return events;
  }

  /** What was staged could not be stored: its offsets and keys are free again. */
  rollback(): void {
    for (const { key, offset } of this.#stagedKeys) this.#keys.delete(key, offset);
    this.#moderation?.rollback(this.#staged);
    this.#staged = [];
    this.#stagedKeys.length = 0;
  }

  /**
   * Takes events of the journal that no block holds yet: they were committed before a restart. Throws where the journal
   * does not go on from the blocks: what is missing was acknowledged, and must not be passed over.
   */
  replay(lines: readonly string[], retention: Retention): void {
    for (const line of lines) {
      const event = parseEvent(line);
      const expected = this.#top + this.#staged.length + 1;
      if (event.offset < expected) continue; // in a block already
      if (event.offset > expected) throw new Error(`events ${expected} to ${event.offset - 1} of room ${this.room} are missing`);
      this.#stage(event.type === 'delete' ? { ...event, redacts: this.#redactedBy(targetOf(line)) } : event);
      this.#rememberKey(event);
      this.#lastAt = event.at;
    }
    this.commit(retention);
  }

  page(query: PageQuery): Page {
    const events = query.from === 'after' ? this.#after(query.offset, query.limit) : this.#before(query);
    return { position: this.position, start: this.#start, events };
  }

  /** The event at an offset as readers see it, staged ones included. */
  find(offset: number): StoredEvent | undefined {
    if (offset > this.#top) return this.#staged[offset - this.#top - 1];
    if (offset < this.#start) return undefined;
    return this.#stored(offset);
  }

  // --- checkpoint: from the journal into blocks -----------------------------------------------------------------

  /**
   * What brings the disk up to date, and the redactions that it settles. Entries of moderation are written before the blocks:
   * were it the other way, a crash in between would leave blocks whose events have had no effect. End with `written` or `notWritten`.
   */
  beginWriting(): {
    readonly moderation: readonly EntryWrite[];
    readonly blocks: readonly Block[];
    readonly edits: readonly StoredEvent[];
    readonly redacted: readonly number[];
  } {
    this.#writing = this.#pending.length;
    const blocks: Block[] = [];
    for (let i = 0; i < this.#writing; i += BLOCK_EVENTS) {
      const part = this.#pending.slice(i, Math.min(i + BLOCK_EVENTS, this.#writing));
      blocks.push({ first: part[0]?.offset ?? 0, lines: part.map((event) => event.json) });
    }
    const redacted = [...(this.#redactions ?? [])];
    const edits = this.#pending.filter((event) => event.type === 'edit');
    const moderation = this.#moderation?.beginWriting() ?? [];
    return { moderation, blocks: [...this.#redactBlocks(redacted), ...blocks], edits, redacted };
  }

  written(redacted: readonly number[]): void {
    this.isNew = false;
    this.#pending.splice(0, this.#writing);
    this.#writing = 0;
    for (const offset of redacted) this.#redactions?.delete(offset);
    if (this.#redactions?.size === 0) this.#redactions = undefined;
    this.#moderation?.written();
  }

  notWritten(): void {
    this.#writing = 0;
    this.#moderation?.notWritten();
  }

  /** First offsets of the blocks that nobody may see any more and that no idempotency key needs. */
  expired(retention: Retention, now: number): readonly number[] {
    const gone: number[] = [];
    const oldest = now - retention.maxAgeMs;
    for (const block of this.#source.blocksFrom(this.room, 0)) {
      const end = block.first + block.lines.length;
      const lastAt = parseEvent(block.lines.at(-1) ?? '').at;
      if (lastAt < oldest && end <= this.#firstPending()) this.#start = Math.max(this.#start, end);
      if (end > this.#start || now - lastAt < KEY_TTL_MS) break;
      gone.push(block.first);
    }
    return gone;
  }

  // --- inside ---------------------------------------------------------------------------------------------------

  #admitAgain(draft: Draft, used: { readonly offset: number; readonly at: number }): Admission {
    const event = this.find(used.offset);
    if (event && !draft.changed && !isSameBody(event, draft.body))
      return refused('key_reused', 'the key stands for another event');
    return { kind: 'duplicate', offset: used.offset, at: used.at };
  }

  /** An event that is forgotten can't be asked: of two keys in 2^64 its hash is the same. */
  #hasKey(offset: number, { from, key }: Draft): boolean {
    const event = this.find(offset);
    return event === undefined || (event.author === from.id && keyOf(event.json) === key);
  }

  #stage(event: StoredEvent): void {
    this.#staged.push(event);
    if (event.type === 'moderation') this.#moderation ??= new LogModeration(undefined);
    this.#moderation?.stage(event);
  }

  #checkReference({ body, from, moderator }: Draft): Admission | undefined {
    if (body.type === 'moderation' && !moderator) return refused('forbidden', 'only a moderator may do that');
    const offset = referenceOf(body);
    if (offset === undefined) return undefined;
    const target = this.find(offset);
    if (target?.type !== 'message' || this.#isBeingDeleted(offset)) return refused('not_found', `no message at offset ${offset}`);
    const isAuthor = target.author === from.id;
    if (body.type === 'edit' && !isAuthor) return refused('forbidden', 'only its author may edit a message');
    if (body.type === 'delete' && !isAuthor && !moderator)
      return refused('forbidden', 'only its author or a moderator may delete a message');
    return undefined;
  }

  #store(head: EventHead, { body }: Draft): StoredEvent {
    const event = storeEvent(head, body);
    return body.type === 'delete' ? { ...event, redacts: this.#redactedBy(body.target) } : event;
  }

  #isBeingDeleted(offset: number): boolean {
    return this.#staged.some((event) => event.redacts?.includes(offset));
  }

  /** A message and every edit of it, wherever they stand. */
  #redactedBy(target: number): readonly number[] {
    const fresh = [...this.#pending, ...this.#staged].filter((event) => event.type === 'edit' && targetOf(event.json) === target);
    return [target, ...new Set([...this.#source.editsOf(this.room, target), ...fresh.map((event) => event.offset)])];
  }

  #redact(offset: number): void {
    const index = offset - this.#firstPending();
    const event = this.#pending[index];
    if (event) this.#pending[index] = redact(event);
    // On the disk, or on its way there as it was: the next checkpoint mends that.
    if (index < this.#writing) this.#redactions = (this.#redactions ?? new Set()).add(offset);
  }

  #redactBlocks(offsets: readonly number[]): Block[] {
    const byFirst = new Map<number, Block>();
    for (const offset of offsets) {
      const found = this.#source.blockAt(this.room, offset);
      if (!found || offset >= found.first + found.lines.length) continue; // forgotten meanwhile
      const block = byFirst.get(found.first) ?? found;
      const lines = block.lines.map((line, i) => (block.first + i === offset ? redact(parseEvent(line)).json : line));
      byFirst.set(block.first, { first: block.first, lines });
    }
    return [...byFirst.values()];
  }

  #firstPending(): number {
    return this.#top - this.#pending.length + 1;
  }

  #firstOnDisk(): number | undefined {
    for (const block of this.#source.blocksFrom(this.room, 0)) return block.first;
    return undefined;
  }

  #applyCount({ maxEvents }: Retention): void {
    this.#start = Math.max(this.#start, this.#top - maxEvents + 1);
  }

  #stored(offset: number): StoredEvent | undefined {
    if (offset >= this.#firstPending()) return this.#pending[offset - this.#firstPending()];
    const block = this.#source.blockAt(this.room, offset);
    const line = block?.lines[offset - block.first];
    return line === undefined ? undefined : this.#asSeen(line);
  }

  #asSeen(line: string): StoredEvent {
    const event = parseEvent(line);
    return this.#redactions?.has(event.offset) ? redact(event) : event;
  }

  #after(offset: number, limit: number): StoredEvent[] {
    const page = new PageBuilder(limit);
    let next = Math.max(offset + 1, this.#start);
    while (next <= this.#top) {
      const chunk = this.#chunk(next);
      const end = chunk.first + chunk.length;
      if (next >= end) break;
      for (; next < end; next++) if (!page.add(chunk.at(next))) return page.events;
    }
    return page.events;
  }

  #before(query: Extract<PageQuery, { readonly from: 'end' | 'before' }>): StoredEvent[] {
    const page = new PageBuilder(query.limit);
    let last = query.from === 'before' ? Math.min(query.offset - 1, this.#top) : this.#top;
    while (last >= this.#start) {
      const chunk = this.#chunk(last);
      const lowest = Math.max(chunk.first, this.#start);
      if (last >= chunk.first + chunk.length) break;
      for (; last >= lowest; last--) if (!page.add(chunk.at(last))) return page.events.reverse();
    }
    return page.events.reverse();
  }

  /** The run of events around an offset: a block, or what is pending. */
  #chunk(offset: number): { readonly first: number; readonly length: number; readonly at: (offset: number) => StoredEvent } {
    const firstPending = this.#firstPending();
    if (offset >= firstPending) {
      const pending = this.#pending;
      return { first: firstPending, length: pending.length, at: (o) => pending[o - firstPending] as StoredEvent };
    }
    const { first, lines } = this.#source.blockAt(this.room, offset) ?? { first: offset + 1, lines: [] };
    return { first, length: lines.length, at: (o) => this.#asSeen(lines[o - first] as string) };
  }

  *#newestFirst(): Generator<StoredEvent> {
    for (let offset = this.#top; offset >= this.#start; ) {
      const { first, at } = this.#chunk(offset);
      if (first > offset) return; // forgotten
      for (; offset >= first; offset--) yield at(offset);
    }
  }

  #rememberKeys(now: number): void {
    const recent: StoredEvent[] = [];
    let block = this.#source.blockAt(this.room, this.#top);
    this.#lastAt = block ? parseEvent(block.lines.at(-1) ?? '').at : 0;
    while (block) {
      const events = block.lines.map(parseEvent).filter((event) => now - event.at < KEY_TTL_MS);
      recent.unshift(...events);
      if (events.length < block.lines.length || block.first <= 1) break;
      block = this.#source.blockAt(this.room, block.first - 1);
    }
    for (const event of recent) this.#rememberKey(event);
  }

  #rememberKey({ author, json, offset, at }: StoredEvent): void {
    this.#keys.set(hashKey(author, keyOf(json)), { offset, at });
  }
}

function refused(code: ErrorCode, detail: string): Admission {
  return { kind: 'refused', code, detail };
}

function keyOf(json: string): string {
  return (JSON.parse(json) as { readonly key: string }).key;
}
