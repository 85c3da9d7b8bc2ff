// Which part of the arena a screen shows: all of it, or, where that would be too small to play in, what is around one's player.
import { ARENA } from '../world.ts';

export interface View {
  /** The upper left corner, in the arena's units. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the screen for one unit of the arena. */
  readonly scale: number;
}

/** From this width on the whole arena is shown, in pixels. */
const WHOLE_PX = 640;
/** On what is narrower: so many pixels for one unit. */
const NEAR_SCALE = 0.7;

/** Of a screen so many pixels wide and high. Without a player the middle is shown; nothing beyond the arena ever is. */
export function viewOf(width: number, height: number, you?: { readonly x: number; readonly y: number }): View {
  const whole = Math.min(width / ARENA.width, height / ARENA.height);
  if (width >= WHOLE_PX) return { x: 0, y: 0, scale: whole };
  const scale = Math.max(NEAR_SCALE, width / ARENA.width, height / ARENA.height);
  const along = (at: number, seen: number, size: number): number => Math.max(0, Math.min(at - seen / 2, size - seen));
  return {
    x: along(you?.x ?? ARENA.width / 2, width / scale, ARENA.width),
    y: along(you?.y ?? ARENA.height / 2, height / scale, ARENA.height),
    scale,
  };
}
