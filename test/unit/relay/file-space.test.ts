// LMDB must never meet a full disk: what is written waits for space, in order, and is refused where there is none.

import { mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileSpace, SpacedWrites } from '../../../relay/src/engine/file-space.ts';
import { temporaryDir } from '../../support/relay-fixture.ts';

const PAGE = 4_096;
const MIB = 1_048_576;

/** Reserving and writing end when the test says so. */
class Rig {
  readonly log: string[] = [];
  readonly asked: { readonly bytes: number; readonly resolve: (free: number) => void; readonly reject: (e: Error) => void }[] =
    [];
  readonly #ends = new Map<string, () => void>();
  readonly writes = new SpacedWrites(
    { reserve: (bytes) => new Promise((resolve, reject) => this.asked.push({ bytes, resolve, reject })) },
    PAGE,
  );

  add(name: string, bytes: number): void {
    const write = (): Promise<void> => {
      this.log.push(name);
      return new Promise((resolve) => this.#ends.set(name, resolve));
    };
    this.writes.add(bytes, write).then(
      () => this.log.push(`${name} stands`),
      (error: Error) => this.log.push(`${name}: ${error.message}`),
    );
  }

  async end(...names: string[]): Promise<void> {
    for (const name of names) this.#ends.get(name)?.();
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('[P1] writes begin in the order of the calls, and what there is no space for waits until nothing is under way', async () => {
  const rig = new Rig();
  rig.add('a', 100);
  expect(rig.asked.map(({ bytes }) => bytes)).toEqual([MIB + 3 * PAGE]);
  rig.asked.shift()?.resolve(MIB + 7 * PAGE);
  await turn();
  rig.add('b', PAGE); // fits into what a has left
  rig.add('c', PAGE); // does not
  rig.add('d', 0); // would, and is not let past
  expect(rig.log).toEqual(['a', 'b']);
  await rig.end('a');
  expect(rig.asked).toEqual([]);
  await rig.end('b');
  expect(rig.asked.map(({ bytes }) => bytes)).toEqual([MIB + 5 * PAGE]);
  rig.add('e', 0); // while space is made, nothing begins
  expect(rig.log).toEqual(['a', 'b', 'a stands', 'b stands']);
  rig.asked.shift()?.resolve(MIB + 5 * PAGE);
  await turn();
  await rig.end('c', 'd');
  expect(rig.log.slice(4)).toEqual(['c', 'd', 'c stands', 'd stands']);
  expect(rig.asked).toHaveLength(1); // for e
});

test('[P1] no more is begun at a time than the file is made longer for', async () => {
  const rig = new Rig();
  for (const name of ['a', 'b', 'c']) rig.add(name, 3 * MIB);
  rig.asked.shift()?.resolve(MIB + 3 * MIB + 2 * PAGE);
  await turn();
  expect(rig.log).toEqual(['a']);
  await rig.end('a');
  rig.asked.shift()?.resolve(MIB + 3 * MIB + 2 * PAGE);
  await turn();
  expect(rig.log).toEqual(['a', 'a stands', 'b']);
});

test('[P1] chaos full-disk, seed 20261124: on a full disk whatever waits is refused, none of it begun, and the next is tried anew', async () => {
  const rig = new Rig();
  rig.add('a', 0);
  rig.add('b', 0);
  rig.asked.shift()?.reject(new Error('full'));
  await turn();
  expect(rig.log).toEqual(['a: full', 'b: full']);
  rig.add('c', 0);
  rig.asked.shift()?.resolve(MIB + 2 * PAGE);
  await turn();
  await rig.end('c');
  expect(rig.log.slice(2)).toEqual(['c', 'c stands']);
});

test('a file is made longer behind what is used, by bytes that stand on the disk, and by some more than is asked for', async () => {
  const directory = temporaryDir();
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'file');
  writeSync(openSync(path, 'w'), Buffer.alloc(2 * PAGE, 1));
  let used = 2 * PAGE;
  const space = await FileSpace.of(path, () => used);
  expect(await space.reserve(MIB)).toBe(5 * MIB);
  const { size, blocks } = statSync(path);
  expect(size).toBe(2 * PAGE + 5 * MIB);
  expect(blocks * 512).toBeGreaterThanOrEqual(size);
  used += 4 * MIB;
  expect(await space.reserve(MIB)).toBe(MIB); // it is there already
  expect(statSync(path).size).toBe(size);
  await space.close();
  rmSync(directory, { recursive: true });
});
