// `npm run check`: everything that can be known without running the code. All steps run, each prints one line, and a
// failed one says what is wrong and what to do.
import { build } from './build.js';
import { findWrongImports } from './check-imports.js';
import { findLongFiles } from './check-lengths.js';
import { findPackageFaults } from './check-packages.js';
import { findUnprovenRules } from './check-rules.js';
import { findWrongSizes } from './check-sizes.js';
import { runTool } from './tool.js';

/**
 * `find` returns what is wrong, in sentences or a tool's own output; nothing where all is well.
 * @typedef {{ name: string, find: () => readonly string[] | Promise<readonly string[]>, advice: string }} Step
 */

/** @type {readonly Step[]} */
const STEPS = [
  {
    name: 'format and lint',
    find: () => complaintsOf('biome', ['check', '--error-on-warnings']),
    advice: '"npm run format" mends what can be mended by itself.',
  },
  {
    name: 'types',
    find: () => complaintsOf('tsc', ['-b', '--pretty', 'false']),
    advice: 'Mend the types; a cast needs a reason beside it.',
  },
  { name: 'build', find: buildProblems, advice: 'The steps below read what was built.' },
  { name: 'import direction', find: findWrongImports, advice: 'The rules and their reasons are in scripts/check-imports.js.' },
  { name: 'file length', find: findLongFiles, advice: 'Give the second subject of the file a file of its own.' },
  { name: 'protocol rules', find: findUnprovenRules, advice: 'Name the rule in the title of the test that proves it.' },
  { name: 'packages', find: findPackageFaults, advice: 'publint explains each at https://publint.dev/rules.' },
  {
    name: 'unused code',
    find: () => complaintsOf('knip', ['--no-progress']),
    advice: 'Remove it; what is not used is not tested either.',
  },
  { name: 'sizes', find: findWrongSizes, advice: '"node scripts/check-sizes.js --write" records them, if they are meant.' },
];

let failures = 0;
for (const { name, find, advice } of STEPS) {
  const start = performance.now();
  const problems = await find();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (problems.length === 0) continue;
  failures++;
  console.log([...problems, advice].map((line) => line.replace(/^/gm, '     ')).join('\n'));
}
if (failures > 0) {
  console.log(`${failures} of ${STEPS.length} checks failed.`);
  process.exitCode = 1;
}

/** @param {Parameters<typeof runTool>[0]} tool @param {readonly string[]} args */
async function complaintsOf(tool, args) {
  const { ok, output } = await runTool(tool, args, { quiet: true });
  return ok ? [] : [output.trim()];
}

async function buildProblems() {
  try {
    await build();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
