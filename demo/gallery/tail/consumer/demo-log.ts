// Where no folder is named, the relay writes logs of its own to follow, while somebody watches: a shop's, and one of 10,000 lines/s
// for those who follow just that. Both are rotated, as logs are: what they can fill of the disk is bounded.
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appLine, firehoseLine } from '../demo-lines.ts';

const APP_LOG = 'shop.log';
const FIREHOSE = 'firehose.log';

const TICK_MS = 250;
/** Two minutes: whoever stays sees a rotation. */
const TICKS_PER_FILE = 480;
const FIREHOSE_LINES_PER_TICK = 2_500;
/** 20 s, or about 14 MB. */
const FIREHOSE_TICKS_PER_FILE = 80;

export class DemoLog {
  #path = '';
  readonly #isWatched: (name: string) => boolean;
  #timer: NodeJS.Timeout | undefined;
  #writtenTick = 0;
  #firehoseTicks = 0;
  #writing: Promise<void> | undefined;

  constructor(isWatched: (name: string) => boolean) {
    this.#isWatched = isWatched;
  }

  /** Made when it is asked for first, removed when the process ends. */
  get path(): string {
    if (this.#path === '') {
      this.#path = mkdtempSync(join(tmpdir(), 'chat-room-tail-'));
      process.once('exit', () => rmSync(this.#path, { recursive: true, force: true }));
    }
    return this.#path;
  }

  /** Resolves when there is something to list. */
  async start(): Promise<void> {
    if (this.#timer) return this.#writing;
    this.#timer = setInterval(() => {
      // A full disk is no reason to go: what could not be written is missing, as it would be in a real log.
      this.#writing ??= this.#write()
        .catch(() => undefined)
        .finally(() => {
          this.#writing = undefined;
        });
    }, TICK_MS).unref();
    this.#writing ??= this.#begin().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The lines of now's file, and the file before it: as if it had been written all the time. */
  async #begin(): Promise<void> {
    const tick = Math.floor(Date.now() / TICK_MS);
    const from = tick - (tick % TICKS_PER_FILE);
    await writeFile(join(this.path, `${APP_LOG}.1`), linesOf(from - TICKS_PER_FILE, from));
    await writeFile(join(this.path, APP_LOG), linesOf(from, tick + 1));
    await appendFile(join(this.path, FIREHOSE), '');
    this.#writtenTick = tick;
  }

  async #write(): Promise<void> {
    const now = Math.floor(Date.now() / TICK_MS);
    // After a pause of the process, or a clock that was set, the lines of at most one file are made up for.
    for (let from = Math.max(this.#writtenTick + 1, now - TICKS_PER_FILE); from <= now; ) {
      const until = Math.min(now + 1, from - (from % TICKS_PER_FILE) + TICKS_PER_FILE);
      if (from % TICKS_PER_FILE === 0) await this.#rotate(APP_LOG);
      await appendFile(join(this.path, APP_LOG), linesOf(from, until));
      from = until;
    }
    this.#writtenTick = now;
    if (this.#isWatched(FIREHOSE)) await this.#pour();
  }

  async #pour(): Promise<void> {
    if (this.#firehoseTicks % FIREHOSE_TICKS_PER_FILE === 0) await this.#rotate(FIREHOSE);
    this.#firehoseTicks += 1;
    const now = Date.now();
    const lines = Array.from({ length: FIREHOSE_LINES_PER_TICK }, (_, i) => `${firehoseLine(now, i)}\n`);
    await appendFile(join(this.path, FIREHOSE), lines.join(''));
  }

  async #rotate(name: string): Promise<void> {
    await rename(join(this.path, name), join(this.path, `${name}.1`));
    await writeFile(join(this.path, name), '');
  }
}

function linesOf(from: number, until: number): string {
  return Array.from({ length: until - from }, (_, i) => `${appLine(from + i)}\n`).join('');
}
