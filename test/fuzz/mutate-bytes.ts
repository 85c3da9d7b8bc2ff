// Bytes that were fine, and are not any more.
import type { Random } from './random.ts';

/** Bytes at which parsers change their mind: ends of ranges, HTTP's and JSON's own, and beginnings of UTF-8 sequences. */
const TELLING_BYTES = Buffer.from('00010a0d202225262c2f3a3b3d5b5c5d7b7d7e7f8081bfc0c1c2e0edeff0f4f5f8fcfeff', 'hex');
const MAX_STEPS = 4;
const MAX_PIECE_BYTES = 64;
const MAX_REPEATS = 200;

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const changed = Buffer.from(bytes);
    const at = random.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  function setByte(bytes, random) {
    const changed = Buffer.from(bytes);
    changed[random.below(changed.length)] = random.pick([...TELLING_BYTES]);
    return changed;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function beginLater(bytes, random) {
    return bytes.subarray(random.below(bytes.length));
  },
  function cutOut(bytes, random) {
    const [from, to] = pieceOf(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function double(bytes, random) {
    const [from, to] = pieceOf(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function repeat(bytes, random) {
    const [from, to] = pieceOf(bytes, random);
    const many = Array.from({ length: 1 + random.below(MAX_REPEATS) }, () => bytes.subarray(from, to));
    return Buffer.concat([bytes.subarray(0, from), ...many, bytes.subarray(to)]);
  },
  function insertNoise(bytes, random) {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at)]);
  },
  function splice(bytes, random, other) {
    return Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))]);
  },
  function swap(bytes, random) {
    const [from, to] = pieceOf(bytes, random);
    return Buffer.concat([bytes.subarray(from, to), bytes.subarray(0, from), bytes.subarray(to)]);
  },
];

/** One to four things happen to the bytes; `other` is what may be spliced in. */
export function mutateBytes(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let changed = bytes;
  for (let left = 1 + random.below(MAX_STEPS); left > 0 && changed.length > 0; left--) {
    changed = random.pick(mutations)(changed, random, other);
  }
  return changed;
}

function pieceOf(bytes: Buffer, random: Random): readonly [from: number, to: number] {
  const from = random.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.below(MAX_PIECE_BYTES))];
}
