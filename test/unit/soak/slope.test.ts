import { expect, test } from 'vitest';
import { floors, trendOf } from '../../soak/slope.ts';

const minutes = (count: number, value: (atMin: number) => number): { atMin: number; value: number }[] =>
  Array.from({ length: count }, (_, atMin) => ({ atMin, value: value(atMin) }));

test('a line is found through the second half, whatever came before', () => {
  const trend = trendOf(minutes(60, (at) => (at < 30 ? 1_000 - at : 100 + at)));
  expect(trend?.perHour).toBeCloseTo(60);
  expect(trend?.growth).toBeCloseTo(29 / (100 + 44.5));
});

test('what goes up and down around one value has no trend', () => {
  const trend = trendOf(minutes(60, (at) => 100 + (at % 2)));
  expect(Math.abs(trend?.growth ?? 1)).toBeLessThan(0.01);
});

test('a leak of 1 % of the memory a minute is seen through the waves of the collector', () => {
  const seconds = Array.from({ length: 1_800 }, (_, i) => ({ atMin: i / 60, value: 100 + i / 60 + ((i * 7) % 40) }));
  expect(trendOf(floors(seconds))?.perHour).toBeCloseTo(60, 0);
});

test('too few points say nothing', () => {
  expect(trendOf(minutes(4, () => 1))).toBeUndefined();
});
