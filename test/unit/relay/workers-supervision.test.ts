// Which worker is started, replaced, drained, and when the relay ends: cell by cell, then over any order of events.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step, Supervision, SupervisionEvent } from '../../../relay/src/workers/supervision.ts';
import { HEALTHY_MS, replaceDelayMs, startSupervision, supervise } from '../../../relay/src/workers/supervision.ts';

/** Runs events from the start of `workers` workers; the effects are those of the last one. */
function run(workers: number, events: readonly (readonly [now: number, event: SupervisionEvent])[]): Step {
  return events.reduce<Step>(({ state }, [now, event]) => supervise(state, event, now), startSupervision(workers));
}

const listening = (slot: number): SupervisionEvent => ({ type: 'listening', slot });
const exited = (slot: number, how = 'SIGKILL'): SupervisionEvent => ({ type: 'exited', slot, how });
const due = (slot: number): SupervisionEvent => ({ type: 'due', slot });
const failed = (slot: number, exitCode: number, sentence: string): SupervisionEvent => ({
  type: 'failed',
  slot,
  ending: { exitCode, sentence },
});
const END: SupervisionEvent = { type: 'end' };
/** Two workers that listen since 0. */
const UP = [
  [0, listening(0)],
  [0, listening(1)],
] as const;

describe('the start', () => {
  test('starts all workers at once', () => {
    expect(startSupervision(3).effects).toEqual([0, 1, 2].map((slot) => ({ type: 'start', slot })));
  });

  test('is announced once, when the last worker listens', () => {
    expect(run(2, [[0, listening(1)]]).effects).toEqual([]);
    expect(run(2, UP).effects).toEqual([{ type: 'announce' }]);
    expect(run(2, [...UP, [1, exited(0)], [1, due(0)], [2, listening(0)]]).effects).toEqual([]);
  });

  test('a worker that says why it can not listen ends everything with its reason, the first one', () => {
    const events = [
      [0, listening(0)],
      [1, failed(1, 2, 'A bad option.')],
    ] as const;
    expect(run(3, events).effects).toEqual([0, 1, 2].map((slot) => ({ type: 'drain', slot })));
    const others = [
      [2, failed(2, 1, 'Another reason.')],
      [3, exited(1, 'code 2')],
      [4, exited(2, 'code 1')],
    ] as const;
    expect(run(3, [...events, ...others]).effects).toEqual([]);
    expect(run(3, [...events, ...others, [5, exited(0, 'code 0')]]).effects).toEqual([
      { type: 'exit', ending: { exitCode: 2, sentence: 'A bad option.' } },
    ]);
  });

  test('a worker that dies without a word ends everything too', () => {
    expect(run(2, [[0, exited(0, 'SIGSEGV')]]).effects).toEqual([{ type: 'drain', slot: 1 }]);
    expect(
      run(2, [
        [0, exited(0, 'SIGSEGV')],
        [1, exited(1, 'code 0')],
      ]).effects,
    ).toEqual([{ type: 'exit', ending: { exitCode: 1, sentence: 'A worker ended (SIGSEGV) before all of them could listen.' } }]);
  });

  test('an end in the middle of it drains all, and is no failure', () => {
    expect(run(2, [[0, END]]).effects).toEqual([0, 1].map((slot) => ({ type: 'drain', slot })));
    expect(
      run(2, [
        [0, END],
        [1, exited(0)],
        [1, exited(1)],
      ]).effects,
    ).toEqual([{ type: 'exit', ending: { exitCode: 0 } }]);
  });
});

