import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../tool.js';

/**
 * The picture of a tile: one of the page's own, where what moves in it is hidden in those that the tests compare it with.
 * @param {string} name @param {string} scheme `light` or `dark`
 */
export function previewOf(name, scheme) {
  const paths = [`demo/gallery/${name}/preview-${scheme}.png`, `test/screens/gallery/${name}-${scheme}.png`];
  return paths.find((path) => existsSync(join(ROOT, path)));
}
