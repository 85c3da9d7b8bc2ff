// Workers as processes of node:cluster, which hands a port that `ws` listens on from one process to all; uWebSockets.js
// shares its port through the kernel, and does not notice.

import type { Worker } from 'node:cluster';
import cluster from 'node:cluster';
import type { ToWorker } from './messages.ts';
import { isToSupervisor, isToWorker } from './messages.ts';
import type { WorkerProcess } from './supervisor.ts';
import type { SupervisorChannel } from './supervisor-link.ts';

/** What stands in the list of processes behind the program's name, so that a worker is not taken for its supervisor. */
const WORKER_ARGUMENT = 'worker';

/**
 * The first thing a worker says. What it is sent before would be lost: node:cluster listens from the first moment on, and
 * knows nobody yet to hand it to.
 */
const READY = 'ready';

/** Makes what starts workers: `program` again, told that it is one. */
export function clusterLauncher(program: string): () => WorkerProcess {
  cluster.setupPrimary({ exec: program, args: [WORKER_ARGUMENT] });
  return () => workerProcess(cluster.fork());
}

function workerProcess(worker: Worker): WorkerProcess {
  // A message that can't be written any more has a reason, and the exit tells it.
  worker.on('error', () => {});
  // Until it is ready: to start, and perhaps to drain.
  let early: ToWorker[] | undefined = [];
  const send = (message: ToWorker): void => {
    if (early) early.push(message);
    else if (worker.isConnected()) worker.send(message, () => {});
  };
  worker.on('message', (message: unknown) => {
    if (message !== READY || !early) return;
    const held = early;
    early = undefined;
    for (const each of held) send(each);
  });
  return {
    send,
    onMessage: (handle) => worker.on('message', (message: unknown) => isToSupervisor(message) && handle(message)),
    onExit: (handle) => {
      worker.once('exit', (code: number | null, signal: string | null) => handle(signal ?? `code ${code}`));
      // Too many processes, or no memory for one: then there is no exit to come.
      worker.process.once('error', (error) => {
        if (worker.process.pid === undefined) handle(error.message);
      });
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
}

/** The channel to the supervisor; undefined where this process is no worker of one. */
export function supervisorChannel(argv: readonly string[]): SupervisorChannel | undefined {
  const { worker } = cluster;
  // Other programs start theirs by node:cluster too; what those start is an ordinary relay.
  if (argv[0] !== WORKER_ARGUMENT || !worker) return undefined;
  worker.on('error', () => {});
  return {
    send: (message) => {
      if (worker.isConnected()) worker.send(message, () => {});
    },
    onMessage: (handle) => {
      worker.on('message', (message: unknown) => isToWorker(message) && handle(message));
      worker.send(READY, () => {});
    },
    onDisconnect: (handle) => {
      worker.once('disconnect', () => {
        // Without this node:cluster ends the process at once, and with it every connection that is to be drained.
        worker.exitedAfterDisconnect = true;
        handle();
      });
    },
  };
}
