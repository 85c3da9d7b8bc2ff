import { expect, test } from 'vitest';
import { nameOfHash } from '../../../demo/src/visitor-name.ts';

test.each([
  ['#name=Ada+Lovelace', 'Ada Lovelace'],
  ['#name=%E5%B0%8F%E6%98%8E', '小明'],
  ['#name=', undefined],
  [`#name=${'a'.repeat(1_000)}`, undefined],
  ['#messages', undefined],
  ['', undefined],
])('a window of its own is opened with %s', (hash, name) => {
  expect(nameOfHash(hash)).toBe(name);
});
