// Keys as 64 bits. They are kept for minutes, and there is one for each event: as texts they would be what a busy relay holds most of.

import { randomInt } from 'node:crypto';

/** A key of one member, as two signed integers of 32 bits, either evenly spread. */
export interface KeyHash {
  readonly low: number;
  readonly high: number;
}

// Of this process alone: nobody outside can tell which keys meet.
const LOW_SEED = randomInt(2 ** 32);
const HIGH_SEED = randomInt(2 ** 32);

/** Neither part can hold a line break, so no two pairs are one text. */
export function hashKey(memberId: string, key: string): KeyHash {
  let low = LOW_SEED;
  let high = HIGH_SEED;
  // One character at a time, in two lanes of the kind of MurmurHash3: what differs in one place changes half of all bits.
  const text = `${memberId}\n${key}`;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = mix(low, Math.imul(code, 0xcc9e2d51));
    high = mix(high, Math.imul(code, 0x9e3779b1));
  }
  return { low: finish(low ^ high), high: finish(high + text.length) };
}

function mix(lane: number, code: number): number {
  const turned = lane ^ ((code << 15) | (code >>> 17));
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) | 0;
}
