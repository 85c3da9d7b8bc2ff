import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emojiOf, GROUP_KEYS, inTone, isEmoji, nameOf, TONES } from '../../../widget/src/emoji/catalogue.ts';
import { COMMON_EMOJI } from '../../../widget/src/emoji/common-emoji.ts';
import { addToCatalogue, closeEmoji, completeEmoji } from '../../../widget/src/emoji/complete-emoji.ts';
import { drawnOf, findDrawn } from '../../../widget/src/emoji/drawn.ts';
import { EMOJI_DATA } from '../../../widget/src/emoji/emoji-data.ts';
import { EMOJI_NAMES } from '../../../widget/src/emoji/emoji-names.ts';
import { EmojiMemory } from '../../../widget/src/emoji/memory.ts';
import { createIndex, searchEmoji } from '../../../widget/src/emoji/search-emoji.ts';
import { graphemes } from '../../../widget/src/text/emoji.ts';

interface Entry {
  readonly emoji: string;
  readonly name: string;
  readonly skin_tone_support: boolean;
  readonly emoji_version: string;
}

const root = new URL('../../../', import.meta.url);
const source: readonly { readonly emojis: readonly Entry[] }[] = JSON.parse(
  readFileSync(new URL('node_modules/unicode-emoji-json/data-by-group.json', root), 'utf8'),
);
/** An older Node knows fewer emoji than the data has, as an older browser does. */
const isKnownHere = ({ emoji_version: version }: Entry): boolean => Number(version) <= Number(process.versions['unicode']);
const known = source.flatMap(({ emojis }) => emojis).filter(isKnownHere);
/** Drawn as the same silhouette since Emoji 15.1. */
const FAMILY = /^[👨👩](\u200d[👨👩])?(\u200d[👦👧])+$/u;
const all = GROUP_KEYS.flatMap((key) => emojiOf(key));
const everywhere = { version: Number.POSITIVE_INFINITY, flags: true };

describe('the catalogue', () => {
  test.each(GROUP_KEYS.map((key, place) => [key, source[place]?.emojis ?? []] as const))(
    '%s: all that Unicode lists',
    (key, listed) => {
      const expected = listed.filter((entry) => isKnownHere(entry) && !FAMILY.test(entry.emoji)).map(({ emoji }) => emoji);
      const ours = emojiOf(key).map(({ emoji }) => emoji);
      expect(ours).toEqual(expect.arrayContaining(expected));
      expect(new Set(ours).size).toBe(ours.length);
    },
  );

  test('has nothing but emoji, each of which is one character to its reader', () => {
    const listed = new Set(source.flatMap(({ emojis }) => emojis.map(({ emoji }) => emoji)));
    for (const { emoji } of all) {
      expect(listed, emoji).toContain(emoji);
      if (isEmoji(emoji)) expect(graphemes(emoji), emoji).toHaveLength(1);
    }
    for (const [name, emoji] of COMMON_EMOJI) expect(isEmoji(emoji), name).toBe(true);
  });

  test('has a name for each', () => {
    for (const key of GROUP_KEYS) expect(EMOJI_NAMES[key].split(',').length, key).toBe(EMOJI_DATA[key].split(' ').length);
  });

  test.each([
    ['🎉', 'party popper'],
    ['🧑‍🚀', 'astronaut'],
    ['👩‍🚀', 'woman astronaut'],
    ['🙍‍♂️', 'man frowning'],
    ['🏃‍♀️‍➡️', 'woman running facing right'],
    ['👩‍❤️‍👨', 'couple with heart woman man'],
    ['🇩🇪', 'Deutschland'],
  ])('%s is called %s', (emoji, name) => {
    const german = new Intl.DisplayNames('de', { type: 'region' });
    const names = GROUP_KEYS.flatMap((key) =>
      emojiOf(key)
        .filter((entry) => entry.emoji === emoji)
        .map((entry) => nameOf(entry, EMOJI_NAMES[key].split(','), german)),
    );
    expect(names).toEqual([name]);
  });

  test('gives the skin tones to those that have them, and to no others', () => {
    const tone = TONES[3] ?? '';
    for (const { emoji, skin_tone_support: hasTones } of known) {
      const toned = inTone(emoji, tone);
      expect(toned !== emoji, emoji).toBe(hasTones);
      expect(isEmoji(toned), toned).toBe(true);
    }
    expect(inTone('🧑‍🤝‍🧑', tone)).toBe('🧑🏽‍🤝‍🧑🏽');
    expect(inTone('☝️', tone)).toBe('☝🏽');
    expect(inTone('👋', '')).toBe('👋');
  });
});

