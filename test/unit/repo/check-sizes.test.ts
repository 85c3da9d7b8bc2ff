import { describe, expect, test } from 'vitest';
import { compare } from '../../../scripts/check-sizes.js';

describe('sizes', () => {
  const recorded = { gzip: 1000, budget: 1010 };

  test('the recorded size passes', () => {
    expect(compare('a.js', recorded, 1000)).toEqual([]);
  });

  test.each([
    [1001, 'a.js is 1001 bytes, 1 more than test/size.json says.'],
    [998, 'a.js is 998 bytes, 2 fewer than test/size.json says.'],
    [1011, 'a.js is 1011 bytes, 1 past its budget of 1010: load a part later.'],
  ])('%i bytes do not', (gzip, sentence) => {
    expect(compare('a.js', recorded, gzip)).toEqual([sentence]);
  });
});
