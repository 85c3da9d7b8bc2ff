import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SNAPSHOT_EVERY } from '../../../demo/gallery/document/document-sync.ts';
import { coveredBy, readBack } from '../../../demo/gallery/document/read-back.ts';
import { FakeLog, FakePage, go, PAGE_EVENTS, settle, turn } from '../../support/document-world.ts';

const EVERY = 4;
/** Short ones reach no snapshot. */
const LONG = { maxLength: 80, size: 'max' } as const;
const PAGES = 3;

type Step =
  | { readonly do: 'type'; readonly page: number; readonly at: number; readonly size: number }
  | { readonly do: 'erase'; readonly page: number; readonly at: number; readonly count: number }
  | {
      readonly do: 'go' | 'push' | 'answer' | 'tick' | 'connect' | 'cut' | 'store' | 'storeUnanswered' | 'reload';
      readonly page: number;
    }
  | { readonly do: 'trim' }
  | { readonly do: 'copySnapshot' }
  | { readonly do: 'replace'; readonly keep: number };

const page = fc.nat(PAGES - 1);
const type = fc.record({
  do: fc.constant('type' as const),
  page,
  at: fc.nat(40),
  size: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(13_000, 30_000) }),
});
const erase = fc.record({ do: fc.constant('erase' as const), page, at: fc.nat(40), count: fc.integer({ min: 1, max: 6 }) });
const move = fc.record({
  do: fc.constantFrom('go', 'push', 'push', 'answer', 'tick', 'connect', 'cut', 'store', 'store', 'storeUnanswered'),
  page,
} as const);
const reload = fc.record({ do: fc.constant('reload' as const), page });
const log = fc.record({ do: fc.constantFrom('trim' as const, 'copySnapshot' as const) });
const replace = fc.record({ do: fc.constant('replace' as const), keep: fc.nat(20) });

class World {
  readonly log = new FakeLog();
  readonly pages = Array.from({ length: PAGES }, () => new FakePage(this.log, EVERY));
  /** What was typed, each once. */
  readonly said: string[] = [];

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#take(step);
      await turn();
    }
  }

  #take(step: Step): void {
    if (step.do === 'replace') this.#change(() => this.log.replace(step.keep));
    else if (step.do === 'trim') void this.#trim();
    else if (step.do === 'copySnapshot') this.#copySnapshot();
    else this.#takeOf(step, this.pages[step.page] as FakePage);
  }

  async #trim(): Promise<void> {
    const { snapshot } = await readBack(async (before) => this.log.page(before));
    this.#change(() => this.log.trim(coveredBy(snapshot)));
  }

  /** A relay tells who is there (POS4, EVT3), and they join again. */
  #change(change: () => void): void {
    for (const one of this.pages) one.cut();
    change();
  }

  #takeOf(step: Extract<Step, { readonly page: number }>, one: FakePage): void {
    if (step.do === 'type') {
      if (!one.sync.isLoaded) return; // the editor is shut until then
      const word = String.fromCodePoint(0x4e00 + this.said.length); // one character: nothing can be typed into it
      this.said.push(word);
      one.type(word + '.'.repeat(step.size), step.at);
    } else if (step.do === 'erase') one.erase(step.at, step.count);
    else if (step.do === 'store' || step.do === 'storeUnanswered') one.store(step.do === 'store');
    else if (step.do === 'reload') this.#reload(step.page, one);
    else if (step.do === 'go') go(one);
    else one[step.do]();
  }

  /** The page is opened anew, with what it had not got stored. What was on its way may arrive later, or never. */
  #reload(index: number, one: FakePage): void {
    const { unsent } = one.sync;
    const next = new FakePage(this.log, EVERY);
    if (unsent) next.sync.adopt(unsent);
    this.pages[index] = next;
  }

  /** Somebody else had the same thought: the pieces of the last snapshot come once more. */
  #copySnapshot(): void {
    const last = this.log.pieces.findLast(({ piece }) => piece.kind === 'snapshot')?.piece;
    const copied = this.log.pieces.filter(({ piece }) => piece.id === last?.id && piece.by === last.by);
    for (const { offset, piece } of copied)
      this.log.append(`copy ${offset} ${this.log.end}`, { ...piece, by: 'copier', id: `${piece.id} ${offset - piece.index}` });
  }
}

