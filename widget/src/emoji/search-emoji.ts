// Finds emoji by the words of their names. The names are a file of their own: who picks by eye never loads it.
import type { GroupKey, Names } from './catalogue.ts';
import { GROUP_KEYS, nameOf } from './catalogue.ts';
import { COMMON_EMOJI } from './common-emoji.ts';
import type { Drawn } from './drawn.ts';
import { drawnOf } from './drawn.ts';

export interface NamedEmoji {
  readonly emoji: string;
  readonly name: string;
}

/** All emoji that are drawn, with their names, and again with those by which the common ones are typed. Flags have names in `language`. */
export function createIndex(names: Names, drawn: Drawn, language: string): readonly NamedEmoji[] {
  const countryNames = new Intl.DisplayNames(language, { type: 'region' });
  const ofGroup = (key: GroupKey): readonly NamedEmoji[] => {
    const own = names[key].split(',');
    return drawnOf(key, drawn).map((emoji) => ({ emoji: emoji.emoji, name: nameOf(emoji, own, countryNames) }));
  };
  const byShortName = COMMON_EMOJI.map(([name, emoji]) => ({ emoji, name: name.replaceAll('_', ' ') }));
  return [...GROUP_KEYS.flatMap(ofGroup), ...byShortName];
}

/** Each word of `query` begins a word of the name; names that begin with the whole of it come first. An emoji finds itself. */
export function searchEmoji(index: readonly NamedEmoji[], query: string): readonly string[] {
  const wanted = wordsOf(query);
  const whole = wanted.join(' ');
  const found = index.flatMap(({ emoji, name }) => {
    const words = wordsOf(name);
    const isFound = emoji === query.trim() || wanted.every((start) => words.some((word) => word.startsWith(start)));
    return isFound ? [{ emoji, rank: rankOf(words.join(' '), whole) }] : [];
  });
  return [...new Set(found.sort((a, b) => a.rank - b.rank).map(({ emoji }) => emoji))];
}

function rankOf(name: string, whole: string): number {
  if (name === whole) return 0;
  if (name.startsWith(`${whole} `)) return 1;
  return name.startsWith(whole) ? 2 : 3;
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLocaleLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '') // a pinata is a piñata
    .split(/[\s_-]+/u)
    .filter((word) => word !== '');
}
