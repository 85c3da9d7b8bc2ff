// The lines of the demo's logs: made up from the clock, so that every relay process, and every restart of one, writes the same.
// Pure.

const ESC = '\u001b[';
const LEVELS = [
  { word: ' INFO', sgr: '32' },
  { word: 'DEBUG', sgr: '2' },
  { word: ' WARN', sgr: '33' },
  { word: 'ERROR', sgr: '1;31' },
] as const;
const EVENTS: readonly (readonly [level: 0 | 1 | 2 | 3, text: string])[] = [
  [0, 'order {n} placed by member {m}'],
  [0, 'order {n} paid, 3 items, \u20ac{m}.90'],
  [1, 'cache \u001b[36mprices\u001b[39m refreshed in {d} ms'],
  [0, 'session {n} opened from \u001b[4mhttps://shop.example/\u001b[24m'],
  [1, 'pool: \u001b[1m{d}\u001b[22m of 64 connections in use'],
  [2, 'payment {n} took \u001b[38;5;214m{m} ms\u001b[39m'],
  [0, 'parcel {n} handed over \u001b[38;2;145;167;255m(route north)\u001b[39m'],
  [1, 'queue \u001b[36mmail\u001b[39m: {d} jobs, the oldest {d} s'],
  [3, 'payment {n} refused: \u001b[7m card expired \u001b[27m'],
];

/** Spread over the whole range, the same for the same number. */
function scatter(seed: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A shop, with levels in colours. `tick` is of 250 ms. */
export function appLine(tick: number): string {
  const noise = scatter(tick);
  const [levelNumber, text] = EVENTS[noise % 97 === 0 ? 8 : noise % 8] ?? [0, ''];
  const level = LEVELS[levelNumber];
  const filled = text
    .replace('{n}', String(10_000 + (noise % 90_000)))
    .replace('{m}', String(100 + (noise % 900)))
    .replaceAll('{d}', String(1 + (noise % 60)));
  return `${ESC}90m${timeOf(tick * 250)}${ESC}0m ${ESC}${level.sgr}m${level.word}${ESC}0m ${filled}`;
}

/** Many, and all of a kind: for whoever wants to see whether the page keeps up. */
export function firehoseLine(millisecond: number, i: number): string {
  return `${timeOf(millisecond)} #${String(i).padStart(4, '0')} ${ESC}${31 + (i % 6)}mworker ${i % 32}${ESC}0m took job ${scatter(millisecond + i) % 1_000_000}`;
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}
