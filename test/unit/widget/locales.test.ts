import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { english as attachments } from '../../../widget/src/attachments/phrases.ts';
import { english as emoji } from '../../../widget/src/emoji/phrases.ts';
import { english as extras } from '../../../widget/src/extras/phrases.ts';
import { english as moderation } from '../../../widget/src/moderation/phrases.ts';
import { english as launcher } from '../../../widget/src/shell/launcher-button.ts';
import { directionOf } from '../../../widget/src/text/direction.ts';
import { type LoadLocale, loadLanguage } from '../../../widget/src/text/language.ts';
import { LOCALES } from '../../../widget/src/text/locales.ts';
import { MORE_LOCALES } from '../../../widget/src/text/more-locales.ts';
import { english as text } from '../../../widget/src/text/phrases.ts';
import type { Phrase, Phrases } from '../../../widget/src/text/translate.ts';
import { english as tools } from '../../../widget/src/tools/phrases.ts';

/** Every tag that there are locales for, and the letters it is written with. */
const TAGS: readonly (readonly [tag: string, letters: RegExp])[] = [
  ...['cs', 'da', 'de', 'es', 'fi', 'fr', 'id', 'it', 'nb', 'nl', 'pl', 'pt', 'sv', 'tr', 'vi'].map(
    (tag) => [tag, /\p{Script=Latin}/u] as const,
  ),
  ['ar', /\p{Script=Arabic}/u],
  ['bn', /\p{Script=Bengali}/u],
  ['el', /\p{Script=Greek}/u],
  ['fa', /\p{Script=Arabic}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['ja', /\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Han}/u],
  ['ko', /\p{Script=Hangul}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  ['uk', /\p{Script=Cyrillic}/u],
  ['zh-Hans', /\p{Script=Han}/u],
  ['zh-Hant', /\p{Script=Han}/u],
];

interface Table {
  readonly folder: string;
  readonly english: readonly Phrases[];
  readonly locales: { readonly [tag: string]: LoadLocale };
}

const TABLES: readonly Table[] = [
  { folder: 'locales', english: [text, extras, launcher], locales: LOCALES },
  { folder: 'locales/more', english: [tools, moderation, attachments, emoji], locales: MORE_LOCALES },
];

/** What some languages say with the very words of English: names of things, never a sentence. */
const SAME_AS_ENGLISH = new Set([
  'Chat: {title}',
  'Download',
  'Edit',
  'Emoji',
  'File: {name}, {size}',
  'Menu',
  'Message',
  'Messages',
  'Notifications',
  'Suggestions',
  '{count} minute',
  '{count} minutes',
  '{reaction}, {count} person',
]);

/** Counts as they occur: a million members, where some languages have a form of its own, do not. */
const COUNTS = [...Array.from({ length: 1_000 }, (_, count) => count), 1_000, 10_000, 100_000, 999_999];

/** What a typewriter would make of it. */
const CARELESS = /\.\.\.|["']| {2}|^\s|\s$|^$/u;
const CARELESS_IN: { readonly [tag: string]: RegExp } = {
  fr: / [;:!?]|\p{L}[;:!?]/u,
  ar: /[,;?]/u,
  fa: /[,;?]/u,
  ja: /\p{L}[,;:!?.]/u,
  'zh-Hans': /\p{L}[,;:!?.]/u,
  'zh-Hant': /\p{L}[,;:!?.]/u,
};

const locales = TABLES.flatMap((table) => TAGS.map(([tag, letters]) => ({ ...table, tag, letters })));

describe.each(locales)('$folder/$tag', ({ folder, tag, letters, english, locales }) => {
  const source: Phrases = Object.assign({}, ...english);
  const largest = largestByForm(tag);
  const load = async (): Promise<Phrases> => (await locales[tag]?.())?.phrases ?? {};

  test('is what its loader loads', async () => {
    const file = await import(pathTo(`${folder}/${tag}.ts`));
    expect(await load()).toBe(file.phrases);
  });

  test('has the keys of English, and no others', async () => {
    expect(Object.keys(await load()).sort()).toEqual(Object.keys(source).sort());
  });

  test('has the forms of a plural that its language needs, and no others', async () => {
    const forms = Object.keys(largest).sort();
    for (const [key, phrase] of Object.entries(await load())) {
      const expected = typeof source[key] === 'string' ? ['string'] : forms;
      expect(typeof phrase === 'string' ? ['string'] : Object.keys(phrase).sort(), key).toEqual(expected);
    }
  });

  test('says the values that English says', async () => {
    for (const [key, phrase] of Object.entries(await load())) {
      const values = placeholders(formsOf(source[key] ?? '').at(-1)?.[1] ?? '');
      for (const [form, words] of formsOf(phrase)) {
        const found = placeholders(words);
        // A form that is for one or two says which; of others only the number does.
        const mayLack = (largest[form] ?? Number.POSITIVE_INFINITY) <= 2 ? 'count' : undefined;
        expect(found, `${key} ${form}`).toEqual(values.filter((value) => value !== mayLack || found.includes(value)));
      }
    }
  });

  test('is translated, in its own letters and with its own marks', async () => {
    for (const [key, phrase] of Object.entries(await load())) {
      const inEnglish = formsOf(source[key] ?? '').map(([, words]) => words);
      for (const [, words] of formsOf(phrase)) {
        expect(words, key).not.toMatch(CARELESS);
        expect(words, key).not.toMatch(CARELESS_IN[tag] ?? CARELESS);
        if (SAME_AS_ENGLISH.has(words)) continue;
        expect(inEnglish, key).not.toContain(words);
        expect(withoutValues(words), key).toMatch(letters);
      }
    }
  });
});

describe.each(TABLES)('$folder', ({ folder, english, locales }) => {
  test('every locale is known by its tag', () => {
    const tags = TAGS.map(([tag]) => tag).sort();
    const files = readdirSync(pathTo(folder)).filter((name) => name.endsWith('.ts'));
    expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual(tags);
    expect(Object.keys(locales).sort()).toEqual(tags);
  });

  test('the parts that share a table mean the same by the same key', () => {
    const all: Phrases = Object.assign({}, ...english);
    for (const part of english) expect(all).toMatchObject(part);
  });

  test.each([
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant', 'zh-Hant'],
    ['zh', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['pt-BR', 'pt'],
    ['pt-PT', 'pt'],
    ['de-AT', 'de'],
    ['fa-AF', 'fa'],
    ['nb-NO', 'nb'],
    ['ja', 'ja'],
  ])('%s speaks %s', async (tag, locale) => {
    const language = await loadLanguage(tag, locales);
    expect(language.tag).toBe(tag);
    expect(language.phrases).toBe((await locales[locale]?.())?.phrases);
  });

  test.each(['en', 'en-GB', 'xx', 'tlh'])('%s speaks English, which needs no file', async (tag) => {
    expect(await loadLanguage(tag, locales)).toEqual({ tag, phrases: {} });
  });
});

test('what is written from right to left is shown so', () => {
  const rightToLeft = TAGS.filter(([tag]) => directionOf(tag) === 'rtl');
  expect(rightToLeft.map(([tag]) => tag)).toEqual(['ar', 'fa', 'he']);
});

function pathTo(name: string): string {
  return fileURLToPath(new URL(`../../../widget/src/${name}`, import.meta.url));
}

/** The largest count that each form of a plural is for. `other` is always there: it stands in for a form that is missing. */
function largestByForm(tag: string): { readonly [form: string]: number } {
  const plurals = new Intl.PluralRules(tag);
  const largest = Object.fromEntries(COUNTS.map((count) => [plurals.select(count), count]));
  return { ...largest, other: Number.POSITIVE_INFINITY };
}

function formsOf(phrase: Phrase): [form: string, words: string][] {
  return typeof phrase === 'string' ? [['', phrase]] : Object.entries(phrase);
}

function placeholders(words: string): string[] {
  return Array.from(words.matchAll(/\{(\w+)\}/gu), ([, name = '']) => name).sort();
}

function withoutValues(words: string): string {
  return words.replace(/\{\w+\}/gu, '');
}
