const MAX_RUNNING = 8;
const MAX_WAITING = 10_000;
const MAX_FAILED = 1_000;

type Job = () => Promise<unknown>;

interface Waiting {
  readonly job: Job;
  readonly resolve: () => void;
}

/**
 * Does what is given to it, so many at a time. Up to 10,000 jobs wait, and up to 1,000 that failed are kept to be tried again;
 * what comes then is dropped. Each failure is told.
 */
export class JobQueue {
  readonly #onFailed: (error: unknown) => void;
  readonly #waiting: Waiting[] = [];
  readonly #failed: Job[] = [];
  #running = 0;
  #onIdle: (() => void)[] = [];

  constructor(onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
  }

  /** Resolves once it is done, has failed, or was dropped. */
  add(job: Job): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.length >= MAX_WAITING) {
        this.#onFailed(new Error('too many jobs wait'));
        resolve();
        return;
      }
      this.#waiting.push({ job, resolve });
      this.#runNext();
    });
  }

  /** Tries again what has failed. */
  retry(): void {
    for (const job of this.#failed.splice(0)) void this.add(job);
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #runNext(): void {
    if (this.#running >= MAX_RUNNING) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#running++;
    void this.#run(next);
  }

  async #run({ job, resolve }: Waiting): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#onFailed(error);
      if (this.#failed.length < MAX_FAILED) this.#failed.push(job);
    }
    resolve();
    this.#running--;
    this.#runNext();
    if (this.#running === 0) for (const idle of this.#onIdle.splice(0)) idle();
  }
}
