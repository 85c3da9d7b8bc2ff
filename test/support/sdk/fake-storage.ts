import type { Locks, OutboxStorage } from '../../../sdk/src/outbox-storage.ts';

/** Web Storage in memory. */
export class FakeStorage implements OutboxStorage {
  readonly entries = new Map<string, string>();
  /** True: it refuses to be written to. */
  isFull = false;

  get length(): number {
    return this.entries.size;
  }

  key(index: number): string | null {
    return [...this.entries.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.isFull) throw new Error('the storage is full');
    this.entries.set(key, value);
  }

  removeItem(key: string): void {
    this.entries.delete(key);
  }
}

/** The locks of all pages of a browser. */
export class FakeLocks {
  readonly #held = new Map<string, Promise<unknown>>();

  /** The locks as one page has them; `end` lets go of all it holds, as a page does when it goes away. */
  page(): { readonly locks: Locks; end(): void } {
    const own = new Set<string>();
    const locks: Locks = {
      request: async (name, { ifAvailable = false }, use) => {
        while (this.#held.has(name)) {
          if (ifAvailable) return use(null);
          await this.#held.get(name);
        }
        own.add(name);
        const done = Promise.resolve(use({ name }));
        this.#held.set(name, done);
        await done;
        if (own.delete(name)) this.#held.delete(name);
        return undefined;
      },
    };
    const end = (): void => {
      for (const name of own) this.#held.delete(name);
      own.clear();
    };
    return { locks, end };
  }
}
