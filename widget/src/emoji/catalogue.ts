// All emoji there are, group by group, as Unicode's chart has them. Skin tones, genders, directions and the flags of
// countries are not in the data: the browser knows which sequences are emoji.
import { EMOJI_DATA } from './emoji-data.ts';

export type GroupKey = keyof typeof EMOJI_DATA;

/** Names of a group, in the order of its data, with commas between them. */
export type Names = { readonly [key in GroupKey]: string };

export interface Emoji {
  readonly emoji: string;
  /** Which name of its group it has; undefined for the flag of a country, which Intl has a name for. */
  readonly place: number | undefined;
  /** The version of Emoji that it came with; 0 for an old one. */
  readonly version: number;
}

export const GROUP_KEYS = Object.keys(EMOJI_DATA) as readonly GroupKey[];

/** The choice of skin tones: none, then from light to dark. */
export const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];

const JOINER = '\u200d';
const RIGHT = `${JOINER}➡\ufe0f`;
/** Directions came later than the people who have them. */
const RIGHT_VERSION = 16;
const LETTERS = Array.from({ length: 26 }, (_, place) => String.fromCodePoint(0x1f1e6 + place));

/** By its name and as text, since not every tool knows it. Each browser that can run the widget does. */
const SEQUENCE_NAME = 'RGI_Emoji';
const SEQUENCE = new RegExp(`^\\p{${SEQUENCE_NAME}}$`, 'v');

export function isEmoji(text: string): boolean {
  return SEQUENCE.test(text);
}

const groups = new Map<GroupKey, readonly Emoji[]>();

/** The emoji of a group, those of the newest version too. */
export function emojiOf(key: GroupKey): readonly Emoji[] {
  const group = groups.get(key) ?? readGroup(key);
  groups.set(key, group);
  return group;
}

function readGroup(key: GroupKey): readonly Emoji[] {
  const group = decode(EMOJI_DATA[key]);
  if (key === 'people') return group.flatMap(withVariants);
  return key === 'flags' ? [...group, ...countries()] : group;
}

/** Reads what scripts/make-emoji-data.js writes. */
function decode(data: string): readonly Emoji[] {
  let point = 0;
  return data.split(' ').map((token, place) => {
    const [form = '', version = 0] = token.split('!');
    const isDistance = /^-?\w+$/.test(form);
    if (isDistance) point += Number.parseInt(form, 36);
    return { emoji: isDistance ? coloured(String.fromCodePoint(point)) : form, place, version: Number(version) };
  });
}

/** Characters that are older than emoji are drawn as text, unless they are asked for in colour. */
function coloured(character: string): string {
  return /^(?!\p{Emoji_Presentation})\p{Emoji}/u.test(character) ? `${character}\ufe0f` : character;
}

/** Somebody, the same as a man and as a woman, and all of them facing right: as far as there are such emoji. */
function withVariants(base: Emoji): readonly Emoji[] {
  const { emoji, version } = base;
  const genders = emoji.startsWith(`🧑${JOINER}`)
    ? [emoji.replace('🧑', '👨'), emoji.replace('🧑', '👩')]
    : [`${emoji}${JOINER}♂\ufe0f`, `${emoji}${JOINER}♀\ufe0f`];
  const all = [emoji, ...genders];
  const variants = [
    ...genders.map((variant) => ({ ...base, emoji: variant })),
    ...all.map((variant) => ({ ...base, emoji: variant + RIGHT, version: Math.max(version, RIGHT_VERSION) })),
  ];
  return [base, ...variants.filter((variant) => isEmoji(variant.emoji))];
}

function countries(): readonly Emoji[] {
  const pairs = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return pairs.filter(isEmoji).map((emoji) => ({ emoji, place: undefined, version: 0 }));
}

/** The emoji in a skin tone, where it has any. */
export function inTone(emoji: string, tone: string): string {
  if (tone === '') return emoji;
  // Of two people who hold hands, the people have tones and the hands have not.
  const candidates = [/\p{Emoji_Modifier_Base}\ufe0f?/gu, /(?!🤝)\p{Emoji_Modifier_Base}\ufe0f?/gu].map((bases) =>
    emoji.replace(bases, (base) => base.replace('\ufe0f', '') + tone),
  );
  return candidates.find(isEmoji) ?? emoji;
}

/** What an emoji is called in English; the flag of a country in `language`. */
export function nameOf({ emoji, place }: Emoji, names: readonly string[], countryNames: Intl.DisplayNames): string {
  if (place === undefined) return countryNames.of(countryCode(emoji)) ?? '';
  const name = names[place] ?? '';
  const who = /♀|^👩\u200d(?!❤)/u.test(emoji) ? 'woman' : /♂|^👨\u200d(?!❤)/u.test(emoji) ? 'man' : undefined;
  const gendered = who === undefined ? name : name.includes('person') ? name.replace('person', who) : `${who} ${name}`;
  return emoji.endsWith(RIGHT) ? `${gendered} facing right` : gendered;
}

function countryCode(flag: string): string {
  return Array.from(flag, (letter) => String.fromCharCode(65 + LETTERS.indexOf(letter))).join('');
}
