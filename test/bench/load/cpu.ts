// What processes have used of the processor, to the nanosecond, from what Linux tells of each of their threads.

import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of processes so far, in microseconds; 0 for one that is gone, or where there is no /proc. */
export function cpuTimeUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processTimeUs(pid), 0);
}

function processTimeUs(pid: number): number {
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads).reduce((sum, thread) => sum + threadTimeUs(`${threads}/${thread}/schedstat`), 0);
  } catch {
    return 0;
  }
}

function threadTimeUs(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').split(' ')[0]) / 1_000;
  } catch {
    return 0; // the thread has ended since it was listed
  }
}

/** Processor time of this process so far, in microseconds. */
export function ownCpuTimeUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A clock of this process, in microseconds. */
export function nowUs(): number {
  return performance.now() * 1_000;
}

/** Linux counts in hundredths of a second, whatever its timer does. */
const TICK_US = 10_000;

/** Processor time that all programs of this machine have had, in microseconds; 0 where there is no /proc. */
export function machineTimeUs(): number {
  try {
    const [, user = 0, nice = 0, system = 0] = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).map(Number) ?? [];
    return (user + nice + system) * TICK_US;
  } catch {
    return 0;
  }
}
