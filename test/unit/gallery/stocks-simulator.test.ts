// Prices that follow from the listing, the tick and the seed alone.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LISTINGS } from '../../../demo/gallery/stocks/listings.ts';
import { openingTick, priceAt, TICK_MS, tickAt } from '../../../demo/gallery/stocks/simulator.ts';

const DAY = tickAt(Date.UTC(2026, 0, 15));
const listing = fc.nat({ max: LISTINGS.length - 1 });
const tick = fc.integer({ min: 0, max: tickAt(Date.UTC(2100, 0, 1)) });

test('there are 500 listings, each with a symbol of its own', () => {
  expect(LISTINGS).toHaveLength(500);
  expect(new Set(LISTINGS.map(({ symbol }) => symbol)).size).toBe(500);
  expect(LISTINGS.every(({ symbol }) => /^[A-Z]{4}$/.test(symbol))).toBe(true);
});

describe('a price', () => {
  test('is a whole number of cents that fits the wire, at any tick', () => {
    fc.assert(
      fc.property(listing, tick, (which, at) => {
        const cents = priceAt(which, at);
        expect(Number.isInteger(cents) && cents > 0 && cents < 2 ** 31).toBe(true);
      }),
    );
  });

  test('is the same whoever asks in whichever order, and another for another seed', () => {
    const ticks = Array.from({ length: 50 }, (_, i) => DAY + i);
    const forwards = ticks.map((at) => priceAt(7, at));
    const backwards = ticks.toReversed().map((at) => priceAt(7, at));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(ticks.map((at) => priceAt(7, at, 2))).not.toEqual(forwards);
  });

  // Kept prices: relays of two versions, side by side during an upgrade, must not disagree.
  test('stays what it was in earlier versions', () => {
    expect([0, 1, 250, 499].map((which) => priceAt(which, DAY))).toMatchInlineSnapshot(`
      [
        8087,
        55488,
        30905,
        81655,
      ]
    `);
  });

  test('moves a little from tick to tick, and never jumps', () => {
    fc.assert(
      fc.property(listing, tick, (which, at) => {
        const [now, next] = [priceAt(which, at), priceAt(which, at + 1)];
        expect(Math.abs(next - now)).toBeLessThanOrEqual(1 + now * 0.003);
      }),
    );
  });

  test('changes at most ticks, and goes up as often as down', () => {
    const steps = LISTINGS.flatMap((_, which) =>
      Array.from({ length: 40 }, (_, i) => Math.sign(priceAt(which, DAY + i + 1) - priceAt(which, DAY + i))),
    );
    const [up, down] = [steps.filter((step) => step > 0).length, steps.filter((step) => step < 0).length];
    expect((up + down) / steps.length).toBeGreaterThan(0.7);
    expect(up / (up + down)).toBeGreaterThan(0.45);
    expect(up / (up + down)).toBeLessThan(0.55);
  });
});

test('a day opens at its first tick', () => {
  const noon = tickAt(Date.UTC(2026, 0, 15, 12));
  expect(openingTick(noon)).toBe(DAY);
  expect(openingTick(DAY)).toBe(DAY);
  expect(noon - DAY).toBe((12 * 3_600_000) / TICK_MS);
});
