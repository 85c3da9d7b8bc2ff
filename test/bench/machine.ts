import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { sharedCores } from './processes.ts';
import type { Machine } from './result.ts';

/** What this machine is, as far as figures depend on it. */
export function describeMachine(): Machine {
  const shared = sharedCores();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    ...(shared === undefined ? {} : { shared }),
  };
}
