// What the embedded engine asks of what it writes to: prose and types. `lmdb-store.ts` writes to this machine's disk,
// `memory-store.ts` keeps what it is given as long as the process lives.
//
// A store keeps what it is told and knows nothing of what it means. Reads are synchronous, so that nothing comes between
// an offset's check and its use. Writes take effect in the order of the calls; they resolve once they stand, as firmly as
// the store promises, and reject with an EngineError where they don't. One engine at a time uses a store.

import type { ModerationEntry } from './moderation.ts';

/** Events of one room in the order of their offsets, a JSON text each. */
export interface Block {
  readonly first: number;
  readonly lines: readonly string[];
}

/** What a log reads of the store. */
export interface BlockSource {
  /** The block that holds `offset`, or the nearest one below it. */
  blockAt(room: string, offset: number): Block | undefined;
  /** Blocks that begin at `first` or later, upwards. */
  blocksFrom(room: string, first: number): Iterable<Block>;
  /** Offsets of the stored edits of a message, upwards. */
  editsOf(room: string, target: number): readonly number[];
  /** What moderators have set in the room. */
  moderationOf(room: string): Iterable<ModerationEntry>;
}

export interface Store extends BlockSource {
  /** What signs guests: made with the store. */
  readonly secret: string;
  /** One for all rooms: offsets never start again in the life of a store, since no room is ever forgotten whole. */
  readonly epoch: string;
  /**
   * Takes the events of one commit, all rooms together. It stands until the checkpoint that moves them into blocks, so a
   * store that does not outlive the process needs none: the log itself is in memory as long.
   */
  appendJournal(sequence: number, record: string): Promise<void>;
  /** What was appended and not trimmed, upwards: what a crash left. */
  journal(): Iterable<{ readonly sequence: number; readonly record: string }>;
  /** Forgets the records up to `sequence`. */
  trimJournal(sequence: number): Promise<void>;
  /** The offset below which a room's log is known to have been; undefined for a room that never had an event. */
  floor(room: string): number | undefined;
  putRoom(room: string, floor: number): Promise<void>;
  /** Names of the rooms, from the one after `after`, in an order that no write changes. */
  rooms(after: string | undefined, limit: number): readonly string[];
  /** A block with the same first offset takes the place of the one before. */
  putBlock(room: string, block: Block): Promise<void>;
  removeBlock(room: string, first: number): Promise<void>;
  putEdit(room: string, target: number, edit: number): Promise<void>;
  /** Without a value the entry goes. */
  putModeration(room: string, name: string, value: string | undefined): Promise<void>;
  putRead(room: string, memberId: string, offset: number): Promise<void>;
  readOf(room: string, memberId: string): number | undefined;
  /** Resolves after a true round trip: a write, and a read of what was written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
