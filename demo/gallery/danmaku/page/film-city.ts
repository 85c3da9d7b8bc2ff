// The town in the film: three rows of houses, the nearer the faster. Each is drawn once for a size of the page, and shifted from then
// on; its reflection is the same picture upside down.
import { chance } from './chance.ts';

type Context = CanvasRenderingContext2D;

const TILE = { width: 960, height: 240 } as const;
/** Where the houses stand and the water begins. */
export const HORIZON = 352;

/** `rounds`: how often a row passes by in a round of the film; a whole number, so that the end leads into the beginning. */
const ROWS = [
  { colour: '#3a2f66', window: '#e6a07c', lit: 0.16, houses: 46, low: 40, high: 150, rounds: 1 },
  { colour: '#221f4d', window: '#ffc078', lit: 0.24, houses: 34, low: 30, high: 118, rounds: 2 },
  { colour: '#0d1130', window: '#ffd991', lit: 0.34, houses: 26, low: 14, high: 74, rounds: 3 },
] as const;

type Row = (typeof ROWS)[number];

const pictures = new Map<string, HTMLCanvasElement>();

export function drawCity(context: Context, round: number, scale: number): void {
  for (const [number, row] of ROWS.entries()) {
    const picture = pictureOf(row, number, scale);
    const shift = (round * row.rounds * TILE.width) % TILE.width;
    for (const x of [-shift, TILE.width - shift]) {
      context.drawImage(picture, x, HORIZON - TILE.height, TILE.width + 0.5, TILE.height);
      context.save();
      context.translate(x, HORIZON);
      context.scale(1, -0.62);
      context.drawImage(picture, 0, -TILE.height, TILE.width + 0.5, TILE.height);
      context.restore();
    }
  }
}

function pictureOf(row: Row, number: number, scale: number): HTMLCanvasElement {
  const key = `${number} ${scale}`;
  const known = pictures.get(key);
  if (known) return known;
  if (pictures.size >= ROWS.length) pictures.clear(); // the page has another size now
  const picture = document.createElement('canvas');
  picture.width = Math.ceil(TILE.width * scale);
  picture.height = Math.ceil(TILE.height * scale);
  const context = picture.getContext('2d');
  context?.scale(scale, scale);
  for (let house = 0; context && house < row.houses; house++) drawHouse(context, row, number * 100 + house, house);
  pictures.set(key, picture);
  return picture;
}

function drawHouse(context: Context, row: Row, seed: number, house: number): void {
  const wide = (TILE.width / row.houses) * (0.7 + chance(seed, 31) * 0.6);
  const tall = row.low + (row.high - row.low) * chance(seed, 32) ** 1.8;
  const x = Math.min(TILE.width - wide, (house / row.houses) * TILE.width);
  const top = TILE.height - tall;
  context.fillStyle = row.colour;
  context.fillRect(x, top, wide, tall);
  if (chance(seed, 33) > 0.72) context.fillRect(x + wide / 2 - 1, top - 14, 2, 14);
  context.fillStyle = row.window;
  for (let left = x + 4; left < x + wide - 5; left += 7) {
    for (let y = top + 5; y < TILE.height - 6; y += 8) {
      const luck = chance(Math.round(left * 13 + y * 7) + seed * 1_009, 34);
      if (luck > row.lit) continue;
      context.globalAlpha = 0.45 + 2 * luck;
      context.fillRect(left, y, 3, 4);
    }
  }
  context.globalAlpha = 1;
}
