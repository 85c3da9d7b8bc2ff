// A file that grows, read once for all who watch it: by its inode, so that a rename is followed to its end and the file that takes
// the name is read from its start. Looked at ten times a second, since notifications of file systems differ and get lost.
import type { FileHandle } from 'node:fs/promises';
import { Waiting } from '../waiting.ts';
import type { Entry } from '../wire.ts';
import { BACKLOG_LINES, MAX_FRAME_CHARS } from '../wire.ts';
import { LineSplitter } from './line-splitter.ts';
import { type LogFolder, NotInFolderError } from './log-folder.ts';

const LOOK_EVERY_MS = 100;
const CHUNK_BYTES = 256 * 1_024;
/** What is read of a file when it is opened, and what is left when it grew by more than can be read: its end. */
const TAIL_BYTES = 1_024 * 1_024;
/** Per look. A file that grows faster than 40 MiB/s is jumped through. */
const MAX_GROWTH_BYTES = 4 * 1_024 * 1_024;

type Listener = (entries: readonly Entry[]) => void;

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  offset: number;
}

export class LogFollower {
  readonly #folder: LogFolder;
  readonly #name: string;
  readonly #listeners = new Set<Listener>();
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #splitter = new LineSplitter();
  #backlog: Entry[] = [];
  #file: OpenFile | undefined;
  #hasLooked = false;
  #isMissing = false;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: LogFolder, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  /**
   * Tells the listener what comes, beginning with the last lines. Call the answer to end it; the last to do so has the file closed.
   * Rejects with a NotInFolderError.
   */
  async follow(listener: Listener): Promise<() => void> {
    const early: Listener = () => undefined; // somebody watches, who is told everything below
    this.#listeners.add(early);
    try {
      if (!this.#hasLooked) await this.look();
    } finally {
      this.#listeners.delete(early);
      if (this.watchers === 0 && !this.#hasLooked) await this.#close();
    }
    this.#listeners.add(listener);
    listener(this.#lastLines());
    this.#schedule();
    return () => {
      this.#listeners.delete(listener);
      if (this.watchers === 0) void this.#stop();
    };
  }

  /** Reads what there is now. The timer does; tests do when they want to. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  #schedule(): void {
    if (this.#timer || this.watchers === 0) return;
    const timer = setTimeout(() => {
      // What the file system refuses now, it may give the next time: the file is opened anew.
      void this.look()
        .catch(() => this.#close())
        .finally(() => {
          if (this.#timer === timer) this.#timer = undefined;
          this.#schedule();
        });
    }, LOOK_EVERY_MS);
    this.#timer = timer.unref();
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking?.catch(() => undefined);
    if (this.watchers > 0) return;
    this.#backlog = [];
    this.#hasLooked = false;
    await this.#close();
  }

  async #look(): Promise<void> {
    if (this.#file) await this.#readOn(this.#file);
    const current = await this.#folder.inode(this.#name);
    if (this.#file && current !== this.#file.inode) {
      await this.#readOn(this.#file); // what was written before the rename, and read by nobody yet
      this.#tell(this.#splitter.end());
      await this.#close();
      if (current !== undefined) this.#tell([{ mark: 'rotated' }]);
    }
    if (!this.#file) await this.#open();
    this.#hasLooked = true;
  }

  async #open(): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await this.#folder.open(this.#name);
    } catch (error) {
      if (error instanceof NotInFolderError) throw error;
      if (!this.#isMissing) this.#tell([{ mark: 'missing' }]);
      this.#isMissing = true;
      return;
    }
    const { ino, size } = await handle.stat();
    const offset = this.#hasLooked ? 0 : Math.max(0, size - TAIL_BYTES);
    this.#isMissing = false;
    this.#splitter = new LineSplitter();
    this.#file = { handle, inode: ino, offset };
    await this.#readOn(this.#file, offset > 0);
  }

  async #readOn(file: OpenFile, isMidLine = false): Promise<void> {
    const { size } = await file.handle.stat();
    let isCut = isMidLine;
    if (size < file.offset) {
      this.#tell([...this.#splitter.end(), { mark: 'truncated' }]);
      file.offset = 0;
    } else if (size - file.offset > MAX_GROWTH_BYTES) {
      this.#splitter = new LineSplitter();
      this.#tell([{ mark: 'jumped', bytes: size - TAIL_BYTES - file.offset }]);
      file.offset = size - TAIL_BYTES;
      isCut = true;
    }
    while (file.offset < size) {
      const { bytesRead } = await file.handle.read(this.#buffer, 0, Math.min(CHUNK_BYTES, size - file.offset), file.offset);
      if (bytesRead === 0) return;
      file.offset += bytesRead;
      const lines = this.#splitter.push(this.#buffer.subarray(0, bytesRead));
      if (isCut && lines.length > 0) this.#tell(lines.slice(1));
      else this.#tell(lines);
      isCut &&= lines.length === 0;
    }
  }

  #tell(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#backlog.push(entry);
    if (this.#backlog.length > BACKLOG_LINES * 4) this.#backlog = this.#backlog.slice(-BACKLOG_LINES);
    for (const listener of this.#listeners) listener(entries);
  }

  /** So many of them, and so much, as one frame holds. */
  #lastLines(): readonly Entry[] {
    const last = new Waiting({ maxEntries: BACKLOG_LINES, maxChars: MAX_FRAME_CHARS });
    last.add(this.#backlog);
    const taken = last.take(BACKLOG_LINES, MAX_FRAME_CHARS);
    return typeof taken[0] === 'object' && taken[0].mark === 'skipped' ? taken.slice(1) : taken;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#isMissing = false;
    await file?.handle.close().catch(() => undefined);
  }
}
