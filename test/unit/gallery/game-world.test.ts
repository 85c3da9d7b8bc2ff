// The game's rules: who decides, what a cheat gets, and that a page's guess becomes the relay's word, whatever was late or lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arena } from '../../../demo/gallery/game/consumer/arena.ts';
import { Inputs } from '../../../demo/gallery/game/inputs.ts';
import { Interpolation, Prediction } from '../../../demo/gallery/game/prediction.ts';
import { decodeInput, decodeSnapshot, encodeInput, encodeSnapshot } from '../../../demo/gallery/game/wire.ts';
import type { Input, World } from '../../../demo/gallery/game/world.ts';
import { ARENA, enter, newWorld, PLAYER_RADIUS, step } from '../../../demo/gallery/game/world.ts';

const direction = fc.integer({ min: -128, max: 127 });
const wish = fc.record({ x: direction, y: direction, dashes: fc.boolean() });

function arenaOf(seed = 7) {
  const snapshots: Uint8Array<ArrayBuffer>[] = [];
  const arena = new Arena({ seed, onSnapshot: (bytes) => snapshots.push(bytes), onText: () => undefined });
  return { arena, snapshots };
}

describe('the world', () => {
  test('is the same after the same inputs, and holds everybody within it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.array(wish, { minLength: 3, maxLength: 3 }), { maxLength: 60 }), (seed, steps) => {
        const run = (): World => {
          const world = newWorld(seed);
          for (const id of [1, 2, 3]) enter(world, id);
          for (const [sequence, wishes] of steps.entries()) {
            step(world, new Map(wishes.map((input, i) => [i + 1, [{ ...input, sequence }]])));
          }
          return world;
        };
        const world = run();
        expect(run()).toEqual(world);
        for (const { body } of world.players.values()) {
          expect(body.x).toBeGreaterThanOrEqual(PLAYER_RADIUS);
          expect(body.x).toBeLessThanOrEqual(ARENA.width - PLAYER_RADIUS);
          expect(body.y).toBeLessThanOrEqual(ARENA.height - PLAYER_RADIUS);
        }
        // What is sent is what is.
        const sent = decodeSnapshot(encodeSnapshot(world).buffer);
        expect(sent.players.map(({ id, body, score }) => ({ id, body, score }))).toEqual(
          Array.from(world.players.values(), ({ id, body, score }) => ({ id, body, score })),
        );
        expect(sent.gems).toHaveLength(world.gems.length);
      }),
    );
  });

  test('a dash into somebody costs them gems, and none are lost or won by it', () => {
    const world = newWorld(1);
    world.gems = [];
    const [ada, bob] = [enter(world, 1), enter(world, 2)];
    ada.body = { ...ada.body, x: 400, y: 400 };
    bob.body = { ...bob.body, x: 450, y: 400 };
    bob.score = 5;
    step(world, new Map([[1, [{ sequence: 1, x: 127, y: 0, dashes: true }]]]));
    expect(bob).toMatchObject({ score: 2, body: { stun: 16 } });
    expect(world.gems).toHaveLength(3);
  });
});

