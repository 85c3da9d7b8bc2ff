import type { Lifecycle, LifecycleSignal } from '../../../sdk/src/index.ts';

/** A page that is hidden, shown and frozen by the test. */
export class FakeLifecycle implements Lifecycle {
  #listeners = new Set<(signal: LifecycleSignal) => void>();
  hidden = false;

  get listeners(): number {
    return this.#listeners.size;
  }

  isHidden(): boolean {
    return this.hidden;
  }

  listen(listener: (signal: LifecycleSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  say(signal: LifecycleSignal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}
