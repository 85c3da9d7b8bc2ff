// Runs a TypeScript program of `test/`: `node scripts/run-typescript.js test/bench/main.ts [arguments]`. It builds what is
// not built, bundles the program, passes arguments and signals on to it, and ends as it ends. The program may start itself
// again, by `process.argv[1]`, for what needs a process of its own.
import { spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { build } from './build.js';
import { bundleProgram } from './bundle-program.js';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

try {
  const [entry, ...args] = process.argv.slice(2);
  if (entry === undefined) throw new Error('Name the program to run, such as test/bench/main.ts.');
  await build();
  const program = await bundleProgram(entry, join('test/output/programs', basename(dirname(entry))));
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], { stdio: 'inherit' });
  // A terminal sends its Ctrl-C to the program too: here it only has to keep us until the program has ended.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
