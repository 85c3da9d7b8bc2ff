// Beside the client: messages that an earlier page has not got stored come back with the next one. `@chat-room/sdk/outbox-storage`.
//
// Each message that is not stored has an entry of its own, written when it shows, removed when it is stored or discarded. The
// next page shows it again under its key: it is sent at once while the relay surely honours that key (P3), so that it is
// stored once whatever became of it; later it shows as failed, and the person decides.
//
// Several pages share one storage. Entries belong to the page that wrote them while it holds a lock, which ends with it: only
// what nobody owns any more is taken over. Where the platform has no locks a message may show in two pages until it is stored;
// it is stored once all the same.

import type { ChatClient } from './client.ts';
import type { JsonValue } from './protocol/index.ts';
import { KEY_TTL_MS } from './protocol/limits.ts';
import type { Room } from './room/room.ts';
import type { Message } from './types.ts';

/** The part of Web Storage that is used: `localStorage` fits. It may throw; then nothing is kept. */
export interface OutboxStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: { readonly ifAvailable?: boolean }, use: (lock: unknown) => unknown): Promise<unknown>;
}

export interface KeepOptions {
  /** Keeps those of several relays apart that share a storage: the relay's URL, say. Default: one relay. */
  readonly scope?: string;
  /** Default: the platform's, where it has any. */
  readonly locks?: Locks | undefined;
  /** Milliseconds since 1970. Default: the platform's clock. */
  readonly now?: () => number;
  /** Told of what is not kept: a full or forbidden storage, say. */
  readonly onError?: (error: unknown) => void;
}

/** One message, as it is kept. `member`: who wrote it; empty where that was not known yet. */
interface Entry {
  readonly member: string;
  readonly text: string;
  readonly replyTo?: string | undefined;
  readonly data?: JsonValue | undefined;
  readonly at: number;
  readonly failed: boolean;
}

const PREFIX = 'chat-room:outbox:';
/** How much of the time for which a key is honoured is left for the way to the relay. */
const MARGIN_MS = 60_000;
/** What nobody came back for is forgotten. */
const MAX_AGE_MS = 7 * 86_400_000;
/** Messages that one room takes over; what there is beyond it waits for the next page. */
const MAX_RESTORED = 100;

/**
 * Keeps the messages of a room that are not stored over the end of the page, and shows those of earlier pages again, once it is
 * known who one is. Call it before `join`, so that a message that was stored after all is never shown twice. Returns a
 * function that ends it; what is kept stays kept.
 */
export function keepOutbox(client: ChatClient, room: Room, storage: OutboxStorage, options: KeepOptions = {}): () => void {
  const outbox = new StoredOutbox(client, room, storage, options);
  return () => outbox.stop();
}

class StoredOutbox {
  readonly #client: ChatClient;
  readonly #room: Room;
  readonly #storage: OutboxStorage;
  readonly #options: KeepOptions;
  /** Names this page among those that share the storage. */
  readonly #owner = crypto.getRandomValues(new Uint32Array(2)).join('-');
  /** Idempotency key → the entry as it was written. */
  readonly #kept = new Map<string, string>();
  readonly #stops: (() => void)[];
  #release: (() => void) | undefined;
  #isRestored = false;

  constructor(client: ChatClient, room: Room, storage: OutboxStorage, options: KeepOptions) {
    this.#client = client;
    this.#room = room;
    this.#storage = storage;
    this.#options = options;
    this.#stops = [room.on('timeline', (messages) => this.#keep(messages)), client.on('status', () => this.#identified())];
    this.#keep(room.timeline);
    this.#identified();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#release?.();
  }

