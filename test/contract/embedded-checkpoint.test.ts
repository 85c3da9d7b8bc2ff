// A checkpoint of many rooms lets others have their turn in between: what is committed meanwhile, and what fails.

import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { EmbeddedEngine } from '../../relay/src/engine/embedded-engine.ts';
import { EngineError } from '../../relay/src/engine/engine.ts';
import { MemoryStore } from '../../relay/src/engine/memory-store.ts';
import type { Block } from '../../relay/src/engine/store.ts';
import { Condition } from '../support/condition.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import { draft } from './engine.contract.ts';

const ROOMS = Array.from({ length: 700 }, (_, i) => `room-${i}`);
const FOR_EVER = { maxEvents: 100_000, maxAgeMs: Number.POSITIVE_INFINITY };
const silent = { committed: () => undefined, failing: () => undefined, recovered: () => undefined };
const shared = { retention: () => FOR_EVER, now: () => 1_700_000_000_000 };
let engine: EmbeddedEngine;

afterEach(() => engine.close());

const sayEverywhere = (key: string): Promise<unknown> =>
  Promise.all(ROOMS.map((room) => engine.publish(room, draft(key, { type: 'message', text: key }))));
const linesOf = async (room: string): Promise<number[]> =>
  (await engine.read(room, { from: 'after', offset: 0, limit: 100 })).events.map(({ offset }) => offset);

/** Refuses blocks, and tells of the first it was given. */
class RefusingStore extends MemoryStore {
  refuses = false;
  onBlock: () => void = () => undefined;

  override putBlock(room: string, block: Block): Promise<void> {
    this.onBlock();
    return this.refuses ? Promise.reject(new EngineError('store_failing', 'The store is full.')) : super.putBlock(room, block);
  }
}

test('[P2] blocks that a store refuses in the middle of a checkpoint are written by the next one', async () => {
  const store = new RefusingStore();
  const condition = new Condition();
  let hasRecovered = false;
  const recovered = (): void => {
    hasRecovered = true;
    condition.changed();
  };
  engine = await EmbeddedEngine.over(store, { ...shared, observer: { ...silent, recovered } });
  await sayEverywhere('one');
  let blocks = 0;
  store.onBlock = () => {
    store.refuses = ++blocks > 300;
  };
  await engine.checkpoint();
  store.onBlock = () => undefined;
  store.refuses = false;
  await condition.until(() => hasRecovered || undefined);
  await sayEverywhere('two');
  await engine.checkpoint();
  for (const room of ROOMS) {
    expect([...store.blocksFrom(room, 0)].reduce((sum, { lines }) => sum + lines.length, 0)).toBe(2);
    expect(await linesOf(room)).toEqual([1, 2]);
  }
});

test('[P1] [P2] what is committed while a checkpoint is under way is stored once, and survives what ends before the next', async () => {
  const dir = temporaryDir();
  const open = (): Promise<EmbeddedEngine> => EmbeddedEngine.open({ ...shared, dir, durability: 'process', observer: silent });
  engine = await open();
  await sayEverywhere('one');
  const checkpoint = engine.checkpoint();
  await sayEverywhere('two'); // admitted and committed between its slices
  await checkpoint;
  await sayEverywhere('three');
  await engine.close();
  engine = await open();
  for (const room of ROOMS) expect(await linesOf(room)).toEqual([1, 2, 3]);
  rmSync(dir, { recursive: true, force: true });
});
