// The files that people write, as opposed to what is installed or built.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tool.js';

const NOT_SOURCE = new Set(['node_modules', 'dist', 'output']);

/** Every file below `directory`, as a path from the workspace with forward slashes. @param {string} directory @returns {string[]} */
export function sourceFiles(directory) {
  return readdirSync(join(ROOT, directory), { withFileTypes: true })
    .filter((entry) => !NOT_SOURCE.has(entry.name))
    .flatMap((entry) => {
      const path = directory === '.' ? entry.name : `${directory}/${entry.name}`;
      return entry.isDirectory() ? sourceFiles(path) : [path];
    });
}

/** When `path`, or the newest file below it, was changed; undefined where there is none. @param {string} path */
function changedAt(path) {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return stats?.mtimeMs;
  return Math.max(0, ...sourceFiles(path).map((file) => statSync(join(ROOT, file)).mtimeMs));
}

/**
 * True where one of the outputs is missing, or older than one of the sources.
 * @param {readonly string[]} outputs
 * @param {readonly string[]} sources files or directories
 */
export function isStale(outputs, sources) {
  const built = Math.min(...outputs.map((path) => changedAt(path) ?? 0));
  return sources.some((path) => (changedAt(path) ?? 0) > built);
}
