// What was changed here and is not stored outlasts the page: the next one adopts it. Adopted twice it does no harm.
import { fromBase64, toBase64 } from '../pieces.ts';

const PREFIX = 'chat-room.document.unsent.';

/** Keeps what a page has for a room; without an update, forgets what is there. */
export function keepUnsent(room: string, by: string, update: Uint8Array | undefined): void {
  try {
    if (update) localStorage.setItem(itemOf(room, by), toBase64(update));
    else localStorage.removeItem(itemOf(room, by));
  } catch {
    // A full or forbidden storage: it is kept as long as the page is.
  }
}

/** What earlier pages have left for a room. A page that still lives keeps its own again. */
export function takeUnsent(room: string): readonly Uint8Array[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(itemOf(room, '')));
    return names.flatMap((name) => {
      const update = fromBase64([localStorage.getItem(name) ?? '']);
      localStorage.removeItem(name);
      return update ? [update] : [];
    });
  } catch {
    return [];
  }
}

function itemOf(room: string, by: string): string {
  return `${PREFIX}${room}.${by}`;
}
