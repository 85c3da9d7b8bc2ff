// The one way into the log, for whoever publishes: past the hook, where there is one, and then to the engine.
//
// Order. The hook is asked about many drafts at once and answers as it likes; what one author sends to one room is stored
// in the order in which it came all the same (PUB7): a draft whose verdict is there waits for those before it.
//
// Repeats. A publish that is repeated under its key must not be taken for another because the hook changed it, or changes
// it otherwise now. Its verdict is remembered as long as its key counts; while it is under way, the repeat gets the very
// same outcome. After a restart, or through another relay, the hook is asked again: it gets the key, to answer the same,
// and where it changes the event, the engine takes the key alone for it. A key that comes back with another event is
// refused with `key_reused` (PUB4) where this relay remembers the first, and by the engine where neither was changed.

import { createHash } from 'node:crypto';
import type { EventBody } from '@chat-room/sdk/protocol';
import type { Draft, Engine, PublishOutcome } from '../engine/engine.ts';
import type { HookCaller, Verdict } from './hook-caller.ts';
import type { Remembered } from './verdict-memory.ts';
import { VerdictMemory } from './verdict-memory.ts';

export type Stored = Extract<PublishOutcome, { readonly ok: true }>;

export interface PublisherParts {
  readonly engine: Pick<Engine, 'publish'>;
  readonly hook?: HookCaller;
  /** A draft was stored, as it is here, now or before under the same key. Must not throw. */
  readonly onStored?: (room: string, draft: Draft, outcome: Stored) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Drafts that wait for a verdict, or behind one that does; beyond it they are refused with `overloaded`. */
const MAX_UNDER_WAY = 1_000;
const RETRY_AFTER_MS = 1_000;

interface UnderWay {
  readonly room: string;
  readonly draft: Draft;
  readonly name: string;
  readonly digest: string;
  readonly resolve: (outcome: PublishOutcome | Promise<PublishOutcome>) => void;
  verdict: Verdict | undefined;
}

export class Publisher {
  /** Stores a draft, once for its key, unless the hook refuses it. Without hook and listener it is the engine's own. */
  readonly publish: (room: string, draft: Draft) => Promise<PublishOutcome>;
  readonly #parts: PublisherParts;
  readonly #memory = new VerdictMemory();
  /** Drafts of one author in one room, in the order in which they came. */
  readonly #lanes = new Map<string, UnderWay[]>();
  readonly #outcomes = new Map<string, { readonly digest: string; readonly outcome: Promise<PublishOutcome> }>();
  #count = 0;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    const { engine, hook, onStored } = parts;
    if (hook) this.publish = (room, draft) => this.#publish(hook, room, draft);
    else if (onStored) this.publish = (room, draft) => this.#store(room, draft);
    else this.publish = engine.publish.bind(engine);
  }

  /** Ends the asking: what is being asked about is handed to the engine, what waits and what comes is refused with `draining`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#parts.hook) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#parts.hook.close();
    if (this.#count > 0) await idle;
  }

  /** Hands a draft to the engine at once. The listener is told before the publisher: its reaction is the first. */
  #store(room: string, draft: Draft): Promise<PublishOutcome> {
    const stored = this.#parts.engine.publish(room, draft);
    const { onStored } = this.#parts;
    if (onStored) {
      const tell = (outcome: PublishOutcome): void => {
        if (outcome.ok) onStored(room, draft, outcome);
      };
      stored.then(tell, () => undefined); // who publishes hears of a rejection
    }
    return stored;
  }

  async #publish(hook: HookCaller, room: string, draft: Draft): Promise<PublishOutcome> {
    if (this.#isClosed) return { ok: false, code: 'draining' };
    const lane = `${room}\n${draft.from.id}`;
    const name = `${lane}\n${draft.key}`;
    const digest = digestOf(draft.body);
    const twin = this.#outcomes.get(name);
    if (twin?.digest === digest) return twin.outcome;
    const known = this.#memory.get(name);
    if (known?.isStored && known.digest !== digest)
      return { ok: false, code: 'key_reused', detail: 'the key stands for another event' };
    if (this.#count >= MAX_UNDER_WAY) return { ok: false, code: 'overloaded', retryAfterMs: RETRY_AFTER_MS };

    const verdict = known?.digest === digest ? known.verdict : undefined;
    const outcome = new Promise<PublishOutcome>((resolve) => {
      this.#enter(lane, { room, draft, name, digest, resolve, verdict }, hook);
    });
    this.#outcomes.set(name, { digest, outcome });
    try {
      return await outcome;
    } finally {
      if (this.#outcomes.get(name)?.outcome === outcome) this.#outcomes.delete(name);
    }
  }

  #enter(lane: string, entry: UnderWay, hook: HookCaller): void {
    this.#count++;
    const entries = this.#lanes.get(lane);
    if (entries) entries.push(entry);
    else this.#lanes.set(lane, [entry]);
    if (entry.verdict) {
      this.#advance(lane);
      return;
    }
    const { room, draft } = entry;
    const request = { room, from: draft.from, event: draft.body, key: draft.key };
    void hook.ask(request, draft.epoch).then((verdict) => {
      entry.verdict = verdict;
      this.#advance(lane);
    });
  }

  /** Hands over the drafts at the head of the lane whose verdicts are there. The engine keeps the order of the calls. */
  #advance(lane: string): void {
    const entries = this.#lanes.get(lane) ?? [];
    for (let first = entries[0]; first?.verdict; first = entries[0]) {
      entries.shift();
      this.#count--;
      first.resolve(this.#apply(first, first.verdict));
    }
    if (entries.length === 0) this.#lanes.delete(lane);
    if (this.#count === 0) this.#onIdle?.();
  }

  #apply({ room, draft, name, digest }: UnderWay, verdict: Verdict): PublishOutcome | Promise<PublishOutcome> {
    if (verdict.kind === 'refuse') {
      const { code, detail, retryAfterMs } = verdict;
      return { ok: false, code, detail, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    const known = this.#memory.get(name);
    const remembered: Remembered = known?.digest === digest ? known : { digest, verdict, isStored: false };
    this.#memory.set(name, remembered, this.#parts.now());
    const stored = this.#store(room, verdict.kind === 'change' ? { ...draft, body: verdict.body, changed: true } : draft);
    return stored.then((outcome) => {
      remembered.isStored ||= outcome.ok;
      return outcome;
    });
  }
}

function digestOf(body: EventBody): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64url');
}
