// Timers of a run, which all end with it.

export class Waits {
  readonly #timers = new Map<NodeJS.Timeout, () => void>();
  readonly #signal: AbortSignal | undefined;
  #isOver = false;

  /** The signal ends it, as `end` does. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    if (signal?.aborted) this.#isOver = true;
    signal?.addEventListener('abort', this.end);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves after that time, or when all is over. */
  readonly wait = (delayMs: number): Promise<void> => {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#timers.delete(timer);
        resolve();
      };
      const timer = setTimeout(wake, delayMs);
      this.#timers.set(timer, wake);
    });
  };

  /** Wakes everyone who waits, and lets nobody wait again. */
  readonly end = (): void => {
    this.#isOver = true;
    this.#signal?.removeEventListener('abort', this.end);
    for (const wake of [...this.#timers.values()]) wake();
  };
}
