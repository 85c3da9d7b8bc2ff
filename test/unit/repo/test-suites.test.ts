import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';

test('npm test runs every project that vitest knows: none is left out in silence', () => {
  const script = readFileSync(fileURLToPath(new URL('../../../scripts/test.js', import.meta.url)), 'utf8');
  const projects = (config.test?.projects ?? []).map((project) => (project as { test: { name: string } }).test.name);
  expect(script).toContain(`NODE_SUITES = [${projects.map((name) => `'${name}'`).join(', ')}]`);
});
