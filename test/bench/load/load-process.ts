// The process that makes the load: it is told a job, joins, says so, and does its task when told to go.

import { HeldLoad } from './held.ts';
import { breakAllSockets } from './load-socket.ts';
import type { FromLoad, JoinReport, LoadJob, LoadTask, TaskReport, ToLoad } from './messages.ts';
import { SaturationLoad } from './saturation.ts';
import { LoadSession } from './session.ts';
import { StormLoad } from './storm.ts';

/** What a task is: connections of its own, and something to do with them. */
export interface Load {
  join(indexes: readonly number[]): Promise<JoinReport>;
  run(): Promise<TaskReport>;
  /** Ends what else it has started. */
  end?(): Promise<void>;
}

/** Serves the bench that started this process, over its channel. Ends with it. */
export function runLoadProcess(): void {
  const say = (message: FromLoad): void => {
    process.send?.(message);
  };
  const told = toldOnce();
  process.on('message', (message: ToLoad) => (message.type === 'end' ? void end() : told.hear(message)));
  process.on('disconnect', () => void end());
  serve(told.next, say).catch((error: unknown) =>
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
  say({ type: 'ready' });
}

let load: Load | undefined;

async function end(): Promise<void> {
  breakAllSockets();
  await load?.end?.();
  process.exit(0);
}

async function serve(next: () => Promise<ToLoad>, say: (message: FromLoad) => void): Promise<void> {
  const first = await next();
  if (first.type !== 'job') throw new Error('A load process was told to go before it had a job.');
  const { task, shape } = first.job;
  if (task.type === 'idle') return serveIdle(first.job, task.connections, next, say);
  load = createLoad(first.job, task);
  say({ type: 'joined', report: await load.join(range(0, shape.connections)) });
  await next();
  say({ type: 'done', report: await load.run() });
}

/** Joins so many, and more each time it is told so. */
async function serveIdle(
  job: LoadJob,
  first: number,
  next: () => Promise<ToLoad>,
  say: (message: FromLoad) => void,
): Promise<void> {
  const session = new LoadSession(job, { delivered: () => {}, readEnded: () => {} });
  let joined = 0;
  for (let wanted = first; ; ) {
    say({ type: 'joined', report: await session.join(range(joined, wanted)) });
    joined = wanted;
    const told = await next();
    wanted = told.type === 'go' ? (told.connections ?? joined) : joined;
  }
}

function createLoad(job: LoadJob, task: Exclude<LoadTask, { type: 'idle' }>): Load {
  switch (task.type) {
    case 'saturation':
      return new SaturationLoad(job, task);
    case 'held':
      return new HeldLoad(job, task);
    case 'storm':
      return new StormLoad(job, task);
  }
}

const range = (start: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);

/** Messages in the order they came, whether they came before or after somebody asks. */
function toldOnce(): { readonly hear: (message: ToLoad) => void; readonly next: () => Promise<ToLoad> } {
  const heard: ToLoad[] = [];
  let wake: (() => void) | undefined;
  return {
    hear: (message) => {
      heard.push(message);
      wake?.();
    },
    next: async () => {
      while (heard.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return heard.shift() as ToLoad;
    },
  };
}
