// `npm start`: builds what is not built, then runs the demo's server (the relay with the gallery on it) with the same
// arguments, passes signals on to it, and ends as it ends. package.json starts this by `exec`: the shell that npm puts in
// between would keep a signal for itself.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build } from './build.js';
import { ROOT } from './tool.js';

/** npm repeats the Ctrl-C that the terminal has sent to us already; a person takes longer to become impatient. */
const SAME_SIGNAL_MS = 300;

try {
  await build();
  runRelay();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function runRelay() {
  // Detached, so that the terminal sends its Ctrl-C to us alone and the relay hears of it once.
  const relay = spawn(process.execPath, [join(ROOT, 'demo/dist/server/server.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  let passedOnAt = Number.NEGATIVE_INFINITY;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (performance.now() - passedOnAt < SAME_SIGNAL_MS) return;
      passedOnAt = performance.now();
      // A closed terminal is no reason to drop what is under way.
      relay.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
  relay.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
}
