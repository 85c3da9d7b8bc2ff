// Every rule of PROTOCOL.md has a test that names it, and no test names a rule that is not there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.js';
import { parse, testTitlesOf } from './syntax.js';
import { ROOT } from './tool.js';

/** One sentence per rule without a test, and per test without its rule. @returns {string[]} */
export function findUnprovenRules() {
  const titles = sourceFiles('test')
    .filter((path) => /\.(ts|js)$/.test(path))
    .flatMap((path) => testTitlesOf(parse(path)).map((title) => ({ path, title })));
  return unproven(readFileSync(join(ROOT, 'sdk/PROTOCOL.md'), 'utf8'), titles);
}

/** @param {string} specification @param {readonly { path: string, title: string }[]} titles @returns {string[]} */
export function unproven(specification, titles) {
  const rules = new Set([...specification.matchAll(/\*\*([A-Z]{3}\d+)\*\*/g)].map(([, rule]) => rule));
  const named = titles.flatMap(({ path, title }) => rulesIn(title).map((rule) => ({ path, rule })));
  const proven = new Set(named.map(({ rule }) => rule));
  return [
    ...[...rules].filter((rule) => !proven.has(rule ?? '')).map((rule) => `${rule} has no test that names it as [${rule}].`),
    ...named
      .filter(({ rule }) => !rules.has(rule))
      .map(({ path, rule }) => `${path} names [${rule}], which PROTOCOL.md does not have.`),
  ];
}

/** `[PUB1]`, and `[PUB1, PUB2]`. @param {string} title @returns {string[]} */
function rulesIn(title) {
  return [...title.matchAll(/\[([A-Z]{3}\d+(?:, ?[A-Z]{3}\d+)*)\]/g)].flatMap(([, list]) => (list ?? '').split(/, ?/));
}
