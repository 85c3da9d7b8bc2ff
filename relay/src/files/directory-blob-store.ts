// Files in a directory: written beside their place under a name of their own, synced, then renamed, so that a reader, or a
// process that starts after a crash, sees a file whole or not at all.

import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BlobStore, BlobStoreError } from './blob-store.ts';

/** Where half-written files are. What a killed process left there is removed at the next start, once it is this old. */
const UNFINISHED = 'unfinished';
const UNFINISHED_TTL_MS = 86_400_000;

/** Not there. */
const MISSING = new Set(['ENOENT', 'ENOTDIR']);
/** No room: on the device, in a quota, or under a limit of the process. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export class DirectoryBlobStore implements BlobStore {
  readonly address: string;
  readonly #dir: string;

  constructor(dir: string) {
    this.address = dir;
    this.#dir = dir;
  }

  async put(key: string, _bytes: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const unfinished = join(this.#dir, UNFINISHED, randomBytes(12).toString('hex'));
    try {
      await this.#guarded(() => mkdir(dirname(unfinished), { recursive: true }));
      await this.#write(unfinished, body);
      await this.#guarded(() => this.#place(unfinished, join(this.#dir, key)));
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#guarded(async () => {
      try {
        return await readFile(join(this.#dir, key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  read(key: string, start: number, end: number): AsyncIterable<Uint8Array> {
    const path = join(this.#dir, key);
    // Opened when it is read, so that nothing is left open where nobody does.
    return (async function* () {
      yield* createReadStream(path, { start, end });
    })();
  }

  async remove(key: string): Promise<void> {
    await this.#guarded(() => rm(join(this.#dir, key), { force: true }));
  }

  async list(prefix: string, limit: number): Promise<readonly string[]> {
    const keys: string[] = [];
    await this.#guarded(() => this.#collectKeys(prefix.slice(0, -1), limit, keys));
    return keys;
  }

  async removeUnfinished(now: number): Promise<void> {
    for (const { name } of await entriesOf(join(this.#dir, UNFINISHED))) {
      const path = join(this.#dir, UNFINISHED, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs > UNFINISHED_TTL_MS) await rm(path, { force: true });
    }
  }

  async #write(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await this.#guarded(() => open(path, 'wx', 0o640));
    try {
      for await (const chunk of body) await this.#guarded(() => file.appendFile(chunk));
      await this.#guarded(() => file.sync());
    } finally {
      await file.close();
    }
  }

  async #place(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
    await syncDirectory(dirname(to));
  }

  async #collectKeys(path: string, limit: number, keys: string[]): Promise<void> {
    const entries = await entriesOf(join(this.#dir, path));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (keys.length >= limit) return;
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) await this.#collectKeys(below, limit, keys);
      else keys.push(below);
    }
  }

  /** Errors of the system become ours. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#explained(error as NodeJS.ErrnoException);
    }
  }

  #explained(error: NodeJS.ErrnoException): BlobStoreError {
    if (FULL.has(error.code ?? ''))
      return new BlobStoreError('storage_full', `There is no room left for files in ${this.#dir}.`, { cause: error });
    return new BlobStoreError('storage_unavailable', `Files in ${this.#dir} can't be used: ${error.message}.`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return MISSING.has((error as NodeJS.ErrnoException).code ?? '');
}

async function entriesOf(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A rename outlives a loss of power once its directory is written too. Not every system can; then the file is safe at the next sync. */
async function syncDirectory(dir: string): Promise<void> {
  try {
    const handle = await open(dir, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
