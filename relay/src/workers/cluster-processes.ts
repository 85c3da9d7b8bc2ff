// Workers as processes of node:cluster, which hands a port that `ws` listens on from one process to all; uWebSockets.js
// shares its port through the kernel, and does not notice.

import type { Worker } from 'node:cluster';
import cluster from 'node:cluster';
import { isToSupervisor, isToWorker } from './messages.ts';
import type { WorkerProcess } from './supervisor.ts';
import type { SupervisorChannel } from './supervisor-link.ts';

/** What stands in the list of processes behind the program's name, so that a worker is not taken for its supervisor. */
const WORKER_ARGUMENT = 'worker';

/** Makes what starts workers: `program` again, told that it is one. */
export function clusterLauncher(program: string): () => WorkerProcess {
  cluster.setupPrimary({ exec: program, args: [WORKER_ARGUMENT] });
  return () => workerProcess(cluster.fork());
}

function workerProcess(worker: Worker): WorkerProcess {
  // A message that can't be written any more has a reason, and the exit tells it.
  worker.on('error', () => {});
  return {
    send: (message) => void (worker.isConnected() && worker.send(message, () => {})),
    onMessage: (handle) => worker.on('message', (message: unknown) => isToSupervisor(message) && handle(message)),
    onExit: (handle) => {
      worker.once('exit', (code: number | null, signal: string | null) => handle(signal ?? `code ${code}`));
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
    send: (message) => void (worker.isConnected() && worker.send(message, () => {})),
    onMessage: (handle) => worker.on('message', (message: unknown) => isToWorker(message) && handle(message)),
    onDisconnect: (handle) => {
      worker.once('disconnect', () => {
        // Without this node:cluster ends the process at once, and with it every connection that is to be drained.
        worker.exitedAfterDisconnect = true;
        handle();
      });
    },
  };
}
