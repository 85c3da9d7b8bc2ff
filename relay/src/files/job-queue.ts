const MAX_RUNNING = 8;
const MAX_WAITING = 10_000;

type Job = () => Promise<unknown>;

/** Does what is given to it some at a time, beginning in order. Up to 10,000 jobs wait; what comes then is dropped, and told. */
export class JobQueue {
  readonly #onFailed: (error: unknown) => void;
  readonly #waiting: Job[] = [];
  #running = 0;
  #onIdle: (() => void)[] = [];

  constructor(onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
  }

  add(job: Job): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#onFailed(new Error('too many jobs wait'));
      return;
    }
    this.#waiting.push(job);
    this.#runNext();
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #runNext(): void {
    if (this.#running >= MAX_RUNNING) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#running++;
    job()
      .catch(this.#onFailed)
      .finally(() => {
        this.#running--;
        this.#runNext();
        if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
      });
  }
}
