// `npm run bench`. The same program serves the peers and makes the load, in processes of their own.

import { bench } from './bench.ts';
import { readCommandLine } from './command-line.ts';
import { isListenerThread } from './load/listener-thread.ts';
import { runLoadProcess } from './load/load-process.ts';
import { endEverything } from './processes.ts';
import { serveByName } from './servers/serve.ts';

const EXIT_FAULT = 2;
const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const [command = '', ...args] = process.argv.slice(2);
if (isListenerThread()) {
  // A thread of a process of load.
} else if (command === 'load') runLoadProcess();
else if (command === 'serve') await serveByName(args[0] ?? '');
else await runCommand();

async function runCommand(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.kind === 'help') console.log(asked.text);
  else if (asked.kind === 'fault') {
    console.error(asked.message);
    process.exitCode = EXIT_FAULT;
  } else {
    for (const [signal, code] of Object.entries(SIGNAL_EXITS)) process.once(signal, () => process.exit(code));
    process.once('exit', endEverything);
    await bench(asked.options, process.argv.slice(2).join(' '));
  }
}
