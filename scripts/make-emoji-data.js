// Writes which emoji there are, and their names: widget/src/emoji/emoji-data.ts and emoji-names.ts.
// To be run after an update of unicode-emoji-json: node scripts/make-emoji-data.js
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, ROOT } from './tool.js';

/** Resolved like an import, so that the tools see the dependency. */
const SOURCE = import.meta.resolve('unicode-emoji-json/data-by-group.json');
const SOURCE_PACKAGE = import.meta.resolve('unicode-emoji-json/package.json');
const TARGET = 'widget/src/emoji';

/** Keys of the picker's groups, in the order in which Unicode has them. */
const GROUPS = ['smileys', 'people', 'nature', 'food', 'travel', 'activities', 'objects', 'symbols', 'flags'];

/** Emoji up to this version are drawn everywhere. For newer ones the version is kept. */
const OLD_VERSION = 12.1;

/** What widget/src/emoji/catalogue.ts makes of others, and the families of two to four, which are drawn alike since Emoji 15.1. */
const LEFT_OUT = [/^[👨👩]\u200d(?![👨👩👦👧❤])/u, /\u200d[♂♀➡]/u, /^[🇦-🇿]/u, /^[👨👩](\u200d[👨👩])?(\u200d[👦👧])+$/u];

/** @typedef {{ readonly emoji: string, readonly name: string, readonly emoji_version: string }} Entry */

/** The modules, by file name. @returns {Record<string, string>} */
export function makeEmojiData() {
  /** @type {readonly { emojis: readonly Entry[] }[]} */
  const source = JSON.parse(readFileSync(new URL(SOURCE), 'utf8'));
  const { version } = JSON.parse(readFileSync(new URL(SOURCE_PACKAGE), 'utf8'));
  const groups = source.map(({ emojis }) => emojis.filter(({ emoji }) => !LEFT_OUT.some((pattern) => pattern.test(emoji))));
  const origin = `// Made by scripts/make-emoji-data.js of unicode-emoji-json ${version} (MIT). catalogue.ts reads it.`;
  return {
    'emoji-data.ts': moduleOf(origin, 'EMOJI_DATA', groups.map(encode)),
    'emoji-names.ts': moduleOf(
      origin,
      'EMOJI_NAMES',
      groups.map((group) => group.map(nameOf).join()),
    ),
  };
}

/** @param {string} origin @param {string} name @param {readonly string[]} values one for each group */
function moduleOf(origin, name, values) {
  const lines = values.map((value, place) => `  ${GROUPS[place]}: '${value}',`);
  return `${origin}\n\n// biome-ignore format: a line is a group\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;
}

/** @param {Entry} entry */
function nameOf({ name }) {
  return name.replace(/[“”,]/gu, '').replaceAll("'", '’');
}

/**
 * A token for each emoji: how far its code point is from the one before, or the emoji itself where it has several.
 * `!n` at its end is the version of Emoji that it came with.
 * @param {readonly Entry[]} entries
 */
function encode(entries) {
  let point = 0;
  const tokens = entries.map(({ emoji, emoji_version: version }) => {
    const since = Number(version) > OLD_VERSION ? `!${Math.ceil(Number(version))}` : '';
    if (Array.from(emoji.replace(/\ufe0f$/u, '')).length > 1) return emoji + since;
    const distance = (emoji.codePointAt(0) ?? 0) - point;
    point += distance;
    return distance.toString(36) + since;
  });
  return tokens.join(' ');
}

if (isMain(import.meta.url)) {
  for (const [name, text] of Object.entries(makeEmojiData())) writeFileSync(join(ROOT, TARGET, name), text);
}
