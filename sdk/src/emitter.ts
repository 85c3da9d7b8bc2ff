/** Typed listeners. One that throws is reported as an uncaught error and disturbs nobody. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<{ readonly call: (value: never) => void }>>();

  /** Calls `listener` at each event of that type, until the returned function is called. */
  on<T extends keyof Events>(type: T, listener: (value: Events[T]) => void): () => void {
    const entry = { call: listener };
    const entries = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, entries.add(entry));
    return () => void entries.delete(entry);
  }

  emit<T extends keyof Events>(type: T, value: Events[T]): void {
    for (const { call } of [...(this.#listeners.get(type) ?? [])]) {
      try {
        (call as (value: Events[T]) => void)(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
