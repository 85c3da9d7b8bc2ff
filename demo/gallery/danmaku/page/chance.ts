/** Evenly from 0 to 1, the same for the same numbers: what looks like chance in a film that is the same for everybody. */
export function chance(number: number, kind: number): number {
  let hash = Math.imul(number ^ Math.imul(kind, 0x9e37_79b1), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
