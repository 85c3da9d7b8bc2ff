// What a screen shows of the arena: all of it, or enough to play in around one's player.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../demo/gallery/game/page/view.ts';
import { ARENA } from '../../../demo/gallery/game/world.ts';

describe('the view', () => {
  test('is of the whole arena where there is room', () => {
    expect(viewOf(ARENA.width, ARENA.height, { x: 0, y: 0 })).toEqual({ x: 0, y: 0, scale: 1 });
    expect(viewOf(640, 400)).toEqual({ x: 0, y: 0, scale: 0.5 });
  });

  test('follows the player on a small screen, shows nothing beyond the arena, and nobody too small to be seen', () => {
    const place = fc.record({ x: fc.integer({ min: 0, max: ARENA.width }), y: fc.integer({ min: 0, max: ARENA.height }) });
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 639 }), fc.integer({ min: 160, max: 900 }), place, (width, height, you) => {
        const { x, y, scale } = viewOf(width, height, you);
        expect(scale).toBeGreaterThanOrEqual(0.7);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + width / scale).toBeLessThanOrEqual(ARENA.width + 0.001);
        expect(y + height / scale).toBeLessThanOrEqual(ARENA.height + 0.001);
        expect(you.x).toBeGreaterThanOrEqual(x);
        expect(you.x).toBeLessThanOrEqual(x + width / scale + 0.001);
        expect(you.y).toBeGreaterThanOrEqual(y);
        expect(you.y).toBeLessThanOrEqual(y + height / scale + 0.001);
      }),
    );
  });
});
