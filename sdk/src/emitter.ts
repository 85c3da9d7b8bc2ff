/** Typed listeners, few of them. One that throws is reported as an uncaught error and disturbs nobody. */
export class Emitter<Events extends object> {
  readonly #listeners = new Set<{ readonly type: keyof Events; readonly call: (value: never) => void }>();

  /** Calls `listener` at each event of that type, until the returned function is called. */
  on<T extends keyof Events>(type: T, listener: (value: Events[T]) => void): () => void {
    const entry = { type, call: listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  emit<T extends keyof Events>(type: T, value: Events[T]): void {
    for (const listener of [...this.#listeners]) {
      if (listener.type !== type) continue;
      try {
        (listener.call as (value: Events[T]) => void)(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
