// The journal on the disk: what is committed and not in blocks yet. A record is a header and a text:
//   4 bytes  length of the text
//   4 bytes  CRC-32 of the sequence and the text
//   8 bytes  sequence, one more than that of the record before
// Numbers are little-endian. Two files take turns: while one takes what comes, the other can be emptied whole. One write a
// commit, at the end of a file: there is no cheaper way for it to outlive this process.

import { closeSync, fdatasync, fsyncSync, ftruncate, ftruncateSync, openSync, write, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from './engine.ts';
import type { JournalRecord, ReadJournalFile } from './journal-file.ts';
import { encodeRecord, isNext, openJournalFile } from './journal-file.ts';
import { corrupt } from './store-file.ts';

/** What a commit survives: the end of the process, or the loss of power as well. */
export type Durability = 'process' | 'disk';

const FILES = ['journal-a', 'journal-b'] as const;
/** As large as a busy commit, or a disk with a page left would pass. */
const PROBE = Buffer.alloc(65_536);

const writeAt = promisify(write);
const truncate = promisify(ftruncate);
const sync = promisify(fdatasync);

/** `length`: where its next record begins. `last`: the sequence of the last one. */
interface JournalFile {
  readonly fd: number;
  length: number;
  last: number;
}

export class Journal {
  readonly #durability: Durability;
  /** What a crash left, until it is taken over. */
  #left: readonly JournalRecord[];
  #active: JournalFile;
  #other: JournalFile;
  /** Its operations run one after the other. */
  #done: Promise<void> = Promise.resolve();

  private constructor(durability: Durability, older: ReadJournalFile, newer: ReadJournalFile) {
    this.#durability = durability;
    this.#left = [...older.records, ...newer.records];
    this.#other = fileOf(older);
    this.#active = fileOf(newer);
  }

  /** Opens or makes the journal in `dir`. Throws an EngineError where it is damaged. */
  static open(dir: string, durability: Durability): Journal {
    const files = FILES.map((name) => openJournalFile(join(dir, name), durability));
    const [older, newer] = files.sort((a, b) => startOf(a) - startOf(b)) as [ReadJournalFile, ReadJournalFile];
    if (durability === 'disk') syncDirectory(dir);
    if (isNext(older, newer)) return new Journal(durability, older, newer);
    // A loss of power may take any part of what was not on the disk yet: the log is whole up to there, and ends there. Where all
    // was on the disk before it counted, something else took it.
    if (durability === 'disk') throw corrupt(older.path, 'records are missing at its end');
    ftruncateSync(newer.fd, 0);
    return new Journal(durability, older, { ...newer, records: [], length: 0 });
  }

  /** What was there when it was opened, upwards. Once only. */
  *records(): Generator<JournalRecord> {
    yield* this.#left;
    this.#left = [];
  }

  /** Resolves once the record survives what the durability says. Rejects where it could not be written; it is not there then. */
  append(sequence: number, text: string): Promise<void> {
    const record = encodeRecord(sequence, text);
    return this.#next(async () => {
      const file = this.#active;
      await this.#write(file, record);
      file.length += record.length;
      file.last = sequence;
    });
  }

  /** Forgets the records up to `sequence`; those in one file with later ones go with these. */
  trim(sequence: number): Promise<void> {
    return this.#next(async () => {
      await empty(this.#other, sequence);
      if (this.#other.length > 0) return;
      [this.#active, this.#other] = [this.#other, this.#active];
      await empty(this.#other, sequence);
    });
  }

  /** Writes as much as a large commit would, and takes it back. */
  probe(): Promise<void> {
    return this.#next(async () => {
      await this.#write(this.#active, PROBE);
      await truncate(this.#active.fd, this.#active.length);
    });
  }

  close(): Promise<void> {
    return this.#next(async () => {
      for (const { fd } of [this.#active, this.#other]) closeSync(fd);
    });
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#done.then(work).catch((error: Error) => {
      throw new EngineError('store_failing', `The store can't be written: ${error.message}.`, { cause: error });
    });
    this.#done = done.catch(() => undefined);
    return done;
  }

  async #write({ fd, length }: JournalFile, bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) done += await this.#writeSome(fd, bytes, done, length + done);
      if (this.#durability === 'disk') await sync(fd);
    } catch (error) {
      await truncate(fd, length).catch(() => undefined); // else what comes next is written over it
      throw error;
    }
  }

  /**
   * Into the kernel's memory it is written at once: that takes microseconds, and to have another thread do it takes several times
   * as long. What waits for the disk must not hold up the loop.
   */
  #writeSome(fd: number, bytes: Buffer, from: number, position: number): number | Promise<number> {
    if (this.#durability === 'process') return writeSync(fd, bytes, from, bytes.length - from, position);
    return writeAt(fd, bytes, from, bytes.length - from, position).then(({ bytesWritten }) => bytesWritten);
  }
}

async function empty(file: JournalFile, sequence: number): Promise<void> {
  if (file.length === 0 || file.last > sequence) return;
  await truncate(file.fd, 0);
  file.length = 0;
}

function fileOf({ fd, length, records }: ReadJournalFile): JournalFile {
  return { fd, length, last: records.at(-1)?.sequence ?? 0 };
}

/** An empty file is the one that takes what comes. */
function startOf({ records }: ReadJournalFile): number {
  return records[0]?.sequence ?? Number.POSITIVE_INFINITY;
}

/** That the files are there must survive as well. */
function syncDirectory(dir: string): void {
  const fd = openSync(dir, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
