// What was changed here and is not stored outlasts the page: the next one adopts it. Adopted twice it does no harm.
import { fromBase64, toBase64 } from '../pieces.ts';

const PREFIX = 'chat-room.document.unsent.';

/** Keeps it under the name of this page; without an update, forgets what is there. */
export function keepUnsent(by: string, update: Uint8Array | undefined): void {
  try {
    if (update) localStorage.setItem(PREFIX + by, toBase64(update));
    else localStorage.removeItem(PREFIX + by);
  } catch {
    // A full or forbidden storage: it is kept as long as the page is.
  }
}

/** What earlier pages have left. A page that still lives keeps its own again. */
export function takeUnsent(): readonly Uint8Array[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    return names.flatMap((name) => {
      const update = fromBase64([localStorage.getItem(name) ?? '']);
      localStorage.removeItem(name);
      return update ? [update] : [];
    });
  } catch {
    return [];
  }
}
