// What a visitor's browser remembers. It may refuse to (private windows, blocked cookies, a full disk): then nothing is
// remembered, and everything else works.

/** What is kept under `key`, or undefined where there is nothing or nothing may be read. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps `value` under `key`; without a value, forgets what is there. */
export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Not remembered: the page says nothing, since nobody asked for it.
  }
}
