// What stands on the disk, and nothing of what it means. Two small files are the journal (journal.ts): one write a commit,
// however many rooms it touches. One LMDB file holds the rest:
//   blocks    [room, first offset] → up to BLOCK_EVENTS events, a line each: where the journal's events go in time
//   rooms     room → the offset its log had reached when its last events were forgotten, 0 before that
//   edits     [room, offset of the message, offset of the edit] → true
//   reads     [room, member id] → offset
//   moderation  [room, name of an entry] → what moderators have set, as JSON
//   meta      schema version, the store's epoch, the relay's secret

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import { lockDataDir } from './data-lock.ts';
import { EngineError } from './engine.ts';
import { FileSpace, SpacedWrites } from './file-space.ts';
import type { Durability } from './journal.ts';
import { Journal } from './journal.ts';
import type { JournalRecord } from './journal-file.ts';
import type { ModerationEntry } from './moderation.ts';
import type { Block, Store } from './store.ts';
import { checkStoreFile, corrupt } from './store-file.ts';

const SCHEMA = 2;
const PROBE_BYTES = 65_536;
/** Names of moderation entries begin with a small letter. */
const FIRST_NAME = 'a';
const BEHIND_NAMES = '{';

export class LmdbStore implements Store {
  readonly #root: RootDatabase;
  readonly #space: FileSpace;
  readonly #writes: SpacedWrites;
  readonly #unlock: () => void;
  readonly #journal: Journal;
  readonly #blocks: Database<string, [string, number]>;
  readonly #rooms: Database<number, string>;
  readonly #edits: Database<boolean, [string, number, number]>;
  readonly #reads: Database<number, [string, string]>;
  readonly #moderation: Database<string, [string, string]>;
  readonly #meta: Database<string, string>;

  private constructor(root: RootDatabase, space: FileSpace, journal: Journal, unlock: () => void) {
    this.#root = root;
    this.#space = space;
    this.#writes = new SpacedWrites(space, statsOf(root).pageSize);
    this.#unlock = unlock;
    this.#journal = journal;
    this.#blocks = root.openDB('blocks', { encoding: 'string' });
    this.#rooms = root.openDB('rooms', { encoding: 'json' });
    this.#edits = root.openDB('edits', { encoding: 'json' });
    this.#reads = root.openDB('reads', { encoding: 'json' });
    this.#moderation = root.openDB('moderation', { encoding: 'string' });
    this.#meta = root.openDB('meta', { encoding: 'string' });
  }

  /** Opens or makes the store in `dir`. Throws an EngineError with one sentence for the operator. */
  static async open(dir: string, durability: Durability): Promise<LmdbStore> {
    prepareDir(dir);
    const path = join(dir, 'rooms.lmdb');
    const unlock = lockDataDir(dir);
    let journal: Journal | undefined;
    let space: FileSpace | undefined;
    try {
      checkStoreFile(path);
      journal = Journal.open(dir, durability);
      const root = openRoot(path, durability);
      space = await FileSpace.of(path, () => usedBytes(root));
      const store = new LmdbStore(root, space, journal, unlock);
      await store.#prepare(path);
      return store;
    } catch (error) {
      await Promise.all([journal?.close(), space?.close()]);
      unlock();
      throw error instanceof EngineError ? error : corrupt(path, (error as Error).message);
    }
  }

  async #prepare(path: string): Promise<void> {
    const schema = Number(this.#meta.get('schema') ?? 0);
    if (schema > SCHEMA) {
      await this.#root.close();
      throw new EngineError('store_newer', `The store ${path} was written by a newer version: start that version of the relay.`);
    }
    if (schema === 1) await this.#leaveFirstSchema(path);
    if (schema === 0) {
      await this.#putMeta('secret', randomBytes(32).toString('base64url'));
      await this.#putMeta('epoch', randomBytes(6).toString('base64url'));
    }
    if (schema < SCHEMA) await this.#putMeta('schema', String(SCHEMA));
  }

