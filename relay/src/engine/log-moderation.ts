// A room's moderation as its log holds it: what is staged holds for what is staged after it, and is taken back where it can't
// be committed; what is committed waits for the checkpoint that writes it.

import type { ErrorCode } from '@chat-room/sdk/protocol';
import type { Draft, StoredEvent } from './engine.ts';
import { Moderation } from './moderation.ts';
import { SlowSenders } from './slow-senders.ts';

/** An entry as the store is to have it; without a value it goes. */
export interface EntryWrite {
  readonly name: string;
  readonly value: string | undefined;
}

/** Why a draft is not taken. */
export interface DraftRefusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryAfterMs?: number;
}

export class LogModeration {
  /** With what is staged. */
  #state: Moderation | undefined;
  #senders: SlowSenders | undefined;
  /** Both as they are committed, while something that changes them is staged. */
  #before: { readonly state: Moderation | undefined; readonly senders: SlowSenders | undefined } | undefined;
  /** Names of entries that the store does not have as they are here: staged, committed, and being written. */
  #staged: string[] = [];
  readonly #unwritten = new Set<string>();
  #writing: readonly string[] = [];

  constructor(state: Moderation | undefined) {
    this.#state = state;
  }

  /** As it is committed. */
  get committed(): Moderation | undefined {
    return this.#before ? this.#before.state : this.#state;
  }

  /** Learns from the log's last events, the newest first, who wrote lately. */
  recall(newestFirst: Iterable<StoredEvent>, now: number): void {
    this.#senders = this.#newSenders();
    const recent: StoredEvent[] = [];
    for (const event of this.#senders ? newestFirst : []) {
      if (!this.#senders?.counts(event, now, recent.length)) break;
      if (event.type === 'message') recent.push(event);
    }
    for (const event of recent.reverse()) this.#senders?.note(event);
  }

  /** Why a draft is not taken, for what moderators have set; undefined where it is. */
  refusal({ body, from, moderator }: Draft, now: number): DraftRefusal | undefined {
    const state = this.#state;
    if (!state) return undefined;
    if (moderator) {
      if (body.type !== 'moderation' || !state.isFullFor(body.action, now)) return undefined;
      return { code: 'too_many_sanctions', detail: 'the room has no place for another' };
    }
    const refusal = state.refusal(from.id, 'write', now);
    if (refusal || body.type !== 'message') return refusal;
    const waitMs = this.#senders?.waitMs(from.id, now) ?? 0;
    return waitMs > 0 ? { code: 'slow_mode', detail: `wait ${waitMs} ms`, retryAfterMs: waitMs } : undefined;
  }

  /** Takes an event that was given its place. It takes effect at once; `commit` or `rollback` follows. */
  stage(event: StoredEvent): void {
    if (event.type === 'message') this.#senders?.note(event);
    if (event.type !== 'moderation' && !this.#removesPin(event)) return;
    if (!this.#before) {
      this.#before = { state: this.#state, senders: this.#senders };
      this.#state = this.#state?.copy();
    }
    const slow = this.#state?.slowMode;
    this.#state ??= Moderation.none();
    const name = this.#state.apply(event);
    if (name !== undefined) this.#staged.push(name, ...this.#state.makeRoom(event.at));
    if (this.#state.slowMode !== slow) this.#senders = this.#newSenders();
  }

  /** What was staged is stored. */
  commit(): void {
    for (const name of this.#staged) this.#unwritten.add(name);
    this.#staged = [];
    this.#before = undefined;
    if (this.#state?.isEmpty) this.#state = undefined;
  }

  /** What was staged, these events among it, could not be stored. */
  rollback(events: readonly StoredEvent[]): void {
    if (this.#before) {
      this.#state = this.#before.state;
      this.#senders = this.#before.senders;
    }
    for (const event of events) if (event.type === 'message') this.#senders?.forget(event);
    this.#staged = [];
    this.#before = undefined;
  }

  /** What brings the store up to date. End with `written` or `notWritten`. */
  beginWriting(): readonly EntryWrite[] {
    this.#writing = [...this.#unwritten];
    this.#unwritten.clear();
    return this.#writing.map((name) => ({ name, value: this.committed?.entry(name) }));
  }

  written(): void {
    this.#writing = [];
  }

  notWritten(): void {
    for (const name of this.#writing) this.#unwritten.add(name);
    this.#writing = [];
  }

  #removesPin({ redacts }: StoredEvent): boolean {
    const pinned = this.#state?.pinned;
    return redacts !== undefined && pinned !== undefined && redacts.includes(pinned);
  }

  #newSenders(): SlowSenders | undefined {
    const slow = this.#state?.slowMode;
    return slow && new SlowSenders(slow);
  }
}
