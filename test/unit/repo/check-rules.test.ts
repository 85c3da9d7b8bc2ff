import { describe, expect, test } from 'vitest';
import { unproven } from '../../../scripts/check-rules.js';
import { parseText, testTitlesOf } from '../../../scripts/syntax.js';

const titles = (text: string): string[] => testTitlesOf(parseText('some.test.ts', text));

describe('rules and the tests that prove them', () => {
  test('a title counts wherever it is given to a test function', () => {
    expect(titles(`describe('a', () => { test('b', f); it.each([1])('c %i', f); test.for(x)(\`d\`, f); });`)).toEqual([
      `'a'`,
      `'b'`,
      `'c %i'`,
      '`d`',
    ]);
  });

  test('a comment or any other string proves nothing', () => {
    expect(titles(`// test('[ABC1] x')\nlog('[ABC1] y');`)).toEqual([]);
  });

  test('a rule without a test and a test without a rule are both named', () => {
    const named = [
      { path: 'a.test.ts', title: '[ABC1, ABC2] works' },
      { path: 'b.test.ts', title: '[ABD1] is gone' },
    ];
    expect(unproven('- **ABC1** x\n- **ABC2** y\n- **ABC3** z', named)).toEqual([
      'ABC3 has no test that names it as [ABC3].',
      'b.test.ts names [ABD1], which PROTOCOL.md does not have.',
    ]);
  });
});
