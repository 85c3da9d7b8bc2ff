// What moderators have set, in the embedded engine, when a commit or a checkpoint fails, and when the process is killed in
// the middle of one.

import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBody, Member, ModerationAction } from '@chat-room/sdk/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { EmbeddedEngine } from '../../relay/src/engine/embedded-engine.ts';
import type { PublishOutcome } from '../../relay/src/engine/engine.ts';
import { EngineError } from '../../relay/src/engine/engine.ts';
import { MemoryStore } from '../../relay/src/engine/memory-store.ts';
import { Condition } from '../support/condition.ts';
import { temporaryDir } from '../support/relay-fixture.ts';

const EVE: Member = { id: 'eve', name: 'Eve' };
const MOD: Member = { id: 'mod', name: 'Mod' };
const NOW = 1_700_000_000_000;
const FOR_EVER = { maxEvents: 100_000, maxAgeMs: Number.POSITIVE_INFINITY };
const silent = { committed: () => undefined, failing: () => undefined, recovered: () => undefined };

let engine: EmbeddedEngine;
let keys = 0;
const publish = (body: EventBody, from: Member): Promise<PublishOutcome> =>
  engine.publish('a', { from, key: `key${++keys}`, body, moderator: from === MOD });
const say = (): Promise<PublishOutcome> => publish({ type: 'message', text: 'hello' }, EVE);
const act = (action: ModerationAction): Promise<PublishOutcome> => publish({ type: 'moderation', action }, MOD);

afterEach(() => engine.close());

/** A store that refuses what a test says. */
class FailingStore extends MemoryStore {
  failing: 'journal' | 'moderation' | undefined;

  override appendJournal(): Promise<void> {
    return this.failing === 'journal' ? this.#refuse() : super.appendJournal();
  }

  override putModeration(room: string, name: string, value: string | undefined): Promise<void> {
    return this.failing === 'moderation' ? this.#refuse() : super.putModeration(room, name, value);
  }

  #refuse(): Promise<never> {
    return Promise.reject(new EngineError('store_failing', 'The store is full.'));
  }
}

describe('a store that fails', () => {
  let store: FailingStore;
  let hasRecovered = false;
  const condition = new Condition();
  const start = async (): Promise<void> => {
    store = new FailingStore();
    hasRecovered = false;
    const recovered = (): void => {
      hasRecovered = true;
      condition.changed();
    };
    engine = await EmbeddedEngine.over(store, { retention: () => FOR_EVER, now: () => NOW, observer: { ...silent, recovered } });
  };
  const recovery = async (): Promise<void> => {
    store.failing = undefined;
    await condition.until(() => hasRecovered || undefined);
  };

  test('[MOD2] [PUB9] what could not be committed holds for nothing', async () => {
    await start();
    await act({ type: 'slowMode', intervalMs: 60_000 });
    await act({ type: 'ban', member: MOD });
    store.failing = 'journal';
    const refused = await Promise.all([say(), act({ type: 'mute', member: EVE }), act({ type: 'slowMode', intervalMs: 0 })]);
    expect(refused.map((outcome) => !outcome.ok && outcome.code)).toEqual(Array(3).fill('storage_unavailable'));
    await recovery();
    expect((await engine.moderation('a'))?.page(undefined, 10, NOW).sanctions).toMatchObject([{ kind: 'ban' }]);
    expect([await say(), await say()]).toMatchObject([{ ok: true }, { code: 'slow_mode' }]);
  });

  test('[MOD8] what a checkpoint could not write the next one does', async () => {
    await start();
    store.failing = 'moderation';
    await act({ type: 'mute', member: EVE });
    await engine.checkpoint();
    expect([...store.moderationOf('a')]).toEqual([]);
    await recovery();
    await engine.checkpoint();
    expect([...store.moderationOf('a')].map(({ name }) => name)).toEqual(['mute:eve']);
  });

  test('what is being committed is not told as set', async () => {
    await start();
    const mute = act({ type: 'mute', member: EVE });
    await new Promise((resolve) => setImmediate(resolve)); // admitted; the store answers a turn later
    expect((await engine.moderation('a'))?.mutedUntil(EVE.id, NOW)).toBeUndefined();
    expect(await mute).toMatchObject({ ok: true });
    expect((await engine.moderation('a'))?.mutedUntil(EVE.id, NOW)).toBeDefined();
  });
});

test('[P2] [MOD8] what a crash leaves at any moment holds what was set, also while the journal moves into blocks', async () => {
  const dir = temporaryDir();
  const options = { dir, durability: 'process', retention: () => FOR_EVER, now: () => NOW, observer: silent } as const;
  const engineOf = (at: string, maxJournalBytes: number): Promise<EmbeddedEngine> =>
    EmbeddedEngine.open({ ...options, dir: at, maxJournalBytes });
  engine = await engineOf(dir, 1); // each commit begins a checkpoint
  for (let round = 1; round <= 12; round++) {
    const isLifted = round % 3 === 0;
    await act({ type: isLifted ? 'unmute' : 'mute', member: EVE });
    await act({ type: 'ban', member: { id: `m${round}`, name: 'M' } });
    if (round % 2 === 0) await engine.checkpoint(); // the one that is under way: nothing is being written when the copy is taken
    const crashed = temporaryDir();
    for (const file of ['journal-a', 'journal-b', 'rooms.lmdb']) copyFileSync(join(dir, file), join(crashed, file));
    const again = await engineOf(crashed, 1_000_000);
    const moderation = await again.moderation('a');
    expect(moderation?.mutedUntil(EVE.id, NOW) === undefined).toBe(isLifted);
    const bans = moderation?.page(undefined, 100, NOW).sanctions.filter(({ kind }) => kind === 'ban');
    expect(bans).toHaveLength(round);
    await again.close();
    rmSync(crashed, { recursive: true, force: true });
  }
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});
