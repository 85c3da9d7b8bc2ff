// What is kept in this browser. Sandboxed frames and strict privacy settings throw on the mere mention of `localStorage`:
// then nothing is kept, and nothing else is lost.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text; an empty one is forgotten. */
export function remember(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // It lives as long as its page.
  }
}
