// LMDB does not survive a full disk: where a commit fails halfway, the process' memory is damaged, and it dies some writes
// later. So LMDB never meets one. Its file is kept longer than what is in it, by bytes that are written and so stand on the
// disk (a hole would not), and nothing is begun that could need more than that. A full disk is met here, where it is an error.

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { EngineError } from './engine.ts';

/** Pages that a write touches besides those that hold its value: the leaf, and what it is split into. */
const TOUCHED_PAGES = 2;
/** For what a commit touches once, whatever is in it: branches, roots, lists of free pages. */
const MARGIN_BYTES = 1_048_576;
/** Begun at a time while the file is too short, and how far it is made longer than it must be. */
const STEP_BYTES = 4_194_304;
const ZEROS = Buffer.alloc(262_144);

/** A file that is made longer ahead of its use. */
export interface Space {
  /** Resolves with how many bytes are free behind what is used: at least as many as asked for. Rejects with an EngineError. */
  reserve(bytes: number): Promise<number>;
}

/** The space of LMDB's file. `used` says how many of its bytes LMDB uses; nothing is written by LMDB during `reserve`. */
export class FileSpace implements Space {
  readonly #file: FileHandle;
  readonly #used: () => number;
  #end = 0;

  private constructor(file: FileHandle, used: () => number) {
    this.#file = file;
    this.#used = used;
  }

  static async of(path: string, used: () => number): Promise<FileSpace> {
    return new FileSpace(await open(path, 'r+'), used);
  }

  async reserve(bytes: number): Promise<number> {
    const used = this.#used();
    const { size } = await this.#file.stat();
    this.#end = Math.max(this.#end, size);
    if (this.#end < used + bytes) await this.#lengthen(used + bytes);
    return this.#end - used;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #lengthen(needed: number): Promise<void> {
    const wanted = needed + STEP_BYTES;
    try {
      while (this.#end < wanted) {
        const count = Math.min(ZEROS.length, wanted - this.#end);
        const { bytesWritten } = await this.#file.write(ZEROS, 0, count, this.#end);
        this.#end += bytesWritten;
      }
    } catch (error) {
      if (this.#end >= needed) return;
      throw new EngineError('store_failing', `The store can't be written: ${(error as Error).message}.`, { cause: error });
    }
  }
}

interface Waiting {
  readonly costBytes: number;
  readonly begin: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes that begin in the order of the calls, each as soon as there is space for it. */
export class SpacedWrites {
  readonly #space: Space;
  readonly #pageBytes: number;
  #freeBytes = 0;
  #underWay = 0;
  #waiting: Waiting[] = [];
  #isReserving = false;

  constructor(space: Space, pageBytes: number) {
    this.#space = space;
    this.#pageBytes = pageBytes;
  }

  /** `write` is to store so many bytes. Rejects as it does, or where there is no space; then it was not begun. */
  add(bytes: number, write: () => Promise<void>): Promise<void> {
    const costBytes = (Math.ceil(bytes / this.#pageBytes) + TOUCHED_PAGES) * this.#pageBytes;
    if (!this.#isReserving && this.#waiting.length === 0 && costBytes <= this.#freeBytes) return this.#begin(costBytes, write);
    return new Promise((resolve, reject) => {
      const begin = (): void => void this.#begin(costBytes, write).then(resolve, reject);
      this.#waiting.push({ costBytes, begin, reject });
      this.#reserveWhenIdle();
    });
  }

  async #begin(costBytes: number, write: () => Promise<void>): Promise<void> {
    this.#freeBytes -= costBytes;
    this.#underWay++;
    try {
      await write();
    } finally {
      this.#underWay--;
      this.#reserveWhenIdle();
    }
  }

  /** Only while nothing is under way is it known how much is used. */
  #reserveWhenIdle(): void {
    if (this.#isReserving || this.#underWay > 0 || this.#waiting.length === 0) return;
    this.#isReserving = true;
    void this.#reserve().finally(() => {
      this.#isReserving = false;
      this.#reserveWhenIdle();
    });
  }

  async #reserve(): Promise<void> {
    let costBytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && costBytes + waiting.costBytes > STEP_BYTES) break;
      costBytes += waiting.costBytes;
      count++;
    }
    try {
      this.#freeBytes = (await this.#space.reserve(costBytes + MARGIN_BYTES)) - MARGIN_BYTES;
      for (const { begin } of this.#waiting.splice(0, count)) begin();
    } catch (error) {
      this.#freeBytes = 0;
      // What waits behind it was asked for later, and would take effect before it if it were tried.
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    }
  }
}
