import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../bench/load/histogram.ts';

test('a quantile is off by less than one part in 128 of the value that stands there', () => {
  const values = fc.array(fc.nat({ max: 2_000_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.99, 0.999, 1), (recorded, share) => {
      const histogram = new Histogram();
      for (const value of recorded) histogram.record(value);
      const exact = recorded.sort((a, b) => a - b)[Math.ceil(share * recorded.length) - 1] ?? 0;
      expect(Math.abs(histogram.quantile(share) - exact)).toBeLessThanOrEqual(exact / 128);
    }),
  );
});

test('small values are exact, and what is out of bounds counts at the bound', () => {
  const histogram = new Histogram();
  for (const value of [-5, 1, 2, 3, 2 ** 40]) histogram.record(value);
  expect(histogram.quantiles()).toMatchObject({ count: 5, p50: 2, max: 2 ** 31 - 1 });
  expect(histogram.quantile(0.2)).toBe(0);
});

test('a histogram of nothing has no quantile but 0', () => {
  expect(new Histogram().quantiles()).toEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 });
});