  get #locks(): Locks | undefined {
    const platform = globalThis as { readonly navigator?: { readonly locks?: Locks } };
    return 'locks' in this.#options ? this.#options.locks : platform.navigator?.locks;
  }

  // --- keeping ----------------------------------------------------------------------------------------------------

  #keep(messages: readonly Message[]): void {
    // Echoes stand last: where none is kept and the last is stored, there is nothing to do.
    if (this.#kept.size === 0 && messages.at(-1)?.delivery.state === 'stored') return;
    const unsent = new Map(messages.filter(({ delivery }) => delivery.state !== 'stored').map((one) => [one.key, one]));
    for (const key of this.#kept.keys()) if (!unsent.has(key)) this.#remove(key);
    for (const message of unsent.values()) this.#write(message);
    if (this.#kept.size > 0) this.#own();
    else this.#release?.();
  }

  #write({ key, from, text, replyTo, data, at, delivery }: Message): void {
    const member = from.id || (this.#client.member?.id ?? '');
    const entry: Entry = { member, text, replyTo, data, at, failed: delivery.state === 'failed' };
    const value = JSON.stringify(entry);
    if (this.#kept.get(key) === value) return;
    this.#kept.set(key, value);
    this.#attempt(() => this.#storage.setItem(this.#nameOf(this.#owner, key), value));
  }

  #remove(key: string): void {
    this.#kept.delete(key);
    this.#attempt(() => this.#storage.removeItem(this.#nameOf(this.#owner, key)));
  }

  /** Holds the lock while there is something to own, and no longer: a page that holds one is not kept for going back to. */
  #own(): void {
    if (this.#release) return;
    const held = new Promise<void>((resolve) => {
      this.#release = () => {
        this.#release = undefined;
        resolve();
      };
    });
    this.#locks?.request(lockOf(this.#owner), {}, () => held).catch((error: unknown) => this.#options.onError?.(error));
  }

  // --- restoring --------------------------------------------------------------------------------------------------

  /** Perhaps it is known by now who one is. */
  #identified(): void {
    if (this.#client.member === undefined) return;
    this.#keep(this.#room.timeline); // what was written before belongs to them
    if (this.#isRestored) return;
    this.#isRestored = true;
    this.#attempt(() => {
      for (const owner of this.#owners()) this.#takeOver(owner);
    });
  }

  /** Pages that have left something for this room. */
  #owners(): ReadonlySet<string> {
    const prefix = this.#roomPrefix;
    const owners = this.#names().map((name) => name.slice(prefix.length, name.indexOf(':', prefix.length)));
    return new Set(owners.filter((owner) => owner !== this.#owner));
  }

  #takeOver(owner: string): void {
    const take = (): void => this.#attempt(() => this.#take(owner));
    const locks = this.#locks;
    if (!locks) {
      take();
      return;
    }
    // Where the lock is held that page lives, and sees to its messages itself.
    const taken = locks.request(lockOf(owner), { ifAvailable: true }, (lock) => {
      if (lock) take();
    });
    taken.catch((error: unknown) => this.#options.onError?.(error));
  }

  #take(owner: string): void {
    const prefix = this.#nameOf(owner, '');
    const entries = this.#names()
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => {
        const entry = readEntry(this.#storage.getItem(name));
        if (entry && this.#now() - entry.at <= MAX_AGE_MS) return [{ name, key: name.slice(prefix.length), entry }];
        this.#storage.removeItem(name);
        return [];
      })
      .filter(({ entry }) => entry.member === '' || entry.member === this.#client.member?.id)
      .sort((a, b) => a.entry.at - b.entry.at);
    for (const { name, key, entry } of entries.slice(0, MAX_RESTORED)) {
      this.#restore(key, entry);
      this.#storage.removeItem(name); // it is this page's own from now on
    }
  }

  #restore(key: string, { member, text, replyTo, data, at, failed }: Entry): void {
    // One that was written before it was known by whom may be somebody else's: it is not sent in this member's name unasked.
    const held = failed || member === '' || this.#now() - at > KEY_TTL_MS - MARGIN_MS;
    this.#room.send(text, { key, replyTo, data, at, held }).catch(() => undefined); // the timeline tells what becomes of it
    this.#keep(this.#room.timeline);
  }

  // --- names ------------------------------------------------------------------------------------------------------

  get #roomPrefix(): string {
    return `${PREFIX}${JSON.stringify([this.#options.scope ?? '', this.#room.name])}:`; // the names end where the bracket does
  }

  #nameOf(owner: string, key: string): string {
    return `${this.#roomPrefix}${owner}:${key}`;
  }

  #names(): string[] {
    const names = Array.from({ length: this.#storage.length }, (_, i) => this.#storage.key(i));
    return names.filter((name): name is string => name?.startsWith(this.#roomPrefix) ?? false);
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onError?.(error);
    }
  }
}

function lockOf(owner: string): string {
  return PREFIX + owner;
}

/** Another version of this module, or somebody else, may have written it. */
function readEntry(text: string | null): Entry | undefined {
  try {
    const { member, text: said, replyTo, data, at, failed } = JSON.parse(text ?? '') as Partial<Entry>;
    if (typeof member !== 'string' || typeof said !== 'string' || typeof at !== 'number') return undefined;
    return { member, text: said, at, failed: failed === true, data, ...(typeof replyTo === 'string' && { replyTo }) };
  } catch {
    return undefined;
  }
}