describe('a worker that dies', () => {
  test('is replaced at once after it was healthy, after a delay where it died young', () => {
    expect(run(2, [...UP, [HEALTHY_MS, exited(1)]]).effects).toEqual([{ type: 'replace', slot: 1, how: 'SIGKILL', delayMs: 0 }]);
    expect(run(2, [...UP, [HEALTHY_MS - 1, exited(1)]]).effects).toEqual([
      { type: 'replace', slot: 1, how: 'SIGKILL', delayMs: 500 },
    ]);
    expect(run(2, [...UP, [HEALTHY_MS, exited(1)], [HEALTHY_MS, due(1)]]).effects).toEqual([{ type: 'start', slot: 1 }]);
  });

  test('young, again and again, waits twice as long each time, to 30 s; once healthy it starts afresh', () => {
    let { state } = run(2, UP);
    let now = 0;
    const delays: number[] = [];
    const step = (event: SupervisionEvent): Step => {
      const result = supervise(state, event, now);
      state = result.state;
      return result;
    };
    for (let i = 0; i < 9; i++) {
      // Half of them die before they listen: that is young as well.
      if (i % 2 === 0) step(listening(0));
      const [effect] = step(exited(0)).effects;
      delays.push(effect?.type === 'replace' ? effect.delayMs : Number.NaN);
      step(due(0));
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    step(listening(0));
    now += HEALTHY_MS;
    expect(step(exited(0)).effects).toMatchObject([{ delayMs: 0 }]);
    step(due(0));
    expect(step(exited(0)).effects).toMatchObject([{ delayMs: 500 }]);
  });

  test('and whose replacement can not listen, is replaced again: its reason may pass', () => {
    const events = [...UP, [1, exited(0)], [2, due(0)], [3, failed(0, 1, 'Redis is away.')]] as const;
    expect(run(2, events).effects).toEqual([{ type: 'drain', slot: 0 }]);
    expect(run(2, [...events, [4, exited(0, 'code 1')]]).effects).toMatchObject([{ type: 'replace', slot: 0, delayMs: 1_000 }]);
  });

  test('no delay is without bound', () => {
    expect(replaceDelayMs(2_000)).toBe(30_000);
  });
});

describe('the end', () => {
  test('drains all that live, starts nobody again, and exits 0 with the last', () => {
    const events = [...UP, [1, exited(1)], [2, END]] as const;
    expect(run(2, events).effects).toEqual([{ type: 'drain', slot: 0 }]);
    expect(run(2, [...events, [3, due(1)]]).effects).toEqual([]);
    expect(run(2, [...events, [3, due(1)], [4, exited(0, 'code 0')]]).effects).toEqual([
      { type: 'exit', ending: { exitCode: 0 } },
    ]);
  });

  test('comes at once where nobody lives', () => {
    expect(
      run(1, [
        [0, listening(0)],
        [1, exited(0)],
        [2, END],
      ]).effects,
    ).toEqual([{ type: 'exit', ending: { exitCode: 0 } }]);
  });
});

// What a shell does with the effects, and what may then happen: a process exits once, a delay passes once.
describe('in any order of events', () => {
  test('a slot has one process at the most, and the relay exits once, when none is left', () => {
    const choices = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), choices, (workers, steps) => {
        const world = new World(workers);
        for (const [choice, passesMs] of steps) world.doOne(choice, passesMs);
        if (world.exits === 0) world.do(END);
        for (const slot of [...world.alive]) world.do(exited(slot));
        expect(world.exits).toBe(1);
      }),
    );
  });
});

class World {
  state: Supervision;
  readonly alive = new Set<number>();
  readonly delayed = new Set<number>();
  exits = 0;
  #now = 0;

  constructor(workers: number) {
    const { state, effects } = startSupervision(workers);
    this.state = state;
    this.#perform(effects);
  }

  /** Does one of the things that can happen now. */
  doOne(choice: number, passesMs: number): void {
    this.#now += passesMs;
    const possible: SupervisionEvent[] = [...this.alive].flatMap((slot) => [
      exited(slot),
      ...(this.state.slots[slot]?.name === 'starting' ? [listening(slot), failed(slot, 1, 'why')] : []),
    ]);
    for (const slot of this.delayed) possible.push(due(slot));
    if (choice % 29 === 0) possible.push(END);
    const event = possible[choice % possible.length];
    if (event && this.exits === 0) this.do(event);
  }

  do(event: SupervisionEvent): void {
    if (event.type === 'exited') this.alive.delete(event.slot);
    if (event.type === 'due') this.delayed.delete(event.slot);
    const { state, effects } = supervise(this.state, event, this.#now);
    this.state = state;
    this.#perform(effects);
  }

  #perform(effects: Step['effects']): void {
    for (const effect of effects) {
      if (effect.type === 'start') {
        expect(this.alive.has(effect.slot)).toBe(false);
        expect(this.state.phase.name).not.toBe('ending');
        this.alive.add(effect.slot);
      }
      if (effect.type === 'replace') this.delayed.add(effect.slot);
      if (effect.type === 'drain') expect(this.alive.has(effect.slot)).toBe(true);
      if (effect.type === 'exit') {
        expect(this.alive.size).toBe(0);
        this.exits += 1;
      }
    }
  }
}
