// Prices that nobody has to keep: that of a listing at a tick follows from its number, the tick and the seed alone. Any relay
// can say it for any moment, before and after a restart, and all of them say the same.

export const TICK_MS = 50;

/** How often a listing's course turns, and how far it goes then: from the jitter of each tick to the mood of a morning. */
const WAVES = [
  { ticks: 1, height: 0.000_25 },
  { ticks: 12, height: 0.000_7 },
  { ticks: 90, height: 0.001_8 },
  { ticks: 900, height: 0.005 },
  { ticks: 9_000, height: 0.012 },
  { ticks: 110_000, height: 0.028 },
] as const;

const CHEAPEST_CENTS = 1_200;
const DEAREST_CENTS = 90_000;
const TICKS_PER_DAY = 86_400_000 / TICK_MS;

/** The tick of a moment, in milliseconds since 1970. */
export function tickAt(atMs: number): number {
  return Math.floor(atMs / TICK_MS);
}

/** The first tick of the (UTC) day that a tick falls into: what a day's change is counted from. */
export function openingTick(tick: number): number {
  return tick - (tick % TICKS_PER_DAY);
}

/** The price of the listing with that number, in cents. */
export function priceAt(listing: number, tick: number, seed = 1): number {
  const base = CHEAPEST_CENTS * (DEAREST_CENTS / CHEAPEST_CENTS) ** chance(seed, listing, 0, 0);
  let course = 0;
  for (const [wave, { ticks, height }] of WAVES.entries()) course += height * waveAt(seed, listing, wave + 1, tick / ticks);
  return Math.round(base * Math.exp(course));
}

/** Between -1 and 1: by chance at whole `x`, and without a jump between them. */
function waveAt(seed: number, listing: number, wave: number, x: number): number {
  const from = Math.floor(x);
  const part = x - from;
  const eased = part * part * (3 - 2 * part);
  const start = chance(seed, listing, wave, from);
  const end = part === 0 ? start : chance(seed, listing, wave, from + 1);
  return 2 * (start + (end - start) * eased) - 1;
}

/** Evenly from 0 to 1, the same for the same arguments. `at` may be larger than 32 bits. */
function chance(seed: number, listing: number, wave: number, at: number): number {
  let hash = mixed(Math.imul(seed, 0x9e37_79b1) ^ (listing * 16 + wave));
  hash = mixed(hash ^ Math.floor(at / 2 ** 32));
  return (mixed(hash ^ at) >>> 0) / 2 ** 32;
}

/** Each bit of the result depends on each bit of the number: the end of MurmurHash3. */
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
