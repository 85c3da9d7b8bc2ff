// The logs that are in memory: loaded when first asked for, let go of when idle for a while, or sooner where there are
// too many. What leaves can be had from the store again, so only idle logs leave.

import type { Retention } from './room-log.ts';
import { RoomLog } from './room-log.ts';
import type { Store } from './store.ts';

/** Logs in memory past which each new one sends the longest unused away, however short that is. */
const MAX_LOGS = 20_000;
const EVICTION_LOOKS = 4;
const IDLE_MS = 60_000;
/** Rooms looked through for what retention no longer keeps, at a time. */
const EXPIRY_SLICE = 500;

export class RoomLogs {
  readonly #store: Store;
  readonly #epoch: string;
  readonly #retention: (room: string) => Retention;
  readonly #now: () => number;
  readonly #logs = new Map<string, RoomLog>();
  /** The last room of the slice that was looked through last. */
  #looked: string | undefined;

  constructor(store: Store, retention: (room: string) => Retention, now: () => number) {
    this.#store = store;
    this.#epoch = store.epoch;
    this.#retention = retention;
    this.#now = now;
  }

  get size(): number {
    return this.#logs.size;
  }

  get(room: string): RoomLog {
    const now = this.#now();
    const known = this.#logs.get(room);
    if (known) {
      known.usedAt = now;
      return known;
    }
    const log = new RoomLog(room, this.#epoch, this.#store.floor(room), this.#store, this.#retention(room), now);
    this.#logs.set(room, log);
    if (this.#logs.size > MAX_LOGS) this.#evict();
    return log;
  }

  /** Lets go of the logs that nobody has asked for in a while. */
  releaseIdle(): void {
    const now = this.#now();
    for (const [room, log] of this.#logs) if (log.isIdle && now - log.usedAt >= IDLE_MS) this.#logs.delete(room);
  }

  /** Forgets what retention no longer keeps, in the next slice of all rooms. Rejects where the store can't be written. */
  async expireSlice(): Promise<void> {
    const rooms = this.#store.rooms(this.#looked, EXPIRY_SLICE);
    this.#looked = rooms.length < EXPIRY_SLICE ? undefined : rooms.at(-1);
    for (const room of rooms) {
      const wasLoaded = this.#logs.has(room);
      const log = this.get(room);
      await this.#expire(log);
      // It may have left and come back meanwhile: then the one in memory is another, and perhaps in use.
      if (!wasLoaded && log.isIdle && this.#logs.get(room) === log) this.#logs.delete(room);
    }
  }

  async #expire(log: RoomLog): Promise<void> {
    const expired = log.expired(this.#retention(log.room), this.#now());
    if (expired.length === 0) return;
    await this.#store.putRoom(log.room, log.position.offset); // first: its last block is what tells how far a log has come
    await Promise.all(expired.map((first) => this.#store.removeBlock(log.room, first)));
  }

  /** Looks at the logs that have been here longest, and lets go of the idle ones. */
  #evict(): void {
    let looks = 0;
    for (const [room, log] of this.#logs) {
      if (++looks > EVICTION_LOOKS) return;
      this.#logs.delete(room);
      if (!log.isIdle) this.#logs.set(room, log); // to the end of the line
    }
  }
}
