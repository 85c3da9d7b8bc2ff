// What a page downloads, to the byte. A change of size in either direction fails until test/size.json says it too, so
// that a diff shows every change; a budget is a promise to whoever embeds the file.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { isMain, ROOT } from './tool.js';

const RECORD = 'test/size.json';

/** Bytes after gzip -9: what it weighs now, and what it may weigh. @typedef {{ gzip: number, budget: number }} Size */

/** One sentence per bundle whose size is not the recorded one, or is past its budget. @returns {string[]} */
export function findWrongSizes() {
  return Object.entries(readRecord()).flatMap(([path, size]) => compare(path, size, measure(path)));
}

/** @param {string} path @param {Size} recorded @param {number} gzip @returns {string[]} */
export function compare(path, recorded, gzip) {
  if (gzip > recorded.budget)
    return [`${path} is ${gzip} bytes, ${gzip - recorded.budget} past its budget of ${recorded.budget}: load a part later.`];
  if (gzip === recorded.gzip) return [];
  const change = Math.abs(gzip - recorded.gzip);
  return [`${path} is ${gzip} bytes, ${change} ${gzip > recorded.gzip ? 'more' : 'fewer'} than ${RECORD} says.`];
}

/** @returns {Record<string, Size>} */
function readRecord() {
  return JSON.parse(readFileSync(join(ROOT, RECORD), 'utf8'));
}

/**
 * The bytes of `a.js`; of `a.js + b-*.js` together, where the star stands for a hash; of the largest of `max: c-*.js`.
 * @param {string} name
 * @param {string} root what the paths are below
 */
export function measure(name, root = ROOT) {
  /** @param {string} pattern */
  const sizesOf = (pattern) => filesOf(pattern, root).map(compressedSize);
  if (name.startsWith('max: ')) return Math.max(...sizesOf(name.slice('max: '.length)));
  return name
    .split(' + ')
    .flatMap(sizesOf)
    .reduce((sum, size) => sum + size, 0);
}

/** @param {string} pattern @param {string} root @returns {string[]} */
function filesOf(pattern, root) {
  const [directory, file] = [dirname(pattern), basename(pattern)];
  const [start = '', end] = file.split('*');
  if (end === undefined) return [join(root, pattern)];
  const names = readdirSync(join(root, directory)).filter((name) => name.startsWith(start) && name.endsWith(end));
  if (names.length === 0) throw new Error(`${pattern} names no file: is it built?`);
  return names.map((name) => join(root, directory, name));
}

/** @param {string} path */
function compressedSize(path) {
  return gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }).length;
}

function writeSizes() {
  const sizes = Object.entries(readRecord()).map(([path, { budget }]) => [path, { gzip: measure(path), budget }]);
  writeFileSync(join(ROOT, RECORD), `${JSON.stringify(Object.fromEntries(sizes), null, 2)}\n`);
}

if (isMain(import.meta.url)) {
  if (process.argv.includes('--write')) writeSizes();
  const problems = findWrongSizes();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
