// The embedded engine under the contract, and what it alone promises: its files, its memory, its retention by age.

import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedEngine } from '../../relay/src/engine/embedded-engine.ts';
import { encodeRecord } from '../../relay/src/engine/journal-file.ts';
import { feedOf } from '../support/feed.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { EngineRig } from './engine.contract.ts';
import { draft, engineContract } from './engine.contract.ts';

const FOR_EVER = { maxEvents: 100_000, maxAgeMs: Number.POSITIVE_INFINITY };
/** The lock beside them is no part of the store. */
const STORE_FILES = ['rooms.lmdb', 'journal-a', 'journal-b'];
const silent = { committed: () => undefined, failing: () => undefined, recovered: () => undefined };

function createRig(durability: 'process' | 'disk', dir = temporaryDir()): EngineRig & { readonly dir: string } {
  const rig = {
    dir,
    now: 1_700_000_000_000,
    open: ({ maxEvents = 100_000, maxAgeMs = Number.POSITIVE_INFINITY } = {}) =>
      EmbeddedEngine.open({ dir, durability, retention: () => ({ maxEvents, maxAgeMs }), now: () => rig.now, observer: silent }),
    dispose: async () => rmSync(dir, { recursive: true, force: true }),
  };
  return rig;
}

engineContract('embedded, durability process', () => createRig('process'));
engineContract('embedded, durability disk', () => createRig('disk'));

