import type { Completion } from '../extras/completion.ts';
import { COMMON_EMOJI } from './common-emoji.ts';

const TYPED = /(?<![\p{L}\p{N}:/]):([a-z0-9_+-]{2,24})$/iu;
const MOST = 6;

/** Emoji and their names, beyond the common ones: of the picker, once that is loaded. */
let catalogue: readonly (readonly [name: string, emoji: string])[] = COMMON_EMOJI;

/** Completes from `entries` as well from now on. */
export function addToCatalogue(entries: readonly (readonly [name: string, emoji: string])[]): void {
  catalogue = [...COMMON_EMOJI, ...entries];
}

/** Emoji whose name begins with what follows the `:` before the cursor, then those that only have it in them. */
export function completeEmoji(before: string): Completion | undefined {
  const match = TYPED.exec(before);
  const typed = match?.[1]?.toLowerCase();
  if (match === null || typed === undefined) return undefined;
  const rank = (name: string): number => (name.startsWith(typed) ? 0 : name.includes(typed) ? 1 : 2);
  const found = catalogue.filter(([name]) => rank(name) < 2).sort(([a], [b]) => rank(a) - rank(b));
  const unique = found.filter(([, emoji], place) => found.findIndex(([, other]) => other === emoji) === place);
  const candidates = unique.slice(0, MOST).map(([name, emoji]) => ({ kind: 'emoji' as const, emoji, name, insert: `${emoji} ` }));
  return candidates.length === 0 ? undefined : { start: match.index, candidates };
}
