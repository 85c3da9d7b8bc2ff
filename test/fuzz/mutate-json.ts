// A frame that is still JSON, with something in it that nobody would send.
import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Path = readonly (string | number)[];

/** Written into the text as they are: some are not what JSON.stringify would write. */
const STRANGE_VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e308', '1e309', '-1e309', '1e-400'],
  ...['2147483648', '4294967296', '9007199254740991', '9007199254740993', '18446744073709551616', '9'.repeat(400)],
  ...['""', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00x"', '"\\u202e"', '"\\u2028"', '"e\\u0301"', '".."', '"__proto__"'],
  ...['[]', '{}', '[[]]', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":1}}', '{"toString":null,"valueOf":null}'],
  ...['{"then":1}', '{"length":-1}', '{"0":0,"length":4294967295}', `"${'x'.repeat(300)}"`, `"${'é'.repeat(9_000)}"`],
  ...[`${'['.repeat(40)}${']'.repeat(40)}`, `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`, `[${'0,'.repeat(5_000)}0]`],
];
const STRANGE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'type',
  'id',
  'room',
  'then',
  'x'.repeat(300),
];
const MARK = '\u0001value\u0001';

/** Changes one to three values, names or places of a frame. Text that is no JSON comes back as it is. */
export function mutateFrame(text: string, random: Random): string {
  let frame: Json;
  try {
    frame = JSON.parse(text) as Json;
  } catch {
    return text;
  }
  const strange: string[] = [];
  for (let left = 1 + random.below(3); left > 0; left--) change(frame, random, strange);
  let written = JSON.stringify(frame);
  for (const value of strange) written = written.replace(JSON.stringify(MARK), () => value);
  return random.chance(0.05) ? twice(written) : written;
}

function change(frame: Json, random: Random, strange: string[]): void {
  const paths = pathsOf(frame);
  if (paths.length === 0) return; // everything was taken out
  const path = random.pick(paths);
  const holder = path.slice(0, -1).reduce<Json>((value, step) => (value as { [name: string]: Json })[step] as Json, frame);
  const name = path.at(-1);
  if (name === undefined || typeof holder !== 'object' || holder === null) return;
  const fields = holder as { [name: string]: Json };
  const what = random.below(10);
  if (what < 6) {
    strange.push(random.pick(STRANGE_VALUES));
    fields[name] = MARK;
  } else if (what < 8) {
    delete fields[name];
  } else {
    // Assigned as a name of its own: `__proto__` would be the prototype else, and never written.
    Object.defineProperty(fields, random.pick(STRANGE_NAMES), {
      value: fields[name],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

/** The first name of the object a second time, with another value: the last one counts, or the first. */
function twice(written: string): string {
  const name = /^\{("[^"]*"):/.exec(written)?.[1];
  return name === undefined ? written : `{${name}:"first",${written.slice(1)}`;
}

function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, inner]) => pathsOf(inner as Json, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}
