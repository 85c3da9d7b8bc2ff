// What the embedded engine would have on a disk, in memory: for tests, and for programs that keep nothing.
//
// What it holds is bounded by retention: events past it leave with the engine's sweeps, each of which looks through some
// hundred rooms. Of a room whose events are all forgotten a name and a number stay, since its offsets must not start
// again; read positions are bounded over all rooms. Whoever holds on to the store may open it again: it ends with the
// process, and nothing else takes anything from it.

import { randomBytes } from 'node:crypto';
import type { ModerationEntry } from './moderation.ts';
import type { Block, Store } from './store.ts';

/** Read positions over all rooms. Beyond it the one told longest ago goes: they are best effort by contract. */
const MAX_READS = 100_000;

/** One room. `number` is its place in the order of the rooms. */
interface StoredRoom {
  readonly number: number;
  floor: number | undefined;
  /** In the order of their first offsets. */
  readonly blocks: Block[];
  /** Offset of a message → offsets of its edits. */
  readonly edits: Map<number, number[]>;
  /** What moderators have set: name → value. */
  readonly moderation: Map<string, string>;
}

export class MemoryStore implements Store {
  readonly secret = randomBytes(32).toString('base64url');
  readonly epoch = randomBytes(6).toString('base64url');
  readonly #rooms = new Map<string, StoredRoom>();
  readonly #names: string[] = [];
  readonly #reads = new Map<string, number>();

  /** Nothing to keep: see `Store`. It takes one turn of the loop, so that many publishes go into one group, as on a disk. */
  appendJournal(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  *journal(): Generator<never> {}

  async trimJournal(): Promise<void> {}

  floor(room: string): number | undefined {
    return this.#rooms.get(room)?.floor;
  }

  async putRoom(room: string, floor: number): Promise<void> {
    this.#room(room).floor = floor;
  }

  rooms(after: string | undefined, limit: number): readonly string[] {
    const from = after === undefined ? 0 : (this.#rooms.get(after)?.number ?? this.#names.length - 1) + 1;
    return this.#names.slice(from, from + limit);
  }

  async putBlock(room: string, block: Block): Promise<void> {
    const { blocks } = this.#room(room);
    const index = indexFrom(blocks, block.first);
    blocks.splice(index, blocks[index]?.first === block.first ? 1 : 0, block);
  }

  async removeBlock(room: string, first: number): Promise<void> {
    const { blocks, edits } = this.#room(room);
    const index = indexFrom(blocks, first);
    if (blocks[index]?.first !== first) return;
    blocks.splice(index, 1);
    const start = blocks[0]?.first ?? Number.POSITIVE_INFINITY;
    for (const target of edits.keys()) if (target < start) edits.delete(target);
  }

  blockAt(room: string, offset: number): Block | undefined {
    const blocks = this.#rooms.get(room)?.blocks ?? [];
    return blocks[indexFrom(blocks, offset + 1) - 1];
  }

  blocksFrom(room: string, first: number): Iterable<Block> {
    const blocks = this.#rooms.get(room)?.blocks ?? [];
    return first === 0 ? blocks : blocks.slice(indexFrom(blocks, first));
  }

  async putEdit(room: string, target: number, edit: number): Promise<void> {
    const { edits } = this.#room(room);
    const known = edits.get(target);
    if (known) known.push(edit);
    else edits.set(target, [edit]);
  }

  editsOf(room: string, target: number): readonly number[] {
    return this.#rooms.get(room)?.edits.get(target) ?? [];
  }

  *moderationOf(room: string): Generator<ModerationEntry> {
    for (const [name, value] of this.#rooms.get(room)?.moderation ?? []) yield { name, value };
  }

  async putModeration(room: string, name: string, value: string | undefined): Promise<void> {
    const { moderation } = this.#room(room);
    if (value === undefined) moderation.delete(name);
    else moderation.set(name, value);
  }

  async putRead(room: string, memberId: string, offset: number): Promise<void> {
    const name = readName(room, memberId);
    this.#reads.delete(name); // so that it is the newest
    this.#reads.set(name, offset);
    const [oldest] = this.#reads.keys();
    if (this.#reads.size > MAX_READS && oldest !== undefined) this.#reads.delete(oldest);
  }

  readOf(room: string, memberId: string): number | undefined {
    return this.#reads.get(readName(room, memberId));
  }

  async probe(): Promise<void> {}

  async close(): Promise<void> {}

  #room(name: string): StoredRoom {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = { number: this.#names.length, floor: undefined, blocks: [], edits: new Map(), moderation: new Map() };
    this.#rooms.set(name, room);
    this.#names.push(name);
    return room;
  }
}

/** The index of the first block that begins at `first` or later. */
function indexFrom(blocks: readonly Block[], first: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Block).first < first) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Neither part can hold a line break, so no two pairs share a name.
function readName(room: string, memberId: string): string {
  return `${room}\n${memberId}`;
}
