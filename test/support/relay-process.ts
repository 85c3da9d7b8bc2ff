// A real relay in a process of its own, to be killed for real.

import type { ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';
import type { LaunchedRelay, RelayExit, RelayProcess, RelayProcessOptions } from './relay-launch.ts';
import { launchRelay, listening } from './relay-launch.ts';

export type { LogLine, RelayExit, RelayProcess, RelayProcessOptions } from './relay-launch.ts';

// A test that fails leaves its relay behind; it must not outlive the file that started it.
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the built relay and waits until it listens. Rejects with what it wrote to stderr where it does not. */
export async function spawnRelay(options: RelayProcessOptions): Promise<RelayProcess> {
  return listening(launch(options));
}

/** Runs the relay's command to its end. */
export function runRelay(options: RelayProcessOptions): Promise<RelayExit> {
  return launch(options).exited;
}

function launch(options: RelayProcessOptions): LaunchedRelay {
  const launched = launchRelay(options);
  running.add(launched.child);
  launched.child.on('close', () => running.delete(launched.child));
  return launched;
}
