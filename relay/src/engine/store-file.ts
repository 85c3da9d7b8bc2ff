// A look at the store's file before LMDB maps it: LMDB trusts its file, and a damaged one ends the process with a
// signal that nobody can catch. Here it ends with a sentence.

import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EngineError } from './engine.ts';

const MAGIC = 0xbeefc0de;
const FORMAT = 2;
// Where lmdb-js keeps its two meta pages: a header of 24 bytes, then the fields of MDB_meta.
const HEADER_BYTES = 24;
const OFFSETS = { magic: 0, format: 4, pageSize: 24, lastPage: 120, transaction: 128 } as const;
const META_BYTES = 160;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/** Throws an EngineError where the file is not a whole store. A file that is not there, or empty, is a new store. */
export function checkStoreFile(path: string): void {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const first = readMeta(path, file, 0);
    const second = first && readMeta(path, file, first.pageSize);
    if (!first || !second) throw corrupt(path, 'it does not begin like a store');
    const newest = first.transaction > second.transaction ? first : second;
    // LMDB counts pages that a transaction took and gave back unwritten: a sound file may be shorter than its last page says.
    const isShort = (newest.lastPage + 1n) * BigInt(newest.pageSize) > BigInt(size);
    if (isShort && !canBeRead(path)) throw corrupt(path, 'its end is missing');
  } finally {
    closeSync(file);
  }
}

// Reads every page that is in use, in a process of its own, which a missing one ends.
const WALK = `
  const { open } = require(process.argv[1]);
  const root = open({ path: process.argv[2], noSubdir: true, maxDbs: 8, readOnly: true });
  for (const name of [...root.getKeys()]) for (const _ of root.openDB({ name, encoding: 'binary' }).getRange());
`;

function canBeRead(path: string): boolean {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  return spawnSync(process.execPath, ['-e', WALK, lmdb, path], { stdio: 'ignore' }).status === 0;
}

/** The error for a store that can't be trusted. */
export function corrupt(path: string, how: string): EngineError {
  return new EngineError(
    'store_corrupt',
    `The store ${path} is damaged (${how}): restore it from a backup, or move it away to start with empty rooms.`,
  );
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EngineError('data_dir_unusable', `The store ${path} can't be read: ${(error as Error).message}.`);
  }
}

function readMeta(path: string, file: number, at: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  const read = readSync(file, bytes, 0, META_BYTES, at + HEADER_BYTES);
  if (read < META_BYTES || bytes.readUInt32LE(OFFSETS.magic) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(OFFSETS.format) > FORMAT) {
    throw new EngineError('store_newer', `The store ${path} was written by a newer version: start that version of the relay.`);
  }
  return {
    pageSize: bytes.readUInt32LE(OFFSETS.pageSize),
    lastPage: bytes.readBigUInt64LE(OFFSETS.lastPage),
    transaction: bytes.readBigUInt64LE(OFFSETS.transaction),
  };
}
