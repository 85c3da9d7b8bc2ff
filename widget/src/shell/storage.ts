// What is kept in this browser. Sandboxed frames and strict privacy settings throw on the mere mention of `localStorage`:
// then nothing is kept, and nothing else is lost.

export function recall(key: string): string | null {
  return attempt(() => localStorage.getItem(key));
}

/** Keeps a text; an empty one is forgotten. */
export function remember(key: string, text: string): void {
  attempt(() => (text === '' ? localStorage.removeItem(key) : localStorage.setItem(key, text)));
}

function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
