// Members who only listen, in a thread of their own that looks at its sockets now and then, while who publishes is read at once: so
// a read finds what several turns of the server have written, which costs a fraction of reading each, and the server never waits
// for a publisher who is behind the others in a queue.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { breakAllSockets, readTotals } from './load-socket.ts';
import type { JoinReport, LoadJob } from './messages.ts';
import { Resting } from './resting.ts';
import { LoadSession } from './session.ts';
import { Tally, type TallyMemory } from './tally.ts';

/** Between two looks. In that time a socket of a room at saturation gets some ten kilobytes, far below what the kernel keeps for it. */
const REST_MS = 20;
const TOTALS = { bytes: 0, calls: 1, lost: 2 } as const;

interface ThreadData {
  readonly job: LoadJob;
  readonly indexes: readonly number[];
  readonly tally: TallyMemory;
  /** What TOTALS says. */
  readonly totals: SharedArrayBuffer;
}

type ToThread = 'rest' | 'end';

/** The thread, seen from the thread that publishes. */
export class Listeners {
  readonly #worker: Worker;
  readonly #totals: Float64Array;

  /** Starts a thread whose connections count in this tally. */
  constructor(job: LoadJob, indexes: readonly number[], tally: TallyMemory) {
    const totals = new SharedArrayBuffer(Object.keys(TOTALS).length * Float64Array.BYTES_PER_ELEMENT);
    this.#totals = new Float64Array(totals);
    const data: ThreadData = { job, indexes, tally, totals };
    this.#worker = new Worker(process.argv[1] ?? '', { workerData: data });
  }

  /** Resolves when all have joined. */
  joined(): Promise<JoinReport> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
    });
  }

  /** From now on it looks now and then only. */
  rest(): void {
    this.#say('rest');
  }

  get totals(): { readonly bytes: number; readonly calls: number; readonly lost: number } {
    const at = (index: number): number => this.#totals[index] ?? 0;
    return { bytes: at(TOTALS.bytes), calls: at(TOTALS.calls), lost: at(TOTALS.lost) };
  }

  /** Breaks the connections, and resolves when the thread has ended. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.#say('end');
    });
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

/** Whether this is such a thread; if so it does its work. */
export function isListenerThread(): boolean {
  if (isMainThread) return false;
  listen(workerData as ThreadData).catch((error: unknown) => {
    throw error;
  });
  return true;
}

async function listen({ job, indexes, tally: memory, totals }: ThreadData): Promise<void> {
  const tally = new Tally(job.shape.connections, memory);
  const shared = new Float64Array(totals);
  const session = new LoadSession(job, {
    delivered: (socket, bytes, at) => tally.add(socket.index, bytes, at),
    readEnded: () => {
      const { bytes, calls } = readTotals();
      shared[TOTALS.bytes] = bytes;
      shared[TOTALS.calls] = calls;
      shared[TOTALS.lost] = session.lostConnections;
    },
  });
  const resting = new Resting(REST_MS);
  parentPort?.on('message', (message: ToThread) => {
    if (message === 'rest') return resting.start();
    breakAllSockets();
    process.exit(); // in a thread this ends the thread
  });
  parentPort?.postMessage(await session.join(indexes));
}
