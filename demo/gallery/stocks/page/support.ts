// Small things of the page that have nothing to do with prices.

const STARS_KEY = 'chat-room.stocks.watch-list';
const MAX_STARS = 500;

/** Throws where the page has no such element. */
export function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T; // the page beside this is ours
}

/** The symbols of the watch list, which the browser keeps. Where it keeps nothing, nobody is told: the list works without. */
export function readStars(): Set<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STARS_KEY) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((symbol) => typeof symbol === 'string').slice(0, MAX_STARS) : []);
  } catch {
    return new Set();
  }
}

export function writeStars(stars: ReadonlySet<string>): void {
  try {
    localStorage.setItem(STARS_KEY, JSON.stringify([...stars]));
  } catch {
    // It holds until the page is left.
  }
}
