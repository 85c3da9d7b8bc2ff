// What the fuzzer says follows from its seed, and is worth saying.
import { expect, test } from 'vitest';
import { decodeClientFrame } from '../../../sdk/src/protocol/index.ts';
import { fuzzCase } from '../../fuzz/cases.ts';
import { SESSIONS } from '../../fuzz/corpus.ts';
import { filled } from '../../fuzz/placeholders.ts';
import { Random } from '../../fuzz/random.ts';
import { OPCODE } from '../../support/raw-socket.ts';
import { masked, wireFrame } from '../../support/ws-frames.ts';

const FILLINGS = { epoch: 'e1', token: 'a.b.c', apiKey: 'cr_x' };

test('a case is the same bytes whenever it is made, and another for another seed or number', () => {
  const bytes = (seed: number, number: number): string => Buffer.concat(fuzzCase(seed, number, FILLINGS).pieces).toString('hex');
  for (let number = 0; number < 50; number++) {
    expect(bytes(7, number)).toBe(bytes(7, number));
    expect(bytes(7, number)).not.toBe(bytes(8, number));
    expect(bytes(7, number)).not.toBe(bytes(7, number + 1));
  }
});

test('every kind of case comes up, and about half of what is recorded goes out as it was', () => {
  const cases = Array.from({ length: 400 }, (_, number) => fuzzCase(1, number, FILLINGS));
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['messages', 'plain', 'frames', 'http']));
  const first = wireFrame({ opcode: OPCODE.text, payload: '{"type":"connect","id":1,"version":1,"user":{"name":"Ada"}}' });
  expect(cases.filter(({ pieces }) => Buffer.concat(pieces).includes(first)).length).toBeGreaterThan(20);
});

test('[FRM1] the corpus is what the relay reads: every frame of it, of many types', () => {
  const decoded = SESSIONS.flat().map((text) => decodeClientFrame(filled(text, FILLINGS)));
  expect(decoded.filter(({ ok }) => !ok)).toEqual([]);
  const types = new Set(decoded.map((one) => (one.ok ? one.frame.type : '')));
  for (const type of [
    'connect',
    'join',
    'publish',
    'history',
    'typing',
    'read',
    'ephemeral',
    'sanctions',
    'upload',
    'ping',
    'leave',
  ])
    expect(types).toContain(type);
});

test('random numbers keep to their bounds, and reach them', () => {
  const random = new Random(3);
  const drawn = Array.from({ length: 1_000 }, () => random.below(10));
  expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([0, 9]);
});

test('a frame that lies about its length has the length that it claims in its head', () => {
  const bytes = wireFrame({ opcode: OPCODE.text, payload: 'hello', length: '64-bit', claimedBytes: 1n << 40n });
  expect(bytes.readBigUInt64BE(2)).toBe(1n << 40n);
  expect(masked(bytes.subarray(14), bytes.subarray(10, 14)).toString()).toBe('hello');
});