async function settled(world: World): Promise<readonly string[]> {
  await settle(world.pages);
  const newcomer = new FakePage(world.log, EVERY);
  await settle([...world.pages, newcomer]);
  return [...world.pages, newcomer].map(({ text }) => text.toString());
}

describe('a document of several pages', () => {
  test('converges after any interleaving of edits, lost connections, reloads, snapshots and lost logs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(type, erase, move, move, move, reload, log, replace), LONG), async (steps) => {
        const world = new World();
        await world.run(steps);
        expect(new Set(await settled(world)).size).toBe(1);
      }),
      { numRuns: 150 },
    );
  });

  test('loses nothing that was typed, though pages are reloaded and the log forgets what a snapshot covers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(type, move, move, move, reload, log), LONG), async (steps) => {
        const world = new World();
        await world.run(steps);
        for (const text of await settled(world)) expect(world.said.filter((word) => !text.includes(word))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('loses nothing though the log does, as long as the pages are there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(type, move, move, move, replace, log), LONG), async (steps) => {
        const world = new World();
        await world.run(steps);
        for (const text of await settled(world)) expect(world.said.filter((word) => !text.includes(word))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('an hour without a network is one update', async () => {
    const log = new FakeLog();
    const [ada, bob] = [new FakePage(log, EVERY), new FakePage(log, EVERY)];
    await settle([ada, bob]);
    ada.cut();
    for (let i = 0; i < 5_000; i++) {
      ada.type('a', i);
      if (i % 10 === 0) ada.tick();
      if (i % 100 === 0) bob.type('b', 0);
    }
    await settle([ada, bob]);
    expect(ada.text.toString()).toBe(bob.text.toString());
    expect(ada.text.length).toBe(5_050);
    // What was under way when the network went, and all the rest.
    expect(log.pieces.filter(({ piece }) => piece.kind === 'update' && piece.by === ada.name)).toHaveLength(2);
  });

  test('a page that comes after 10,000 updates reads no more than the tail behind a snapshot', async () => {
    const log = new FakeLog();
    const ada = new FakePage(log, SNAPSHOT_EVERY);
    await settle([ada]);
    for (let i = 0; i < 10_000; i++) {
      ada.type(i % 80 === 79 ? '\n' : 'x', ada.text.length);
      await settle([ada]);
    }
    const late = new FakePage(log, SNAPSHOT_EVERY);
    await settle([ada, late]);
    expect(late.text.toString()).toBe(ada.text.toString());
    expect(log.end).toBeGreaterThan(10_000);
    expect(late.read).toBeLessThanOrEqual(SNAPSHOT_EVERY + 2 * PAGE_EVENTS);
  });

  test('a snapshot does not cover an update of which a piece is still to come', async () => {
    const log = new FakeLog();
    const [ada, bob] = [new FakePage(log, EVERY), new FakePage(log, EVERY)];
    await settle([ada, bob]);
    ada.type('.'.repeat(30_000), 0);
    ada.tick();
    ada.store(true); // one of three
    for (let i = 0; i < 2 * EVERY; i++) {
      bob.type('b', 0);
      await settle([bob]);
    }
    expect(log.pieces.findLast(({ piece }) => piece.kind === 'snapshot')?.piece).toMatchObject({ covers: 0 });
    await settle([ada, bob]);
    const late = new FakePage(log, EVERY);
    await settle([late]);
    expect(late.text.toString()).toBe(bob.text.toString());
    expect(late.text.length).toBe(30_000 + 2 * EVERY);
  });

  test('what is no update spoils nothing', async () => {
    const log = new FakeLog();
    const ada = new FakePage(log, EVERY);
    await settle([ada]);
    ada.type('here', 0);
    log.append('x', { kind: 'update', id: '1', index: 0, count: 1, by: 'm', base64: 'AAECAwQFBgc=' });
    log.append('y', { kind: 'snapshot', covers: 99, id: '2', index: 0, count: 1, by: 'm', base64: 'AAA=' });
    log.append('z', { kind: 'update', id: '3', index: 0, count: 1, by: 'm', base64: '***' });
    await settle([ada]);
    const late = new FakePage(log, EVERY);
    await settle([ada, late]);
    expect(late.text.toString()).toBe('here');
    expect(Y.encodeStateAsUpdate(late.doc)).toEqual(Y.encodeStateAsUpdate(ada.doc));
  });
});
