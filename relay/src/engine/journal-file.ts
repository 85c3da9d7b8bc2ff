// One file of the journal as it is found: the records that are whole. A record that a crash cut short was never acknowledged:
// it and what is behind it go.

import { constants, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { EngineError } from './engine.ts';
import { corrupt } from './store-file.ts';

const HEADER_BYTES = 16;
const LENGTH_AT = 0;
const CHECKSUM_AT = 4;
const SEQUENCE_AT = 8;

/** What one commit has written. */
export interface JournalRecord {
  readonly sequence: number;
  readonly record: string;
}

export interface ReadJournalFile {
  readonly path: string;
  readonly fd: number;
  readonly records: readonly JournalRecord[];
  /** Bytes of the records that are whole: nothing is behind them any more. */
  readonly length: number;
}

/** A record as it goes to the file. */
export function encodeRecord(sequence: number, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(text));
  bytes.writeUInt32LE(bytes.length - HEADER_BYTES, LENGTH_AT);
  bytes.writeDoubleLE(sequence, SEQUENCE_AT);
  bytes.write(text, HEADER_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(SEQUENCE_AT)), CHECKSUM_AT);
  return bytes;
}

/** Opens or makes a file, and cuts off what is no whole record. Throws an EngineError where that would lose what was acknowledged. */
export function openJournalFile(path: string, durability: 'process' | 'disk'): ReadJournalFile {
  const fd = openFile(path);
  const bytes = readFileSync(fd);
  const records: JournalRecord[] = [];
  let length = 0;
  for (let found = readRecord(bytes, 0); found; found = readRecord(bytes, length)) {
    const before = records.at(-1);
    if (before && found.sequence !== before.sequence + 1) break;
    records.push(found);
    length = found.end;
  }
  // On a disk that had each record before the next was written, nothing whole can be behind a broken one.
  if (durability === 'disk' && isWholeBehind(bytes, length)) throw corrupt(path, `a record is broken at byte ${length}`);
  if (length < bytes.length) ftruncateSync(fd, length);
  return { path, fd, records, length };
}

/** True where the records of `newer` go on from those of `older`, or there are none of either. */
export function isNext(older: ReadJournalFile, newer: ReadJournalFile): boolean {
  const last = older.records.at(-1);
  const first = newer.records[0];
  return !last || !first || first.sequence === last.sequence + 1;
}

function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT);
  } catch (error) {
    throw new EngineError('data_dir_unusable', `The journal ${path} can't be opened: ${(error as Error).message}.`);
  }
}

function readRecord(bytes: Buffer, at: number): (JournalRecord & { readonly end: number }) | undefined {
  const end = endOf(bytes, at);
  if (end === undefined || crc32(bytes.subarray(at + SEQUENCE_AT, end)) !== bytes.readUInt32LE(at + CHECKSUM_AT))
    return undefined;
  return { sequence: bytes.readDoubleLE(at + SEQUENCE_AT), record: bytes.toString('utf8', at + HEADER_BYTES, end), end };
}

function isWholeBehind(bytes: Buffer, at: number): boolean {
  const end = endOf(bytes, at);
  return end !== undefined && readRecord(bytes, end) !== undefined;
}

/** Where the record ends that begins at `at`, by its own word; undefined where the file ends before. */
function endOf(bytes: Buffer, at: number): number | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const end = at + HEADER_BYTES + bytes.readUInt32LE(at + LENGTH_AT);
  return end > at + HEADER_BYTES && end <= bytes.length ? end : undefined;
}
