// The memory engine under the contract, and what bounds its memory.

import { describe, expect, test } from 'vitest';
import type { EmbeddedEngine } from '../../relay/src/engine/embedded-engine.ts';
import type { Engine } from '../../relay/src/engine/engine.ts';
import { openMemoryEngine } from '../../relay/src/engine/memory-engine.ts';
import { MemoryStore } from '../../relay/src/engine/memory-store.ts';
import type { EngineRig } from './engine.contract.ts';
import { draft, engineContract } from './engine.contract.ts';

function createRig(): EngineRig & { readonly store: MemoryStore } {
  const store = new MemoryStore();
  const rig = {
    store,
    now: 1_700_000_000_000,
    open: ({ maxEvents = 100_000, maxAgeMs = Number.POSITIVE_INFINITY } = {}) =>
      openMemoryEngine({ store, retention: { maxEvents, maxAgeMs }, now: () => rig.now }),
    dispose: async () => undefined,
  };
  return rig;
}

engineContract('memory', createRig);

const HOUR_MS = 3_600_000;
const say = (engine: Engine, room: string, key: string): Promise<unknown> =>
  engine.publish(room, draft(key, { type: 'message', text: key }));

describe('the store of the memory engine', () => {
  test('[P4] each store is an epoch of its own, and has a secret of its own', async () => {
    const [one, other] = [await openMemoryEngine(), await openMemoryEngine()];
    const epochOf = async (engine: Engine): Promise<string> => (await engine.read('a', { from: 'end', limit: 1 })).position.epoch;
    expect(await epochOf(one)).not.toBe(await epochOf(other));
    expect(one.secret).not.toBe(other.secret);
    await Promise.all([one.close(), other.close()]);
  });

  test('[JOI5] [EVT2] what retention no longer keeps leaves memory with its edits, and offsets go on', async () => {
    const rig = createRig();
    const engine = (await rig.open({ maxEvents: 64 })) as EmbeddedEngine;
    const { epoch } = rig.store;
    await say(engine, 'a', 'first');
    await engine.publish('a', draft('edit', { type: 'edit', target: 1, text: 'again' }, undefined, epoch));
    await engine.checkpoint();
    expect(rig.store.editsOf('a', 1)).toEqual([2]);
    await Promise.all(Array.from({ length: 128 }, (_, i) => say(engine, 'a', `k${i}`)));
    await engine.checkpoint();
    rig.now += HOUR_MS; // no idempotency key needs them any more
    await engine.sweep();
    expect([...rig.store.blocksFrom('a', 0)].map(({ first, lines }) => [first, lines.length])).toEqual([[67, 64]]);
    expect(rig.store.editsOf('a', 1)).toEqual([]);
    expect(await say(engine, 'a', 'next')).toMatchObject({ ok: true, position: { offset: 131 } });
    await engine.close();
  });

  test('[EVT2] of a room that is all forgotten its end stays', async () => {
    const rig = createRig();
    const engine = (await rig.open({ maxAgeMs: HOUR_MS })) as EmbeddedEngine;
    await say(engine, 'a', 'k');
    await engine.checkpoint();
    rig.now += 2 * HOUR_MS;
    await engine.sweep();
    expect([...rig.store.blocksFrom('a', 0)]).toEqual([]);
    await engine.close();
    const again = await rig.open({ maxAgeMs: HOUR_MS });
    expect(await say(again, 'a', 'k')).toMatchObject({ position: { offset: 2 } });
    await again.close();
  });

  test('[P5] read positions are bounded: the one told longest ago is the first to be forgotten', async () => {
    const store = new MemoryStore();
    await store.putRead('a', 'early', 1);
    await store.putRead('a', 'active', 1);
    for (let i = 0; i < 99_998; i++) store.putRead('b', `m${i}`, 1);
    await store.putRead('a', 'active', 2);
    await store.putRead('a', 'late', 1);
    expect(['early', 'active', 'late'].map((id) => store.readOf('a', id))).toEqual([undefined, 2, 1]);
  });

  test('a program that awaits each publish leaves the loop its turns', async () => {
    const engine = await openMemoryEngine();
    let isOver = false;
    const over = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))).then(() => {
      isOver = true;
    });
    let count = 0;
    while (!isOver && count < 100_000) await say(engine, 'a', `k${count++}`);
    await over;
    expect(count).toBeLessThan(100);
    await engine.close();
  });
});
