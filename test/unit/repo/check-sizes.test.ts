import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compare, measure } from '../../../scripts/check-sizes.js';

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

test('files with a hash in their names are found, and added up', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sizes-'));
  for (const name of ['a.js', 'part-1f.js', 'part-2e.js', 'part-1f.js.map'])
    writeFileSync(join(directory, name), 'x'.repeat(100));
  const one = measure(join(directory, 'a.js'), '');
  expect(measure(`${directory}/a.js + ${directory}/part-*.js`, '')).toBe(3 * one);
  expect(measure(`max: ${directory}/part-*.js`, '')).toBe(one);
  expect(() => measure(`${directory}/none-*.js`, '')).toThrow('is it built?');
  rmSync(directory, { recursive: true });
});
