// The command chat-room-relay, with or without consumers of one's own: the only file that touches the process.

import type { Logger } from 'pino';
import { pino } from 'pino';
import { probeListen } from './adapter/rules.ts';
import { runOther } from './commands/run-other.ts';
import { LogSink } from './log-sink.ts';
import type { RelayOptions } from './options.ts';
import { OptionError, readCommand } from './options.ts';
import type { Relay, RelayParts } from './relay.ts';
import { createRelay } from './relay.ts';
import { clusterLauncher, supervisorChannel } from './workers/cluster-processes.ts';
import type { Ending } from './workers/supervision.ts';
import { Supervisor } from './workers/supervisor.ts';
import type { SupervisorChannel } from './workers/supervisor-link.ts';
import { SupervisorLink } from './workers/supervisor-link.ts';

const EXIT_BAD_OPTION = 2;
const EXIT_FAILED = 1;
const EXIT_SECOND_SIGNAL = 130;
const STDOUT = 1;

/** What a program of one's own brings to the command. */
export interface ServeParts extends Pick<RelayParts, 'routes' | 'authenticate' | 'publicDir'> {
  /** Asked before an event is stored. Default: whom the configuration names. */
  readonly beforePublish?: RelayOptions['beforePublish'];
  /** Told, in each process that is a relay, once it listens: for timers and whatever else sends from outside a connection. */
  readonly listening?: (relay: Relay) => void;
}

/**
 * Runs this process as the command does: options from its arguments, its environment and a file, signals that drain, workers.
 * With `--workers` the program is started once for each of them: what stands before this call runs in each.
 */
export async function serve(parts: ServeParts = {}): Promise<void> {
  try {
    const argv = process.argv.slice(2);
    const supervisor = supervisorChannel(argv);
    if (supervisor) {
      work(supervisor, parts);
      return;
    }
    const other = await runOther(argv, { env: process.env, write: (text) => process.stdout.write(text) });
    if (other) {
      process.exitCode = other.exitCode;
      return;
    }
    const command = readCommand(argv[0] === 'serve' ? argv.slice(1) : argv, process.env);
    if (command.kind === 'help') process.stdout.write(command.text);
    else if (command.options.workers > 1) await superviseWorkers(command.options);
    else await serveAlone(command.options, parts);
  } catch (error) {
    fail(error);
  }
}

/** One relay in this process. */
async function serveAlone(options: RelayOptions, parts: ServeParts): Promise<void> {
  const logger = openLog(options);
  const relay = createRelay({ ...options, ...parts, logger });
  const drain = drainOnce(relay, logger);
  onSignals(logger, (signal) => drain({ signal }));
  await relay.listen();
  parts.listening?.(relay);
}

/** Several relays in processes of their own, which share the port; this one keeps them. */
async function superviseWorkers(options: RelayOptions): Promise<void> {
  const logger = openLog(options);
  // Tried here, once: of those that share a port nobody is told that a stranger shares it too.
  const port = await probeListen(options);
  const supervisor = new Supervisor({
    options: { ...options, port },
    launch: clusterLauncher(process.argv[1] ?? ''),
    logger,
    exit,
  });
  const drain = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'draining');
    supervisor.end();
  };
  onSignals(logger, drain, () => supervisor.kill());
  supervisor.start();
}

/** One relay of several. */
function work(channel: SupervisorChannel, parts: ServeParts): void {
  let drain: (why: Readonly<Record<string, string>>) => void = () => process.exit(0);
  const start = (worker: number, options: RelayOptions): void => {
    const logger = openLog(options, { worker });
    try {
      const relay = createRelay({ ...options, ...parts, logger, siblings: link });
      drain = drainOnce(relay, logger);
      relay.listen().then((listening) => {
        link.listening(listening);
        parts.listening?.(relay);
      }, failed);
    } catch (error) {
      failed(error);
    }
  };
  const link = new SupervisorLink(channel, { start, drain: (why) => drain({ why }) });
  const failed = (error: unknown): void => {
    const ending = endingOf(error);
    drain = () => process.exit(ending.exitCode);
    link.failed(ending);
  };
  // Ctrl-C reaches every process of a terminal; the supervisor hears it too, and decides.
  process.on('SIGINT', () => {});
  let isTold = false;
  process.on('SIGTERM', (signal) => {
    if (isTold) process.exit(EXIT_SECOND_SIGNAL);
    isTold = true;
    drain({ signal });
  });
}

function openLog(options: RelayOptions, bindings: Readonly<Record<string, unknown>> = {}): Logger {
  const sink = new LogSink(STDOUT);
  process.once('exit', () => sink.flush());
  const logger = pino({ level: options.logLevel }, sink).child(bindings);
  // Nothing that comes over the network may end the process; what gets here is a fault of ours, and one to be told of.
  process.on('uncaughtException', (error) => logger.error({ err: error }, 'an exception nobody caught'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a rejection nobody handled'));
  return logger;
}

/** What drains the relay and ends the process, the first time it is called. */
function drainOnce(relay: Relay, logger: Logger): (why: Readonly<Record<string, string>>) => void {
  let isDraining = false;
  return (why) => {
    if (isDraining) return;
    isDraining = true;
    logger.info(why, 'draining');
    relay.close().then(() => process.exit(0), fail);
  };
}

/** The first signal drains; whoever sends a second one does not want to wait. */
function onSignals(logger: Logger, drain: (signal: NodeJS.Signals) => void, beforeExit: () => void = () => {}): void {
  let isTold = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isTold) {
      logger.warn({ signal }, 'ending at once');
      beforeExit();
      process.exit(EXIT_SECOND_SIGNAL);
    }
    isTold = true;
    drain(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** One sentence, and the exit code that says whose fault it is. */
function endingOf(error: unknown): Ending {
  const sentence = error instanceof Error ? error.message : String(error);
  return { exitCode: error instanceof OptionError ? EXIT_BAD_OPTION : EXIT_FAILED, sentence };
}

function exit({ exitCode, sentence }: Ending): void {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}

function fail(error: unknown): void {
  exit(endingOf(error));
}