  /** The first schema had its journal in the LMDB file. A relay that was stopped left nothing there, one that was killed did. */
  async #leaveFirstSchema(path: string): Promise<void> {
    const journal = this.#root.openDB<string, number>('journal', { encoding: 'string', keyEncoding: 'ordered-binary' });
    if (journal.getCount({ limit: 1 }) === 0) return;
    await this.#root.close();
    throw new EngineError(
      'store_older',
      `The store ${path} was left by an earlier version that was killed: start that version once more, and stop it.`,
    );
  }

  get secret(): string {
    return this.#meta.get('secret') ?? '';
  }

  get epoch(): string {
    return this.#meta.get('epoch') ?? '';
  }

  /** Resolves once the record is committed as the durability says. */
  appendJournal(sequence: number, record: string): Promise<void> {
    return this.#journal.append(sequence, record);
  }

  journal(): Iterable<JournalRecord> {
    return this.#journal.records();
  }

  /** Forgets the records up to `sequence`, once the disk has the blocks that took their place: else a loss of power would take both. */
  async trimJournal(sequence: number): Promise<void> {
    await settled(this.#root.flushed);
    await this.#journal.trim(sequence);
  }

  floor(room: string): number | undefined {
    return this.#rooms.get(room);
  }

  putRoom(room: string, floor: number): Promise<void> {
    return this.#write(0, () => this.#rooms.put(room, floor));
  }

  /** Room names in the order of their keys, from the one after `after`. */
  rooms(after: string | undefined, limit: number): string[] {
    const names = this.#rooms.getKeys({ ...(after !== undefined && { start: after }), limit: limit + 1 });
    return [...names].filter((name) => name !== after).slice(0, limit);
  }

  putBlock(room: string, block: Block): Promise<void> {
    const text = block.lines.join('\n');
    return this.#write(Buffer.byteLength(text), () => this.#blocks.put([room, block.first], text));
  }

  removeBlock(room: string, first: number): Promise<void> {
    return this.#write(0, () => this.#blocks.remove([room, first]));
  }

  blockAt(room: string, offset: number): Block | undefined {
    for (const block of this.#range({ start: [room, offset], end: [room, 0], reverse: true, limit: 1 })) return block;
    return undefined;
  }

  blocksFrom(room: string, first: number): Iterable<Block> {
    return this.#range({ start: [room, first], end: [room, Number.MAX_SAFE_INTEGER] });
  }

  *#range(range: { start: [string, number]; end: [string, number]; reverse?: boolean; limit?: number }): Generator<Block> {
    for (const { key, value } of this.#blocks.getRange(range)) yield { first: key[1], lines: value.split('\n') };
  }

  putEdit(room: string, target: number, edit: number): Promise<void> {
    return this.#write(0, () => this.#edits.put([room, target, edit], true));
  }

  editsOf(room: string, target: number): number[] {
    const keys = this.#edits.getKeys({ start: [room, target, 0], end: [room, target, Number.MAX_SAFE_INTEGER] });
    return [...keys].map((key) => key[2]);
  }

  *moderationOf(room: string): Generator<ModerationEntry> {
    const entries = this.#moderation.getRange({ start: [room, FIRST_NAME], end: [room, BEHIND_NAMES] });
    for (const { key, value } of entries) yield { name: key[1], value };
  }

  putModeration(room: string, name: string, value: string | undefined): Promise<void> {
    const key: [string, string] = [room, name];
    if (value === undefined) return this.#write(0, () => this.#moderation.remove(key));
    return this.#write(Buffer.byteLength(value), () => this.#moderation.put(key, value));
  }

  putRead(room: string, memberId: string, offset: number): Promise<void> {
    return this.#write(0, () => this.#reads.put([room, memberId], offset));
  }

  readOf(room: string, memberId: string): number | undefined {
    return this.#reads.get([room, memberId]);
  }

  /** A write, its commit, and a read of what was written: as large as a busy commit, or a disk with a page left would pass. */
  async probe(): Promise<void> {
    const token = randomBytes(PROBE_BYTES / 2).toString('hex');
    await this.#putMeta('probe', token);
    if (this.#meta.get('probe') !== token)
      throw new EngineError('store_failing', 'The store does not return what was written to it.');
    await this.#journal.probe();
  }

  async close(): Promise<void> {
    await this.#root.flushed;
    await this.#journal.close();
    await this.#root.close();
    await this.#space.close();
    this.#unlock();
  }

  #putMeta(name: string, value: string): Promise<void> {
    return this.#write(value.length, () => this.#meta.put(name, value));
  }

  /** Every write goes this way: LMDB must not meet a full disk. */
  #write(bytes: number, write: () => Promise<unknown>): Promise<void> {
    return this.#writes.add(bytes, () => settled(write()));
  }
}

function openRoot(path: string, durability: Durability): RootDatabase {
  return open({
    path,
    noSubdir: true,
    maxDbs: 8,
    // With overlapping sync a commit resolves when it is visible, and the disk follows; without, when the disk has it.
    overlappingSync: durability === 'process',
    // A batch of its own around each turn would leave a rejection behind that nobody can catch when the disk is full.
    eventTurnBatching: false,
  });
}

/** Of what lmdb-js tells of a file, with a type of `{}`: the size of a page, and the number of the last one in use. */
function statsOf(root: RootDatabase): { readonly pageSize: number; readonly lastPageNumber: number } {
  return root.getStats() as { readonly pageSize: number; readonly lastPageNumber: number };
}

function usedBytes(root: RootDatabase): number {
  const { pageSize, lastPageNumber } = statsOf(root);
  return (lastPageNumber + 1) * pageSize;
}

function prepareDir(dir: string): void {
  try {
    makeDir(resolve(dir));
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EngineError(
      'data_dir_unusable',
      `The data directory ${dir} can't be written (${(error as NodeJS.ErrnoException).code}): make it writable, or choose another with --data.`,
    );
  }
}

/** As mkdir -p. Node's own recursive mkdir never returns where a file system such as /proc refuses with ENOENT. */
function makeDir(dir: string): void {
  if (existsSync(dir)) return;
  makeDir(dirname(dir));
  mkdirSync(dir);
}

/** Waits for a write. LMDB's failure carries a second promise with the cause: it is awaited too, or it would go unhandled. */
async function settled(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const cause = await causeOf(error);
    throw new EngineError('store_failing', `The store can't be written: ${cause}.`, { cause: error });
  }
}

async function causeOf(error: unknown): Promise<string> {
  try {
    await (error as { readonly commitError?: Promise<unknown> }).commitError;
    return (error as Error).message;
  } catch (cause) {
    return (cause as Error).message;
  }
}
