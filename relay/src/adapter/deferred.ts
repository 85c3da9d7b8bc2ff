// What a socket library says in the middle of its own work (a publish, an end, its shutdown) is told to the relay after
// it: uWebSockets.js walks its subscribers while it calls `dropped` and `drain`, and a handler that subscribes, publishes
// or ends there would change what is being walked.

/** Runs what it is given after the current turn of the event loop, in order. */
export class DeferredCalls {
  readonly #onError: (error: unknown) => void;
  #calls: (() => void)[] = [];
  #settled: (() => void)[] = [];

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  push(call: () => void): void {
    this.#calls.push(call);
    if (this.#calls.length === 1) setImmediate(this.#run);
  }

  /** Resolves when nothing waits any more. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#settled.push(resolve);
      this.push(() => {});
    });
  }

  readonly #run = (): void => {
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) {
      try {
        call();
      } catch (error) {
        this.#onError(error);
      }
    }
    if (this.#calls.length > 0) return;
    const settled = this.#settled;
    this.#settled = [];
    for (const resolve of settled) resolve();
  };
}
