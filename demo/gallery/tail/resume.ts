// After a reconnection the last lines come again, most of which the page has: where they go on from what is shown.
import type { Entry } from './wire.ts';

/** So many lines in a row must be the same; logs repeat themselves. */
const COMPARED_LINES = 8;

/** What of `backlog` comes after `shown`. Undefined where the two have nothing in common: lines are missing between them. */
export function continuation(shown: readonly Entry[], backlog: readonly Entry[]): readonly Entry[] | undefined {
  const known = shown.filter((entry) => typeof entry === 'string').slice(-COMPARED_LINES);
  if (known.length === 0) return backlog;
  const lines = backlog.flatMap((entry, at) => (typeof entry === 'string' ? [{ entry, at }] : []));
  for (let end = lines.length - 1; end >= 0; end--) {
    // Where the backlog begins within what is compared, what it has of it must be the same.
    const compared = Math.min(known.length, end + 1);
    const isSame = known.slice(-compared).every((line, i) => line === lines[end - compared + 1 + i]?.entry);
    if (isSame) return backlog.slice((lines[end]?.at ?? 0) + 1);
  }
  return undefined;
}