describe('what the system can draw', () => {
  const drawn = (...known: string[]) => findDrawn((emoji) => known.includes(emoji));

  test('is told by one emoji of each version', () => {
    expect(drawn('😀', '🇺🇳', '🥲', '🫠', '🫨', '🫩', '🫪')).toEqual({ version: 17, flags: true });
    expect(drawn('😀', '🥲', '🫠')).toEqual({ version: 14, flags: false });
    expect(drawn('😀')).toEqual({ version: 12, flags: false });
    expect(drawn()).toEqual(everywhere);
  });

  test('is what is offered', () => {
    const offered = (version: number): string[] => drawnOf('smileys', { version, flags: true }).map(({ emoji }) => emoji);
    expect(offered(12)).not.toContain('🥲');
    expect(offered(13)).toContain('🥲');
    expect(offered(13)).not.toContain('🫠');
    expect(drawnOf('flags', { version: 17, flags: false }).map(({ emoji }) => emoji)).toContain('🏁');
    expect(drawnOf('flags', { version: 17, flags: false }).map(({ emoji }) => emoji)).not.toContain('🇩🇪');
    // The tests of versions are emoji of these versions.
    for (const [version, emoji] of [
      [13, '🥲'],
      [14, '🫠'],
      [15, '🫨'],
      [16, '🫩'],
      [17, '🫪'],
    ] as const)
      expect(all.find((entry) => entry.emoji === emoji)?.version).toBe(version);
  });
});

describe('the search', () => {
  const index = createIndex(EMOJI_NAMES, everywhere, 'fr');

  test.each([
    ['party pop', '🎉'],
    ['tada', '🎉'],
    ['goat', '🐐'],
    ['monkey', '🐒'],
    ['RED hea', '❤️'],
    ['heart red', '❤️'],
    ['pinata', '🪅'],
    ['black cat', '🐈‍⬛'],
    ['woman astro', '👩‍🚀'],
    ['allemagne', '🇩🇪'],
    ['🦄', '🦄'],
    ['thumbs up ', '👍'],
  ])('%j finds %s first', (query, emoji) => {
    expect(searchEmoji(index, query)[0]).toBe(emoji);
  });

  test('has each emoji once, and nothing for what is no name', () => {
    const found = searchEmoji(index, 'fire');
    expect(new Set(found).size).toBe(found.length);
    expect(found).toContain('🔥');
    expect(searchEmoji(index, 'xyzzy')).toEqual([]);
  });
});

describe('completion', () => {
  const names = (before: string): string[] =>
    completeEmoji(before)?.candidates.map((candidate) => (candidate.kind === 'emoji' ? candidate.name : '')) ?? [];

  test('begins with two letters after a colon, at the begin of a word', () => {
    expect(names('good :roc')[0]).toBe('rocket');
    expect(completeEmoji('good :roc')?.start).toBe(5);
    for (const text of [':r', 'at 10:30', 'std::ro', 'http://ro', 'https://x.example/a?b=:ro', 'a :', ': ro', 'a:ro'])
      expect(names(text), text).toEqual([]);
  });

  test('puts names that begin with it before those that have it inside', () => {
    const found = names(':heart');
    expect(found[0]).toBe('heart');
    expect(found.indexOf('heart_eyes')).toBeLessThan(found.indexOf('broken_heart'));
  });

  test('leaves smiles of letters alone: Enter sends them', () => {
    for (const text of [':D', ':DD', ':p', ':pp', ':-D', ':-)', 'xD', ':xD']) expect(names(text), text).toEqual([]);
  });

  test('replaces a whole name when its second colon is typed', () => {
    expect(closeEmoji('so :fire:')).toEqual({ start: 3, emoji: '🔥' });
    expect(closeEmoji(':+1:')).toEqual({ start: 0, emoji: '👍' });
    for (const text of [':fir:', ':fire', 'a:fire:', 'https://x.example/?:fire:', '::', ':fire: '])
      expect(closeEmoji(text), text).toBeUndefined();
  });

  test('knows more names when the picker has brought them', () => {
    expect(closeEmoji(':woman_astronaut:')).toBeUndefined();
    addToCatalogue([['woman_astronaut', '👩‍🚀']]);
    expect(closeEmoji(':woman_astronaut:')?.emoji).toBe('👩‍🚀');
    expect(closeEmoji(':fire:')?.emoji).toBe('🔥');
  });
});

describe('the memory', () => {
  test('has what was picked last first, each once, and no more than it shows', () => {
    const memory = new EmojiMemory();
    for (const emoji of ['😀', '🔥', '😀', ...all.slice(0, 40).map((entry) => entry.emoji), '🔥']) memory.add(emoji);
    expect(memory.recent[0]).toBe('🔥');
    expect(memory.recent.filter((emoji) => emoji === '🔥')).toHaveLength(1);
    expect(memory.recent).toHaveLength(24);
  });

  test('goes through the tones and back to none', () => {
    const memory = new EmojiMemory();
    const seen = TONES.map(() => {
      memory.nextTone();
      return memory.tone;
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 0]);
  });
});
