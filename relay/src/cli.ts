#!/usr/bin/env node
// The command chat-room-relay: the only file that touches the process.

import { pino } from 'pino';
import type { RelayOptions } from './options.ts';
import { OptionError, readCommand } from './options.ts';
import { createRelay } from './relay.ts';

const EXIT_BAD_OPTION = 2;
const EXIT_FAILED = 1;
const EXIT_SECOND_SIGNAL = 130;

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env);
  if (command.kind === 'help') process.stdout.write(command.text);
  else await serve(command.options);
}

async function serve(options: RelayOptions): Promise<void> {
  const logger = pino({ level: options.logLevel });
  const relay = createRelay({ ...options, logger });
  let isClosing = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isClosing) process.exit(EXIT_SECOND_SIGNAL);
    isClosing = true;
    logger.info({ signal }, 'draining');
    relay.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Nothing that comes over the network may end the process; what gets here is a fault of ours, and one to be told of.
  process.on('uncaughtException', (error) => logger.error({ err: error }, 'an exception nobody caught'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a rejection nobody handled'));
  await relay.listen();
}

/** One sentence, and the exit code that says whose fault it is. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof OptionError ? EXIT_BAD_OPTION : EXIT_FAILED);
}

main().catch(fail);
