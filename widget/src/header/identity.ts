// What stands for a person who has no picture: initials, and a hue that is always theirs.
import { graphemes } from '../text/emoji.ts';

/** As many as `header/avatar.styles.ts` has rules for. */
export const HUES = 12;

/** The same for an id in every browser and every session. FNV-1a, since neighbouring ids must not look alike. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % HUES;
}

/** The first letters of the first and the last word; one character where there is one word. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  const first = graphemes(words[0] ?? '')[0] ?? '?';
  const last = words.length > 1 ? (graphemes(words.at(-1) ?? '')[0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
