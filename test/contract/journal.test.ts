// The journal on a real disk: what it gives back after every kind of end.

import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from '../../relay/src/engine/journal.ts';
import { encodeRecord } from '../../relay/src/engine/journal-file.ts';
import { temporaryDir } from '../support/relay-fixture.ts';

let dir: string;
const path = (name: 'journal-a' | 'journal-b'): string => join(dir, name);
const sizes = (): number[] => [statSync(path('journal-a')).size, statSync(path('journal-b')).size];
const textOf = (sequence: number): string => `record ${sequence}: ☃ ${'x'.repeat(sequence)}`;

beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Opens the journal as it is on the disk, reads it and closes it. */
async function read(durability: 'process' | 'disk' = 'process'): Promise<number[]> {
  const journal = Journal.open(dir, durability);
  const records = [...journal.records()];
  await journal.close();
  expect(records.map(({ record }) => record)).toEqual(records.map(({ sequence }) => textOf(sequence)));
  return records.map(({ sequence }) => sequence);
}

async function append(journal: Journal, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence <= to; sequence++) await journal.append(sequence, textOf(sequence));
}

async function written(to: number, durability: 'process' | 'disk' = 'process'): Promise<void> {
  const journal = Journal.open(dir, durability);
  await append(journal, 1, to);
  await journal.close();
}

describe.each(['process', 'disk'] as const)('with durability %s', (durability) => {
  test('[P2] what was appended is there, in order, when it is opened again', async () => {
    await written(20, durability);
    expect(await read(durability)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test('[P2] wherever the last record was cut short, those before it are there, and what comes next stands behind them', async () => {
    await written(3, durability);
    const whole = readFileSync(path('journal-b'));
    const [second, third] = [encodeRecord(1, textOf(1)).length + encodeRecord(2, textOf(2)).length, whole.length];
    for (let size = second; size < third; size++) {
      writeFileSync(path('journal-b'), whole.subarray(0, size));
      expect(await read(durability)).toEqual([1, 2]);
      expect(statSync(path('journal-b')).size).toBe(second);
    }
    const journal = Journal.open(dir, durability);
    await journal.append(3, textOf(3));
    await journal.close();
    expect(await read(durability)).toEqual([1, 2, 3]);
  });

  test('what is trimmed is forgotten once nothing later shares its file, and the files do not grow', async () => {
    let journal = Journal.open(dir, durability);
    await append(journal, 1, 4);
    await journal.trim(3);
    await append(journal, 5, 6);
    expect([...sizes()].every((size) => size > 0)).toBe(true);
    await journal.trim(5);
    await append(journal, 7, 7);
    await journal.close();
    expect(await read(durability)).toEqual([5, 6, 7]);
    journal = Journal.open(dir, durability);
    await journal.trim(7);
    expect(sizes()).toEqual([0, 0]);
    await append(journal, 8, 9);
    await journal.close();
    expect(await read(durability)).toEqual([8, 9]);
  });

  test('a probe leaves nothing behind, also between appends', async () => {
    const journal = Journal.open(dir, durability);
    await Promise.all([journal.append(1, textOf(1)), journal.probe(), journal.append(2, textOf(2)), journal.probe()]);
    await journal.close();
    expect(await read(durability)).toEqual([1, 2]);
  });
});

/** Changes one byte of the second of three records. */
function breakSecond(): void {
  const bytes = readFileSync(path('journal-b'));
  const at = encodeRecord(1, textOf(1)).length + 20;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path('journal-b'), bytes);
}

test('[P2] durability disk: a broken record with a whole one behind it is refused, and left as it is', async () => {
  await written(3, 'disk');
  breakSecond();
  const before = readFileSync(path('journal-b'));
  expect(() => Journal.open(dir, 'disk')).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
  expect(readFileSync(path('journal-b'))).toEqual(before);
});

test('[P2] durability process: what a loss of power took out of the middle ends the log there', async () => {
  await written(3);
  breakSecond();
  expect(await read()).toEqual([1]);
});

test('[P2] records missing between the two files: the log ends there, or with durability disk is refused', async () => {
  const journal = Journal.open(dir, 'process');
  await append(journal, 1, 4);
  await journal.trim(1); // 2 to 4 stay with it; the other file takes what comes
  await append(journal, 5, 6);
  await journal.close();
  const [older] =
    sizes()[0] === encodeRecord(5, textOf(5)).length + encodeRecord(6, textOf(6)).length ? ['journal-b'] : ['journal-a'];
  truncateSync(path(older as 'journal-a'), encodeRecord(1, textOf(1)).length);
  copyFileSync(path(older as 'journal-a'), join(dir, 'kept'));
  expect(() => Journal.open(dir, 'disk')).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
  copyFileSync(join(dir, 'kept'), path(older as 'journal-a'));
  expect(await read()).toEqual([1]);
  // What came after the gap is no part of the log any more, and must not come back behind what is written next.
  const again = Journal.open(dir, 'process');
  await append(again, 2, 4);
  await again.close();
  expect(await read()).toEqual([1, 2, 3, 4]);
});

test('a journal that can not be opened is refused with one sentence', () => {
  expect(() => Journal.open(join(dir, 'missing'), 'process')).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }));
});
