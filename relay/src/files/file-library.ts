// What is known of files, and how long they live, over any store. Everything is in keys, so that relays which share a store
// need nothing else to agree, and a crash between two writes leaves nothing that a later sweep does not find:
//
//   unused/<id>             no message refers to it yet. Written before the file, removed when a message does
//   files/<day>/<id>        its bytes
//   records/<day>/<id>      what it is. A file exists once this does
//   messages/<xx>/<digest>  the ids of the files of one message
//   used/<day>/<id>         the digest of the message that it belongs to
//
// A file belongs to the first message of its uploader, in the room it was uploaded for, that refers to it: it goes with
// that message, and nobody else's message can take it along.

import { createHash } from 'node:crypto';
import { UNUSED_FILE_TTL_MS } from '@chat-room/sdk/protocol';
import { type BlobStore, bodyOf } from './blob-store.ts';
import { timeOfFileId } from './file-id.ts';

/** What is known of a file. */
export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly disposition: 'inline' | 'attachment';
  readonly bytes: number;
  /** Pixels, where it is a picture that says so. */
  readonly width?: number;
  readonly height?: number;
  readonly room: string;
  /** Id of the member who uploaded it. */
  readonly member: string;
}

/** One stored message. */
export interface MessagePlace {
  readonly room: string;
  readonly epoch: string;
  readonly offset: number;
}

/** Digits of an id that files are kept together by: some 17 hours. */
const DAY_DIGITS = 4;
/** Files that one sweep removes at the most: the next one goes on. */
const SWEEP_LIMIT = 100;
const DAY_MS = 86_400_000;

export class FileLibrary {
  readonly #store: BlobStore;
  /** How long messages are kept, and files with them; Infinity for ever. */
  readonly #keepMs: number;

  constructor(store: BlobStore, keepMs: number) {
    this.#store = store;
    this.#keepMs = keepMs;
  }

  /** What a file is; undefined where there is none. */
  async record(id: string): Promise<FileRecord | undefined> {
    const json = await this.#store.get(recordKey(id));
    return json && (JSON.parse(Buffer.from(json).toString()) as FileRecord); // we wrote it
  }

  /** The bytes from `start` to `end`, both included. */
  read(id: string, start: number, end: number): AsyncIterable<Uint8Array> {
    return this.#store.read(fileKey(id), start, end);
  }

  /** Keeps a file. `describe` is asked once all of the body has passed. Where it rejects, nothing is left of the file. */
  async put(id: string, bytes: number, body: AsyncIterable<Uint8Array>, describe: () => FileRecord): Promise<FileRecord> {
    try {
      await this.#putText(unusedKey(id), '');
      await this.#store.put(fileKey(id), bytes, body);
      const record = describe();
      await this.#putText(recordKey(id), JSON.stringify(record));
      return record;
    } catch (error) {
      await this.#remove(id).catch(() => undefined); // the sweep will: it is marked as unused
      throw error;
    }
  }

  /** A message of `member` was stored that refers to these files: those that are theirs, and no other message's, are now its own. */
  async use(message: MessagePlace, member: string, ids: readonly string[]): Promise<void> {
    const digest = digestOf(message);
    const own: string[] = [];
    for (const id of ids) if (await this.#isFor(id, message.room, member, digest)) own.push(id);
    if (own.length === 0) return;
    await this.#putText(messageKey(digest), own.join('\n'));
    for (const id of own) {
      await this.#putText(usedKey(id), digest);
      await this.#store.remove(unusedKey(id));
    }
  }

  /** A message was deleted: its files go. Returns how many. */
  async removeOf(message: MessagePlace): Promise<number> {
    const digest = digestOf(message);
    const ids = await this.#text(messageKey(digest));
    if (ids === undefined) return 0;
    const own = ids.split('\n');
    for (const id of own) await this.#remove(id);
    await this.#store.remove(messageKey(digest));
    return own.length;
  }

  /**
   * Removes files that no message refers to a day after they were asked for, and those whose message is kept no longer.
   * Returns how many; where that is as many as one sweep removes, there may be more.
   */
  async sweep(now: number): Promise<number> {
    await this.#store.removeUnfinished?.(now);
    const unused = await this.#store.list('unused/', SWEEP_LIMIT);
    const forgotten = this.#keepMs === Number.POSITIVE_INFINITY ? [] : await this.#store.list('files/', SWEEP_LIMIT);
    // A message is younger than its files, by a day at the most.
    const outdated = olderThan(forgotten, now - this.#keepMs - DAY_MS);
    for (const id of outdated) await this.#forget(id);
    const waiting = olderThan(unused, now - UNUSED_FILE_TTL_MS);
    for (const id of waiting) await this.#settleUnused(id);
    return outdated.length + waiting.length;
  }

  async #forget(id: string): Promise<void> {
    const digest = await this.#text(usedKey(id));
    await this.#remove(id);
    if (digest !== undefined) await this.#store.remove(messageKey(digest));
  }

  /** One that a message took when its relay died is in use, whatever else it is marked as. */
  async #settleUnused(id: string): Promise<void> {
    if ((await this.#text(usedKey(id))) === undefined) await this.#remove(id);
    else await this.#store.remove(unusedKey(id));
  }

  /** What marks it as unused goes last: until then a sweep comes back to it. */
  async #remove(id: string): Promise<void> {
    for (const key of [recordKey(id), fileKey(id), usedKey(id), unusedKey(id)]) await this.#store.remove(key);
  }

  /** True where the file waits for its message, or has it, and it is this one: what was interrupted is done again. */
  async #isFor(id: string, room: string, member: string, digest: string): Promise<boolean> {
    const record = await this.record(id);
    if (record?.room !== room || record.member !== member) return false;
    const usedBy = await this.#text(usedKey(id));
    return usedBy === undefined || usedBy === digest;
  }

  #putText(key: string, text: string): Promise<void> {
    return this.#store.put(key, Buffer.byteLength(text), bodyOf(text));
  }

  async #text(key: string): Promise<string | undefined> {
    const bytes = await this.#store.get(key);
    return bytes && Buffer.from(bytes).toString();
  }
}

const unusedKey = (id: string): string => `unused/${id}`;
const fileKey = (id: string): string => `files/${id.slice(0, DAY_DIGITS)}/${id}`;
const recordKey = (id: string): string => `records/${id.slice(0, DAY_DIGITS)}/${id}`;
const usedKey = (id: string): string => `used/${id.slice(0, DAY_DIGITS)}/${id}`;
const messageKey = (digest: string): string => `messages/${digest.slice(0, 2)}/${digest}`;

function digestOf({ room, epoch, offset }: MessagePlace): string {
  return createHash('sha256')
    .update(JSON.stringify([room, epoch, offset]))
    .digest('hex')
    .slice(0, 40);
}

function olderThan(keys: readonly string[], time: number): readonly string[] {
  return keys.map((key) => key.slice(key.lastIndexOf('/') + 1)).filter((id) => timeOfFileId(id) < time);
}
