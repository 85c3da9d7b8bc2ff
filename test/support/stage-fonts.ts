// The fonts in which pictures are taken: of our own, since machines have different ones, and some have none with emoji.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);

interface StageFont {
  readonly family: string;
  readonly weight: string;
  /** The path of a woff2 file. */
  readonly file: string;
  /** What only this font can write. */
  readonly sample: string;
}

const FONTS: readonly StageFont[] = [
  { family: 'Stage', weight: '400', file: require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2'), sample: 'a' },
  {
    family: 'Stage',
    weight: '500 900',
    file: require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2'),
    sample: 'a',
  },
  {
    family: 'Stage Arabic',
    weight: '400 900',
    file: require.resolve('@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2'),
    sample: 'ا',
  },
  {
    family: 'Stage Japanese',
    weight: '400 900',
    file: require.resolve('@fontsource/sawarabi-gothic/files/sawarabi-gothic-japanese-400-normal.woff2'),
    sample: 'こ',
  },
  {
    // The name under which the widget asks for one: a face of the page comes before a font of the system.
    family: 'Noto Color Emoji',
    weight: '400 900',
    file: require.resolve('@fontsource/noto-color-emoji/files/noto-color-emoji-emoji-400-normal.woff2'),
    sample: '👍',
  },
];

const pathOf = ({ file }: StageFont): string => `/stage-fonts/${file.slice(file.lastIndexOf('/') + 1)}`;

/** By the path at which the page asks for it. */
const FILES: ReadonlyMap<string, string> = new Map(FONTS.map((font) => [pathOf(font), font.file]));

/** What `font-family` lists. */
export const STAGE_FAMILIES = [...new Set(FONTS.map(({ family }) => `'${family}'`))].join(', ');

/** Each face, from the origin of the page. */
export const STAGE_FACES = FONTS.map(
  (font) => `@font-face { font-family: '${font.family}'; src: url('${pathOf(font)}'); font-weight: ${font.weight}; }`,
).join('\n');

/** The font that a page asks for at this path; undefined where it is none of these. */
export function stageFontAt(path: string): Uint8Array | undefined {
  const file = FILES.get(path);
  return file === undefined ? undefined : readFileSync(file);
}

/** Resolves once the page has all of them: what appears later is drawn in them at once. */
export async function loadStageFonts(page: Page): Promise<void> {
  const wanted = FONTS.map(({ family, weight, sample }) => [`${weight.split(' ')[0]} 16px '${family}'`, sample] as const);
  const missing = await page.evaluate(async (fonts) => {
    const loaded = await Promise.all(fonts.map(([font, sample]) => document.fonts.load(font, sample)));
    return fonts.filter((_, place) => loaded[place]?.length === 0).map(([font]) => font);
  }, wanted);
  if (missing.length > 0) throw new Error(`The page knows no face for ${missing.join(', ')}.`);
}
