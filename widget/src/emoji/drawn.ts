// Which emoji this system can draw. Systems get new emoji a version at a time: one of each tells of all.
import type { Emoji, GroupKey } from './catalogue.ts';
import { emojiOf } from './catalogue.ts';

const SAMPLES: readonly (readonly [version: number, emoji: string])[] = [
  [17, '🫪'],
  [16, '🫩'],
  [15, '🫨'],
  [14, '🫠'],
  [13, '🥲'],
];
const OLDEST = 12;

export interface Drawn {
  /** The newest version of Emoji that is drawn. */
  readonly version: number;
  /** False where the flags of countries are shown as letters. */
  readonly flags: boolean;
}

/** `isDrawn` says whether an emoji comes out as a picture. Where none does, nothing can be told, and all are taken to. */
export function findDrawn(isDrawn: (emoji: string) => boolean = isColoured()): Drawn {
  if (!isDrawn('😀')) return { version: Number.POSITIVE_INFINITY, flags: true };
  return { version: SAMPLES.find(([, emoji]) => isDrawn(emoji))?.[0] ?? OLDEST, flags: isDrawn('🇺🇳') };
}

/** The emoji of a group that are drawn. */
export function drawnOf(key: GroupKey, { version: newest, flags }: Drawn): readonly Emoji[] {
  return emojiOf(key).filter(({ version, place }) => version <= newest && (flags || place !== undefined));
}

const SIZE_PX = 20;

/** Draws in black: what has colours is no letter and no box. */
function isColoured(): (emoji: string) => boolean {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE_PX;
  canvas.height = SIZE_PX;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (emoji) => {
    if (context === null) return false;
    context.clearRect(0, 0, SIZE_PX, SIZE_PX);
    context.textBaseline = 'top';
    context.font = `${SIZE_PX - 4}px sans-serif`;
    context.fillText(emoji, 0, 2);
    const { data } = context.getImageData(0, 0, SIZE_PX, SIZE_PX);
    return data.some((value, place) => place % 4 < 3 && value !== data[place - (place % 4)]);
  };
}