describe('authority', () => {
  test('who sends more inputs is applied no more of them than there were steps, but for four', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 60 }), (bursts) => {
        const inputs = new Inputs();
        let [sequence, applied, steps] = [0, 0, 0];
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) inputs.add({ sequence: ++sequence, x: 127, y: 0, dashes: false });
          applied += inputs.take().length;
          steps += 1;
          expect(applied).toBeLessThanOrEqual(steps);
        }
        for (let i = 0; i < 10; i++) applied += inputs.take().length;
        expect(inputs.take()).toEqual([]);
        expect(applied).toBeLessThanOrEqual(sequence);
      }),
    );
  });

  test('a longer direction is no faster, and a dash that rests does not start', () => {
    const world = newWorld(3);
    const player = enter(world, 1);
    player.body = { ...player.body, x: 100, y: 100 };
    step(world, new Map([[1, [{ sequence: 1, x: 127, y: 127, dashes: false }]]]));
    expect(Math.hypot(player.body.x - 100, player.body.y - 100)).toBeLessThan(12.1);
    let dashed = 0;
    for (let sequence = 2; sequence < 42; sequence++) {
      step(world, new Map([[1, [{ sequence, x: 0, y: 0, dashes: true }]]]));
      if (player.body.rest === 40) dashed += 1;
    }
    expect(dashed).toBe(1);
  });

  test('nobody acts for another, nor through a connection that was taken over', () => {
    const { arena } = arenaOf();
    const [tab, newer] = [{}, {}];
    const ada = arena.enter(tab, 'ada', 'Ada');
    expect(arena.enter(newer, 'ada', 'Ada')).toBe(ada);
    const start = ada?.body;
    const right: Input = { sequence: 1, x: (start?.x ?? 0) < 600 ? 127 : -127, y: 0, dashes: false };
    arena.input(tab, 'ada', right);
    arena.step();
    expect(ada?.body).toEqual(start);
    arena.leave(tab, 'ada');
    expect(ada?.isAway).toBe(false);
    arena.input(newer, 'ada', right);
    arena.step();
    expect(ada?.body.x).not.toBe(start?.x);
  });

  test('who is gone is away for ten seconds, and the same again when they come back', () => {
    const { arena } = arenaOf();
    const [tab, later] = [{}, {}];
    const ada = arena.enter(tab, 'ada', 'Ada');
    arena.leave(tab, 'ada');
    for (let i = 0; i < 199; i++) arena.step();
    expect(ada?.isAway).toBe(true);
    expect(arena.enter(later, 'ada', 'Ada')).toBe(ada);
    arena.leave(later, 'ada');
    for (let i = 0; i < 200; i++) arena.step();
    expect(arena.world.players.has(ada?.id ?? 0)).toBe(false);
  });

  test('fifty people are all there, bots have gone, and a snapshot is about a kibibyte', () => {
    const { arena, snapshots } = arenaOf();
    for (let i = 0; i < 50; i++) arena.enter({}, `p${i}`, `P ${i}`);
    arena.step();
    const last = snapshots.at(-1) ?? new Uint8Array(8);
    expect(decodeSnapshot(last.buffer).players).toHaveLength(50);
    expect(last.byteLength).toBeLessThan(1_100);
    for (let i = 50; i < 64; i++) expect(arena.enter({}, `p${i}`, '')).toBeDefined();
    expect(arena.enter({}, 'one too many', '')).toBeUndefined();
  });
});

/** A player in an arena, with the page that guesses, and a way for the relay's latest word to reach it. */
function playerOf(seed: number) {
  const { arena, snapshots } = arenaOf(seed);
  const holder = {};
  const you = arena.enter(holder, 'ada', 'Ada');
  const prediction = new Prediction();
  const answer = (): void => {
    const last = snapshots.at(-1);
    const self = last && decodeSnapshot(last.buffer).players.find(({ id }) => id === you?.id);
    if (self) prediction.reconcile(self);
  };
  const underway: Input[] = [];
  let sequence = 0;
  const want = (wanted: Omit<Input, 'sequence'>): void => {
    const input = { ...wanted, sequence: sequence + 1 };
    if (!prediction.input(input)) return;
    underway.push(input);
    sequence += 1;
  };
  const send = (): void => {
    for (const input of underway.splice(0)) arena.input(holder, 'ada', input);
  };
  return { arena, you, prediction, answer, want, send };
}

describe('a page', () => {
  test('guesses what the relay will say: once all is answered they agree, whatever was late, lost or thrown away', () => {
    const network = fc.array(fc.record({ wish, reaches: fc.boolean(), answered: fc.boolean() }), { maxLength: 80 });
    fc.assert(
      fc.property(fc.nat(), network, (seed, steps) => {
        const { arena, you, prediction, answer, want, send } = playerOf(seed);
        arena.step();
        answer();
        for (const { wish: wanted, reaches, answered } of steps) {
          want(wanted);
          if (reaches) send();
          arena.step();
          if (answered) answer();
        }
        send();
        for (let i = 0; i < 20; i++) arena.step();
        answer();
        expect(prediction.body).toEqual(you?.body);
      }),
      { numRuns: 300 },
    );
  });

  test('shows others between two snapshots, and goes on a little where none comes', () => {
    const world = newWorld(5);
    const player = enter(world, 1);
    const at = (x: number, tick: number) => {
      player.body = { ...player.body, x, y: 100 };
      world.tick = tick;
      return decodeSnapshot(encodeSnapshot(world).buffer);
    };
    const others = new Interpolation();
    others.add(at(100, 1), 1_000);
    others.add(at(110, 2), 1_050);
    others.add(at(120, 3), 1_100);
    expect(others.at(1_125).get(1)?.x).toBeCloseTo(105);
    expect(others.at(1_175).get(1)?.x).toBeCloseTo(115);
    expect(others.at(9_000).get(1)?.x).toBeCloseTo(130);
  });
});

test('inputs are the same on both sides, and what is none is refused', () => {
  fc.assert(
    fc.property(fc.record({ sequence: fc.nat(), x: direction, y: direction, dashes: fc.boolean() }), (input) => {
      expect(decodeInput(encodeInput(input))).toEqual(input);
    }),
  );
  expect(decodeInput('hello')).toBeUndefined();
  expect(decodeInput(new Uint8Array(8))).toBeUndefined();
});