describe('the store of the embedded engine', () => {
  let rig: ReturnType<typeof createRig>;
  const store = (): string => join(rig.dir, 'rooms.lmdb');
  const fill = async (): Promise<void> => {
    const engine = await rig.open();
    const text = 'x'.repeat(4_000);
    await Promise.all(Array.from({ length: 200 }, (_, i) => engine.publish('a', draft(`k${i}`, { type: 'message', text }))));
    await engine.close();
  };
  beforeEach(() => {
    rig = createRig('process');
  });
  afterEach(() => rig.dispose());

  test.each([
    ['something else', 'hello world '.repeat(2_000)],
    ['a few bytes', 'hello'],
  ])('[P2] a store that is %s is refused with one sentence, and left as it is', async (_, content) => {
    writeFileSync(store(), content);
    await expect(rig.open()).rejects.toMatchObject({ code: 'store_corrupt', message: expect.stringContaining('is damaged') });
    expect(readFileSync(store(), 'utf8')).toBe(content);
  });

  test('[P2] a store that has lost its end is refused, and can be put back', async () => {
    await fill();
    copyFileSync(store(), join(rig.dir, 'backup'));
    truncateSync(store(), 40_960);
    await expect(rig.open()).rejects.toMatchObject({
      code: 'store_corrupt',
      message: expect.stringContaining('its end is missing'),
    });
    copyFileSync(join(rig.dir, 'backup'), store());
    const engine = await rig.open();
    expect(await engine.read('a', { from: 'end', limit: 1 })).toMatchObject({ position: { offset: 200 } });
    await engine.close();
  });

  test('[P2] what a crash leaves at any moment holds all that was acknowledged, also while the journal moves into blocks', async () => {
    const options = {
      dir: rig.dir,
      durability: 'process',
      retention: () => FOR_EVER,
      now: () => rig.now,
      observer: silent,
    } as const;
    const engine = await EmbeddedEngine.open({ ...options, maxJournalBytes: 1 }); // each commit begins a checkpoint
    const rooms = ['a', 'b', 'c', 'd'];
    for (let round = 1; round <= 10; round++) {
      await Promise.all(rooms.map((room) => engine.publish(room, draft(`k${round}`, { type: 'message', text: 'm' }))));
      await engine.checkpoint(); // the one that is under way: nothing is being written when the copy is taken
      const crashed = temporaryDir();
      for (const file of STORE_FILES) copyFileSync(join(rig.dir, file), join(crashed, file));
      const copy = await EmbeddedEngine.open({ ...options, dir: crashed });
      const positions = await Promise.all(
        rooms.map(async (room) => (await copy.read(room, { from: 'end', limit: 1 })).position.offset),
      );
      expect(positions).toEqual([round, round, round, round]);
      await copy.close();
      rmSync(crashed, { recursive: true });
    }
    await engine.close();
  });

  test('[P2] a journal that does not go on from the blocks is no store to start with', async () => {
    await fill();
    const event = { offset: 202, at: 1, from: { id: 'ada', name: 'Ada' }, key: 'k', type: 'message', text: 'm' };
    writeFileSync(join(rig.dir, 'journal-a'), encodeRecord(1, JSON.stringify([['a', [event]]])));
    await expect(rig.open()).rejects.toMatchObject({
      code: 'store_corrupt',
      message: expect.stringContaining('events 201 to 201 of room a are missing'),
    });
  });

  test('[P2] a store that is shorter than it counts, since pages were given back unwritten, is sound and opens', async () => {
    const { open } = await import('lmdb');
    const root = open({ path: store(), noSubdir: true, maxDbs: 8, eventTurnBatching: false });
    const blocks = root.openDB({ name: 'blocks', encoding: 'string' });
    for (let round = 1; round <= 20; round++) {
      // One transaction takes pages for each value, and gives all of them back.
      const writes: Promise<boolean>[] = [5, 4, 3, 2, 1].map((size) =>
        blocks.put(['other', 1], 'x'.repeat(20_000 * round * size)),
      );
      await Promise.all([...writes, blocks.remove(['other', 1])]);
    }
    await root.close();
    const { pages, counted } = pagesOf(store());
    expect(pages).toBeLessThan(counted);
    const engine = await rig.open();
    expect(await engine.publish('a', draft('k', { type: 'message', text: 'm' }))).toMatchObject({ position: { offset: 1 } });
    await engine.close();
  });

  test('[P2] a store of a newer version is refused with one sentence', async () => {
    await fill();
    const { open } = await import('lmdb');
    const root = open({ path: store(), noSubdir: true, maxDbs: 8 });
    await root.openDB({ name: 'meta', encoding: 'string' }).put('schema', '3');
    await root.close();
    await expect(rig.open()).rejects.toMatchObject({ code: 'store_newer', message: expect.stringContaining('newer version') });
    await expect(rig.open()).rejects.toMatchObject({ code: 'store_newer' }); // it let go of its lock
  });

  test('[P2] a store of the first version that was killed is refused with one sentence, one that was stopped is taken over', async () => {
    await fill();
    const { open } = await import('lmdb');
    const change = async (work: (root: RootDatabase) => Promise<unknown>): Promise<void> => {
      const root = open({ path: store(), noSubdir: true, maxDbs: 8 });
      await work(root);
      await root.close();
    };
    const journal = { name: 'journal', encoding: 'string', keyEncoding: 'ordered-binary' } as const;
    await change((root) => root.openDB({ name: 'meta', encoding: 'string' }).put('schema', '1'));
    await change((root) => root.openDB(journal).put(1, '[]'));
    await expect(rig.open()).rejects.toMatchObject({ code: 'store_older', message: expect.stringContaining('stop it') });
    await change((root) => root.openDB(journal).remove(1));
    const engine = await rig.open();
    expect(await engine.read('a', { from: 'end', limit: 1 })).toMatchObject({ position: { offset: 200 } });
    await engine.close();
  });

  test('a data directory that is a file is refused with one sentence', async () => {
    const path = join(rig.dir, 'file');
    writeFileSync(path, '');
    await expect(createRig('process', join(path, 'data')).open()).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining('--data'),
    });
  });

  test('a lock that a killed relay left behind does not count; one of a living process does', async () => {
    const lock = join(rig.dir, 'relay.lock');
    writeFileSync(lock, '999999999 12345');
    await (await rig.open()).close();
    const parent = process.ppid;
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    writeFileSync(lock, `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`);
    await expect(rig.open()).rejects.toMatchObject({
      code: 'store_in_use',
      message: expect.stringContaining(`process id ${parent}`),
    });
    writeFileSync(lock, `${parent} 1`); // the id came round again: another process, begun at another time
    await (await rig.open()).close();
  });

  test('[JOI5] what is older than its age is forgotten, and offsets go on from where they were', async () => {
    const minute = 60_000;
    let engine = await rig.open({ maxAgeMs: 20 * minute });
    for (let i = 0; i < 3; i++) await engine.publish('a', draft(`k${i}`, { type: 'message', text: 'old' }));
    await engine.close();
    rig.now += 30 * minute;
    engine = await rig.open({ maxAgeMs: 20 * minute });
    await (engine as EmbeddedEngine).sweep();
    expect(await engine.read('a', { from: 'end', limit: 10 })).toMatchObject({ start: 4, events: [], position: { offset: 3 } });
    await engine.close();
    engine = await rig.open({ maxAgeMs: 20 * minute });
    expect(await engine.publish('a', draft('next', { type: 'message', text: 'new' }))).toMatchObject({ position: { offset: 4 } });
    await engine.close();
  });

  test('rooms that nobody uses leave memory, and are there when asked for', async () => {
    const engine = (await rig.open()) as EmbeddedEngine;
    await Promise.all(
      Array.from({ length: 2_000 }, (_, i) => engine.publish(`room-${i}`, draft('k', { type: 'message', text: 'm' }))),
    );
    await engine.open('room-7', feedOf(), 1);
    expect(engine.roomsInMemory).toBe(2_000);
    await engine.checkpoint();
    rig.now += 60_000;
    await engine.sweep();
    expect(engine.roomsInMemory).toBe(1);
    expect(await engine.publish('room-8', draft('k', { type: 'message', text: 'm' }))).toMatchObject({ position: { offset: 1 } });
    await engine.close();
  });

  test('[P5] a flood of room names is bounded in memory, and rooms in use are not put out by it', async () => {
    const engine = (await rig.open()) as EmbeddedEngine;
    const fed: number[] = [];
    await engine.open('in-use', feedOf({ events: (events) => fed.push(...events.map(({ offset }) => offset)) }), 1);
    await engine.publish('kept', draft('k', { type: 'message', text: 'm' }));
    for (let i = 0; i < 25_000; i++) await engine.read(`name-${i}`, { from: 'end', limit: 1 });
    expect(engine.roomsInMemory).toBeLessThanOrEqual(20_002);
    await engine.publish('in-use', draft('k', { type: 'message', text: 'm' }));
    expect(fed).toEqual([1]);
    expect(await engine.publish('kept', draft('k', { type: 'message', text: 'm' }))).toMatchObject({ position: { offset: 1 } });
    await engine.close();
  });
});

/** Pages that a store's file has, and pages that its newest meta page counts. */
function pagesOf(path: string): { readonly pages: number; readonly counted: number } {
  const bytes = readFileSync(path);
  const counted = [0, 4_096].map((meta) => Number(bytes.readBigUInt64LE(meta + 24 + 120)) + 1);
  return { pages: bytes.length / 4_096, counted: Math.max(...counted) };
}
