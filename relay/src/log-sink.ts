// Where log lines go. Whoever reads them may go away, or fall behind: neither may hold up a relay, and least of all its end.
// The destination that pino makes by itself writes again and again at the end of the process where nobody reads any more.

import { write, writeSync } from 'node:fs';

/** Lines that wait for a slow reader beyond this are dropped, and counted. */
const MAX_WAITING_CHARACTERS = 4_194_304;
const RETRY_MS = 50;
/** How often the last lines are tried at the end, where the reader has no room. */
const MAX_LAST_TRIES = 20;

export class LogSink {
  readonly #fd: number;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  /** What there was no room for, to be tried again. */
  #held: Buffer = Buffer.alloc(0);
  #dropped = 0;
  #isWriting = false;
  /** Nobody reads any more: EPIPE, or a file that can't be written. */
  #isBroken = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Takes a line; it is written soon, in order. Never throws. */
  write(line: string): void {
    if (this.#isBroken) return;
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    if (!this.#isWriting) this.#writeWaiting();
  }

  /** Writes what waits, at once: for the end of the process. Gives up where nobody reads, or there is no room for long. Never throws. */
  flush(): void {
    let bytes = Buffer.concat([this.#held, this.#take()]);
    for (let tries = 0; bytes.length > 0 && !this.#isBroken && tries < MAX_LAST_TRIES; ) {
      try {
        bytes = bytes.subarray(writeSync(this.#fd, bytes));
      } catch (error) {
        if (!isBusy(error)) this.#break();
        tries += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  }

  #writeWaiting(): void {
    this.#isWriting = true;
    this.#writeAll(this.#take());
  }

  #writeAll(bytes: Buffer): void {
    write(this.#fd, bytes, (error, written) => {
      if (error && !isBusy(error)) {
        this.#break();
        return;
      }
      const rest = bytes.subarray(written ?? 0);
      if (error) this.#hold(rest);
      else if (rest.length > 0) this.#writeAll(rest);
      else if (this.#waiting.length > 0) this.#writeWaiting();
      else this.#isWriting = false;
    });
  }

  #hold(bytes: Buffer): void {
    this.#held = bytes;
    setTimeout(() => {
      this.#held = Buffer.alloc(0);
      this.#writeAll(bytes);
    }, RETRY_MS).unref();
  }

  #take(): Buffer {
    if (this.#dropped > 0)
      this.#waiting.push(`{"level":40,"msg":"${this.#dropped} lines of the log were dropped: it was not read"}\n`);
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#dropped = 0;
    return bytes;
  }

  #break(): void {
    this.#isBroken = true;
    this.#waiting = [];
  }
}

function isBusy(error: unknown): boolean {
  return ['EAGAIN', 'EBUSY', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
