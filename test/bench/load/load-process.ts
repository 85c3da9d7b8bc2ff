// The process that makes the load: it is told a job, joins, says so, and does its task when told to go.

import { HeldLoad } from './held.ts';
import type { FromLoad, JoinReport, LoadJob, TaskReport, ToLoad } from './messages.ts';
import { SaturationLoad } from './saturation.ts';
import type { LoadSession } from './session.ts';

/** What a task is: connections of its own, and something to do with them. */
export interface Load {
  readonly session: LoadSession;
  run(): Promise<TaskReport>;
}

/** Serves the bench that started this process, over its channel. Ends with it. */
export function runLoadProcess(): void {
  const say = (message: FromLoad): void => {
    process.send?.(message);
  };
  const told = toldOnce();
  process.on('message', told.hear);
  process.on('disconnect', () => process.exit(0));
  serve(told.next, say).catch((error: unknown) =>
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
  say({ type: 'ready' });
}

async function serve(next: () => Promise<ToLoad>, say: (message: FromLoad) => void): Promise<void> {
  const first = await next();
  if (first.type !== 'job') throw new Error('A load process was told to go before it had a job.');
  const load = createLoad(first.job);
  say({ type: 'joined', report: await joinAll(load.session) });
  await next();
  say({ type: 'done', report: await load.run() });
}

function createLoad(job: LoadJob): Load {
  const { task } = job;
  switch (task.type) {
    case 'saturation':
      return new SaturationLoad(job, task);
    case 'held':
      return new HeldLoad(job, task);
    default:
      throw new Error(`not yet: ${task.type}`);
  }
}

function joinAll(session: LoadSession): Promise<JoinReport> {
  return session.join(Array.from({ length: session.job.shape.connections }, (_, index) => index));
}

/** Messages in the order they came, whether they came before or after somebody asks. */
function toldOnce(): { readonly hear: (message: unknown) => void; readonly next: () => Promise<ToLoad> } {
  const heard: ToLoad[] = [];
  let wake: (() => void) | undefined;
  return {
    hear: (message) => {
      heard.push(message as ToLoad);
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
