import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeManifest } from '../../../scripts/make-manifest.js';
import { ROOT } from '../../../scripts/tool.js';

test.each(Object.entries(makeManifest()))('%s is what scripts/make-manifest.js makes of the sources', (path, text) => {
  expect(readFileSync(join(ROOT, path), 'utf8'), 'run: node scripts/make-manifest.js').toBe(text);
});
