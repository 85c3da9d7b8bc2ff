// A folder as its readers see it: one listing for all of them, and one follower for each file that somebody watches.
import type { Entry, ListedFile } from '../wire.ts';
import type { LogFolder } from './log-folder.ts';
import { LogFollower } from './log-follower.ts';

const LIST_EVERY_MS = 2_000;

/** What has to happen while somebody reads, and not when nobody does. */
export interface WhileRead {
  start(): Promise<void>;
  stop(): void;
}

export class WatchedFolder {
  readonly #folder: LogFolder;
  readonly #whileRead: WhileRead | undefined;
  readonly #readers = new Set<(files: readonly ListedFile[]) => void>();
  readonly #followers = new Map<string, LogFollower>();
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: LogFolder, whileRead?: WhileRead) {
    this.#folder = folder;
    this.#whileRead = whileRead;
  }

  /** How many files are open: for those who want to see that it is none in the end. */
  get openFiles(): number {
    return this.#followers.size;
  }

  isFollowed(name: string): boolean {
    return this.#followers.has(name);
  }

  /** Tells what files there are, now and every two seconds. Call the answer to end it. */
  async read(reader: (files: readonly ListedFile[]) => void): Promise<() => void> {
    this.#readers.add(reader);
    await this.#whileRead?.start().catch(() => undefined); // then there is nothing to list
    reader(await this.#list());
    // Who went while the folder was read has ended it already.
    if (this.#readers.size > 0) this.#timer ??= setInterval(() => void this.#tell(), LIST_EVERY_MS).unref();
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#whileRead?.stop();
    };
  }

  /** Rejects with a NotInFolderError. Call the answer to end it. */
  async follow(name: string, listener: (entries: readonly Entry[]) => void): Promise<() => void> {
    const follower = this.#followers.get(name) ?? new LogFollower(this.#folder, name);
    this.#followers.set(name, follower);
    const drop = (): void => {
      if (follower.watchers === 0 && this.#followers.get(name) === follower) this.#followers.delete(name);
    };
    try {
      const unfollow = await follower.follow(listener);
      return () => {
        unfollow();
        drop();
      };
    } catch (error) {
      drop();
      throw error;
    }
  }

  async #tell(): Promise<void> {
    const files = await this.#list();
    for (const reader of this.#readers) reader(files);
  }

  /** Empty where the folder can't be read: it may come back. */
  async #list(): Promise<readonly ListedFile[]> {
    return this.#folder.list().catch(() => []);
  }
}
