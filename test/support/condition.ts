/** Waits for something to become true without asking the clock: whoever changes the state calls `changed`. */
export class Condition {
  readonly #waiting = new Set<() => void>();

  changed(): void {
    for (const check of [...this.#waiting]) check();
  }

  /** Resolves with the first value of `read` that is not undefined. */
  until<T>(read: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        try {
          const value = read();
          if (value === undefined) return;
          this.#waiting.delete(check);
          resolve(value);
        } catch (error) {
          this.#waiting.delete(check);
          reject(error);
        }
      };
      this.#waiting.add(check);
      check();
    });
  }
}
