// One relay a data directory: two would hand out the same offsets. The lock is a file that names its process; a process
// that was killed leaves it behind, so a lock counts only while that very process lives.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine.ts';

/** Takes the directory, or throws an EngineError. Returns the function that gives it back. */
export function lockDataDir(dir: string): () => void {
  const path = join(dir, 'relay.lock');
  const me = identity(process.pid) ?? `${process.pid} running`;
  const holder = readHolder(path);
  if (holder !== undefined && holder !== me && identity(Number.parseInt(holder, 10)) === holder) {
    throw new EngineError(
      'store_in_use',
      `The data directory ${dir} is in use by the relay with process id ${Number.parseInt(holder, 10)}: stop it, or choose another directory with --data.`,
    );
  }
  writeFileSync(path, me);
  return () => {
    if (readHolder(path) === me) rmSync(path, { force: true });
  };
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Process id and start time: ids come round again, above all in containers, where the relay is 1 or 7 every time. */
function identity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 is the start time; the name before it may hold spaces, but ends with the last parenthesis.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid} running`; // no /proc on this system: the id alone has to do
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
