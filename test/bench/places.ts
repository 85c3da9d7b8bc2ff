import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: this file runs as a source in tests, and as part of a bundle elsewhere in the tree. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
/** Where this program's sources are, with what is no TypeScript among them. */
export const BENCH = join(ROOT, 'test/bench');
/** What runs leave behind; not committed. */
export const OUTPUT = join(ROOT, 'test/output/bench');
export const RELAY_COMMAND = join(ROOT, 'relay/dist/cli.js');

function findRoot(directory: string): string {
  if (existsSync(join(directory, 'package-lock.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('The bench runs inside its repository, and does not find it.');
  return findRoot(parent);
}
