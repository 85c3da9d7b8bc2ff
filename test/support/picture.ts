// Pictures that are compared with those in test/screens.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** Antialiasing differs from machine to machine; a box that moved by a pixel does not pass. */
const COLOUR_TOLERANCE = 0.2;
const MAX_PART = 0.004;

const SCREENS = fileURLToPath(new URL('../screens/', import.meta.url));

/** With UPDATE_SCREENS=1 pictures are written instead of compared. */
const isUpdating = process.env['UPDATE_SCREENS'] === '1';

/** Undefined where the picture is like the kept one; else what is wrong, and where to look. */
export function compareWithKept(name: string, picture: Buffer): string | undefined {
  const path = `${SCREENS}${name}.png`;
  if (isUpdating) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, picture);
    return undefined;
  }
  if (!existsSync(path)) return `test/screens/${name}.png is missing: run with UPDATE_SCREENS=1, and look at it.`;
  const [kept, seen] = [PNG.sync.read(readFileSync(path)), PNG.sync.read(picture)];
  const { width, height } = kept;
  if (seen.width !== width || seen.height !== height)
    return `${name} is ${seen.width} × ${seen.height}, not ${width} × ${height}.`;
  const difference = new PNG({ width, height });
  const count = pixelmatch(kept.data, seen.data, difference.data, width, height, { threshold: COLOUR_TOLERANCE });
  if (count <= width * height * MAX_PART) return undefined;
  const output = fileURLToPath(new URL('../output/screens/', import.meta.url));
  const file = `${output}${name.replaceAll('/', '-')}`;
  mkdirSync(output, { recursive: true });
  writeFileSync(`${file}.seen.png`, picture);
  writeFileSync(`${file}.difference.png`, PNG.sync.write(difference));
  return `${name} differs in ${count} pixels: compare test/screens/${name}.png with ${file}.seen.png.`;
}

/** The same for a text. */
export function compareTextWithKept(name: string, text: string): { readonly kept: string; readonly seen: string } {
  const path = `${SCREENS}${name}`;
  const seen = `${text.trim()}\n`;
  if (isUpdating) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, seen);
  }
  return { kept: existsSync(path) ? readFileSync(path, 'utf8') : '', seen };
}
