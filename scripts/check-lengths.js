// A file this long has more than one subject. The number is a tripwire: it asks for a split, not for shorter lines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.js';
import { ROOT } from './tool.js';

const MAX_LINES = 400;
const COUNTED = /\.(ts|js|css|html)$/;

/** One sentence per file that is too long. @returns {string[]} */
export function findLongFiles() {
  return ['sdk', 'relay', 'widget', 'demo', 'test', 'scripts']
    .flatMap(sourceFiles)
    .filter((path) => COUNTED.test(path))
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines; split it below ${MAX_LINES}.`);
}
