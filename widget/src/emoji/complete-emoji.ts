import type { Completion } from '../extras/completion.ts';
import { COMMON_EMOJI } from './common-emoji.ts';

const TYPED = /(?<![\p{L}\p{N}:/]):([\p{L}\p{N}_+-]{2,24})$/iu;
const CLOSED = /(?<![\p{L}\p{N}:/]):([\p{L}\p{N}_+-]{2,40}):$/iu;
/** What begins before it in the same word, it is a part of. */
const IN_ADDRESS = /:\/\/\S*$/u;
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
  if (match === null || typed === undefined || isInAddress(before, match.index)) return undefined;
  const found = catalogue
    .map(([name, emoji]) => ({ name, emoji, rank: rankOf(name, typed) }))
    .filter(({ rank }) => rank < NOT_FOUND)
    .sort((a, b) => a.rank - b.rank);
  const unique = found.filter(({ emoji }, place) => found.findIndex((other) => other.emoji === emoji) === place);
  const candidates = unique
    .slice(0, MOST)
    .map(({ name, emoji }) => ({ kind: 'emoji' as const, emoji, name, insert: `${emoji} ` }));
  return candidates.length === 0 ? undefined : { start: match.index, candidates };
}

const NOT_FOUND = 3;
/** Two letters find what begins with them: `:DD` is a smile, and Enter sends it. */
const MIN_INSIDE = 3;

function rankOf(name: string, typed: string): number {
  if (name === typed) return 0;
  if (name.startsWith(typed)) return 1;
  return typed.length >= MIN_INSIDE && name.includes(typed) ? 2 : NOT_FOUND;
}

/** The emoji whose name stands between colons right before the cursor, and where that begins. */
export function closeEmoji(before: string): { readonly start: number; readonly emoji: string } | undefined {
  const match = CLOSED.exec(before);
  const typed = match?.[1]?.toLowerCase();
  const found = catalogue.find(([name]) => name === typed);
  if (match === null || found === undefined || isInAddress(before, match.index)) return undefined;
  return { start: match.index, emoji: found[1] };
}

function isInAddress(before: string, place: number): boolean {
  return IN_ADDRESS.test(before.slice(0, place));
}
