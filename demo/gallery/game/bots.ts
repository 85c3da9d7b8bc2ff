// Somebody to play with for whoever is alone: goes to the nearest gem. Pure.
import type { Input, Player, World } from './world.ts';

export function botInput(world: World, { id, body, sequence }: Player): Input {
  let [x, y, nearest] = [0, 0, Number.POSITIVE_INFINITY];
  for (const gem of world.gems) {
    // Two bots that stand together do not want the same gem.
    const away = Math.hypot(gem.x - body.x, gem.y - body.y) * (1 + ((id * 31 + gem.x * 7 + gem.y) % 13) / 13);
    if (away < nearest) [x, y, nearest] = [gem.x - body.x, gem.y - body.y, away];
  }
  const length = Math.max(1, Math.hypot(x, y));
  // Slower than people can be: it should be fun to win.
  return {
    sequence: sequence + 1,
    x: Math.round((x / length) * 76),
    y: Math.round((y / length) * 76),
    dashes: world.tick % 97 === id % 97,
  };
}
