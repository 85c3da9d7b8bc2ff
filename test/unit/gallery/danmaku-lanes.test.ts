// Comments that fly in lanes: whatever comes, in whatever width and speed, no two of them touch.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Flights } from '../../../demo/gallery/danmaku/flights.ts';
import type { Flight } from '../../../demo/gallery/danmaku/lanes.ts';
import { endOf, Lanes, leftEdge } from '../../../demo/gallery/danmaku/lanes.ts';

const STAGE = 1_000;
const GAP = 24;

const flights = fc.array(
  fc.record({
    waitMs: fc.nat({ max: 3_000 }),
    width: fc.integer({ min: 1, max: 3_000 }),
    speed: fc.integer({ min: 1, max: 3_000 }).map((n) => n / 1_000),
  }),
  { maxLength: 60 },
);

/** Those that came, each after the one before, with the lane that took them. */
function fly(steps: readonly { readonly waitMs: number; readonly width: number; readonly speed: number }[], count: number) {
  const lanes = new Lanes({ count, stageWidth: STAGE, gap: GAP });
  let startMs = 0;
  return steps.map(({ waitMs, width, speed }) => {
    startMs += waitMs;
    const flight = { startMs, width, speed };
    return { flight, lane: lanes.place(flight) };
  });
}

/** The least distance of two flights while both are on the stage, looked at moment by moment. */
function leastDistance(a: Flight, b: Flight): number {
  const from = Math.max(a.startMs, b.startMs);
  const until = Math.min(endOf(a, STAGE), endOf(b, STAGE));
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= 50 && from < until; i++) {
    const atMs = from + ((until - from) * i) / 50;
    const [leftA, leftB] = [leftEdge(a, STAGE, atMs), leftEdge(b, STAGE, atMs)];
    least = Math.min(least, Math.max(leftA - leftB - b.width, leftB - leftA - a.width));
  }
  return least;
}

function pairsOf<T>(all: readonly T[]): (readonly [T, T])[] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));
}

describe('lanes', () => {
  test('no two comments of a lane ever come closer than the gap', () => {
    fc.assert(
      fc.property(flights, fc.integer({ min: 1, max: 6 }), (steps, count) => {
        const flown = fly(steps, count);
        for (let lane = 0; lane < count; lane++) {
          const inLane = flown.filter((one) => one.lane === lane).map(({ flight }) => flight);
          for (const [a, b] of pairsOf(inLane)) expect(leastDistance(a, b)).toBeGreaterThanOrEqual(GAP - 1e-6);
        }
      }),
    );
  });

  test('one is left out only where it would have touched another in every lane', () => {
    fc.assert(
      fc.property(flights, fc.integer({ min: 1, max: 4 }), (steps, count) => {
        const flown = fly(steps, count);
        for (const [i, { flight, lane }] of flown.entries()) {
          if (lane !== undefined) continue;
          const before = flown.slice(0, i);
          for (let other = 0; other < count; other++) {
            const taken = before.filter((one) => one.lane === other);
            expect(taken.some((one) => leastDistance(one.flight, flight) < GAP + 1e-6)).toBe(true);
          }
        }
      }),
    );
  });

  test('a lane holds no more at a time than fit beside each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), fc.integer({ min: 50, max: 1_000 }), (width, n) => {
        const lanes = new Lanes({ count: 1, stageWidth: STAGE, gap: GAP });
        const placed = Array.from({ length: n }, (_, i) => ({ startMs: i * 5, width, speed: 0.2 })).filter(
          (flight) => lanes.place(flight) === 0,
        );
        const atOnce = placed.map(
          ({ startMs }) => placed.filter((one) => one.startMs <= startMs && endOf(one, STAGE) > startMs).length,
        );
        expect(Math.max(...atOnce)).toBeLessThanOrEqual(Math.floor((STAGE + width) / (width + GAP)) + 1);
      }),
    );
  });

  test('a comment that is faster waits until it can no longer catch up', () => {
    const lanes = new Lanes({ count: 1, stageWidth: STAGE, gap: GAP });
    expect(lanes.place({ startMs: 0, width: 100, speed: 0.1 })).toBe(0); // gone at 11,000
    expect(lanes.place({ startMs: 2_000, width: 100, speed: 1 })).toBeUndefined();
    expect(lanes.place({ startMs: 10_023, width: 100, speed: 1 })).toBeUndefined();
    expect(lanes.place({ startMs: 10_024, width: 100, speed: 1 })).toBe(0);
  });

  test('one that starts before the last is refused', () => {
    const lanes = new Lanes({ count: 1, stageWidth: STAGE, gap: GAP });
    expect(lanes.place({ startMs: 500, width: 10, speed: 1 })).toBe(0);
    expect(lanes.place({ startMs: 400, width: 10, speed: 1 })).toBeUndefined();
  });
});

describe('flights', () => {
  test('each comment is on the stage, gone or left out: 200 a second cost no more than the lanes hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.array(fc.integer({ min: 20, max: 600 }), { maxLength: 400 }),
        (lanes, widths) => {
          const stage = new Flights<number>({ width: STAGE, lanes, crossingMs: 8_000 });
          let gone = 0;
          for (const [i, width] of widths.entries()) {
            const before = stage.flying.length;
            stage.advance(i * 5);
            gone += before - stage.flying.length;
            stage.launch(i, i * 5, width);
            expect(stage.flying.length).toBeLessThanOrEqual(lanes * Math.ceil((STAGE + 600) / (20 + 24)));
          }
          expect(stage.flying.length + stage.leftOut + gone).toBe(widths.length);
        },
      ),
    );
  });

  test('crosses the stage in its time, whatever its width', () => {
    const stage = new Flights<string>({ width: STAGE, lanes: 1, crossingMs: 8_000 });
    stage.launch('hello', 1_000, 200);
    const [hello] = stage.flying;
    expect(hello && stage.leftOf(hello, 1_000)).toBe(STAGE);
    expect(hello && stage.leftOf(hello, 9_000)).toBeCloseTo(-200);
    stage.advance(8_999);
    expect(stage.flying).toHaveLength(1);
    stage.advance(9_000);
    expect(stage.flying).toHaveLength(0);
  });
});
