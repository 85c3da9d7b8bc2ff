// One file of JavaScript of a TypeScript program: Node 20 does not read TypeScript itself. Packages stay imports.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './tool.js';

/**
 * Resolves to the path of the program.
 * @param {string} entry relative to the workspace
 * @param {string} directory where the bundle goes, relative to the workspace
 */
export async function bundleProgram(entry, directory) {
  const outfile = join(ROOT, directory, basename(entry).replace(/\.ts$/, '.js'));
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
  return outfile;
}
