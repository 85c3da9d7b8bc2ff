// Idempotency keys: each is known for its time, whatever else is kept, and however many there are.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyHash } from '../../../relay/src/engine/key-hash.ts';
import { hashKey } from '../../../relay/src/engine/key-hash.ts';
import { KeyIndex } from '../../../relay/src/engine/key-index.ts';
import { KeyTable } from '../../../relay/src/engine/key-table.ts';

const yes = (): boolean => true;

describe('key index', () => {
  test('[PUB3] a key is known for ten minutes at least, and forgotten in time', () => {
    const keys = new KeyIndex();
    const minute = 60_000;
    const start = 1_700_000_000_000;
    const key = (name: string): KeyHash => hashKey('ada', name);
    keys.set(key('k'), { offset: 1, at: start });
    for (let i = 1; i <= 9; i++) keys.set(key(`k${i}`), { offset: i + 1, at: start + i * minute });
    expect(keys.get(key('k'), yes)).toEqual({ offset: 1, at: start });
    expect(keys.get(hashKey('bob', 'k'), yes)).toBeUndefined();
    keys.set(key('k10'), { offset: 11, at: start + 10 * minute });
    expect(keys.get(key('k'), yes)).toEqual({ offset: 1, at: start });
    keys.set(key('k20'), { offset: 12, at: start + 20 * minute });
    expect(keys.get(key('k'), yes)).toBeUndefined();
    expect(keys.get(key('k10'), yes)).toEqual({ offset: 11, at: start + 10 * minute });
    keys.delete(key('k10'), 11);
    expect(keys.get(key('k10'), yes)).toBeUndefined();
  });

  test('[PUB3] two keys with one hash are two keys: the events tell', () => {
    const keys = new KeyIndex();
    const hash: KeyHash = { low: -5, high: 7 };
    keys.set(hash, { offset: 3, at: 1_000 });
    expect(keys.get(hash, () => false)).toBeUndefined();
    keys.set(hash, { offset: 4, at: 1_001 });
    expect(keys.get(hash, (offset) => offset === 3)).toEqual({ offset: 3, at: 1_000 });
    expect(keys.get(hash, (offset) => offset === 4)).toEqual({ offset: 4, at: 1_001 });
    keys.delete(hash, 3);
    expect(keys.get(hash, (offset) => offset === 3)).toBeUndefined();
    expect(keys.get(hash, (offset) => offset === 4)).toEqual({ offset: 4, at: 1_001 });
  });

  test('[PUB3] after a commit that failed, lower offsets come again', () => {
    const keys = new KeyIndex();
    const ttl = 600_000;
    const [first, second, third] = ['a', 'b', 'c'].map((name) => hashKey('ada', name)) as [KeyHash, KeyHash, KeyHash];
    keys.set(first, { offset: 70_000, at: 0 });
    keys.set(second, { offset: 70_001, at: ttl }); // the first of a new generation
    keys.delete(first, 70_000);
    keys.delete(second, 70_001);
    keys.set(third, { offset: 70_000, at: ttl });
    expect(keys.get(third, yes)).toEqual({ offset: 70_000, at: ttl });
    expect(keys.get(first, yes)).toBeUndefined();
    expect(keys.get(second, yes)).toBeUndefined();
  });
});

describe('key table', () => {
  test('holds what a map would, whatever comes and goes', () => {
    // Few values of each half: many are alike in one, or in both.
    const hash = fc.record({ low: fc.constantFrom(0, 1, 2, 3, 1_024, -1, 0x7fff_ffff), high: fc.constantFrom(0, 1, -1, 65_536) });
    const step = fc.record({ hash, isRemoved: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3_000, size: 'max' }), (steps) => {
        const table = new KeyTable();
        const model = new Map<number, KeyHash>();
        steps.forEach(({ hash, isRemoved }, i) => {
          const [of] = [...model].find(([, { low, high }]) => low === hash.low && high === hash.high) ?? [];
          if (isRemoved && of !== undefined) {
            table.delete(hash, (first) => first === of);
            model.delete(of);
          } else {
            table.add(hash, i, i * 2);
            model.set(i, hash);
          }
        });
        for (const i of steps.keys()) {
          const hash = model.get(i) ?? (steps[i] as { hash: KeyHash }).hash;
          expect(table.find(hash, (first) => first === i)).toEqual(model.has(i) ? [i, i * 2] : undefined);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('finds each of a million keys, and none that was never there', () => {
    const table = new KeyTable();
    const count = 1_000_000;
    for (let i = 0; i < count; i++) table.add(hashKey('ada', `key ${i}`), i, 0);
    let found = 0;
    for (let i = 0; i < count; i++) if (table.find(hashKey('ada', `key ${i}`), yes)?.[0] === i) found++;
    let strangers = 0;
    for (let i = 0; i < count; i++) if (table.find(hashKey('bob', `key ${i}`), yes)) strangers++;
    expect({ found, strangers }).toEqual({ found: count, strangers: 0 });
  });

  test('a hash is spread evenly, in both halves', () => {
    const counts = { low: new Uint32Array(64), high: new Uint32Array(64) };
    for (let i = 0; i < 64_000; i++) {
      const { low, high } = hashKey('ada', `${i}`);
      for (const [half, value] of [
        ['low', low],
        ['high', high],
      ] as const) {
        const bucket = value & 63;
        counts[half][bucket] = (counts[half][bucket] as number) + 1;
      }
    }
    // A thousand in each, give or take six times the standard deviation.
    for (const half of [counts.low, counts.high]) for (const count of half) expect(Math.abs(count - 1_000)).toBeLessThan(190);
  });
});
