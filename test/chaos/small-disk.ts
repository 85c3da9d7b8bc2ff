// A file system that can be filled to its last byte without harm to the machine's own.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './processes.ts';
import { Unavailable } from './unavailable.ts';

const FILLER = 'filler';

export class SmallDisk {
  readonly #mount = temporaryDirectory();

  /** Throws `Unavailable` where it may not be mounted. */
  constructor(sizeMiB: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', this.#mount], { stdio: 'pipe' });
    } catch (error) {
      rmSync(this.#mount, { recursive: true, force: true });
      throw new Unavailable(
        `A small file system can't be mounted here (it needs root): ${(error as Error).message.split('\n')[0]}`,
      );
    }
  }

  /** A directory on it. */
  get data(): string {
    return join(this.#mount, 'data');
  }

  /** Leaves no byte free. */
  fill(): void {
    const file = openSync(join(this.#mount, FILLER), 'a');
    try {
      for (const bytes of [Buffer.alloc(65_536), Buffer.alloc(1)]) for (;;) writeSync(file, bytes);
    } catch {
      // ENOSPC ends the first loop and so both: what is smaller than a page counts as a page on this file system
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.#mount, FILLER), { force: true });
  }

  dispose(): void {
    if (!existsSync(this.#mount)) return;
    execFileSync('umount', ['-l', this.#mount]);
    rmSync(this.#mount, { recursive: true, force: true });
  }
}
