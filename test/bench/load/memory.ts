import { readFileSync } from 'node:fs';

/** Memory of processes in bytes: each page as a part of what shares it (PSS). 0 for one that is gone, or where there is no /proc. */
export function memoryBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processBytes(pid), 0);
}

function processBytes(pid: number): number {
  try {
    const kib = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
