// `npm test`: runs every test; `npm test -- unit firefox` runs some suites. The last line is the total of all runners.
// A skipped test counts as a failure: what it needs is either installed or said to be missing before anything runs.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startTestRunner } from '@web/test-runner';
import { build } from './build.js';
import { ensureSystemTools } from './system-tools.js';
import { isMain, ROOT, runTool } from './tool.js';

/** @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Totals */
/** @typedef {import('@web/test-runner').TestSuiteResult} SuiteResult */

/** Suites that are projects of vitest. */
const NODE_SUITES = ['unit', 'conformance', 'frameworks', 'e2e'];
/** Suites that run in a browser, by the configuration of web-test-runner they use. */
const BROWSER_SUITES = {
  chromium: 'test/web-test-runner.config.js',
  firefox: 'test/web-test-runner.firefox.config.js',
  webkit: 'test/web-test-runner.webkit.config.js',
};
const VITEST_REPORT = 'test/output/vitest.json';

/** @param {readonly string[]} suites @returns {Promise<Totals>} */
async function runSuites(suites) {
  /** @type {Totals[]} */
  const totals = [];
  const projects = NODE_SUITES.filter((suite) => suites.includes(suite));
  if (projects.length > 0) totals.push(await runVitest(projects));
  for (const [suite, config] of Object.entries(BROWSER_SUITES)) {
    if (suites.includes(suite)) totals.push(await runBrowser(config));
  }
  return totals.reduce(add);
}

/** The suites that were asked for; all where none was. @param {readonly string[]} asked */
function chooseSuites(asked) {
  const suites = [...NODE_SUITES, ...Object.keys(BROWSER_SUITES)];
  const unknown = asked.find((suite) => !suites.includes(suite));
  if (unknown !== undefined) throw new Error(`There is no suite "${unknown}": the suites are ${suites.join(', ')}.`);
  return asked.length === 0 ? suites : asked;
}

/** @param {readonly string[]} projects @returns {Promise<Totals>} */
async function runVitest(projects) {
  const report = join(ROOT, VITEST_REPORT);
  rmSync(report, { force: true });
  mkdirSync(dirname(report), { recursive: true });
  const { ok } = await runTool('vitest', [
    'run',
    '--config=test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...projects.map((project) => `--project=${project}`),
  ]);
  const totals = readVitestReport(report);
  // A file that does not load, or an error outside any test, fails the run without failing a test.
  return ok || totals.failed > 0 ? totals : { ...totals, failed: 1 };
}

/** @param {string} path @returns {Totals} */
function readVitestReport(path) {
  /** @type {{ testResults: { assertionResults: { status: string, fullName: string }[] }[] }} */
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length,
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName),
  };
}

/** @param {string} config @returns {Promise<Totals>} */
async function runBrowser(config) {
  const runner = await startTestRunner({ argv: ['--config', config], autoExitProcess: false });
  if (runner === undefined) throw new Error(`The browser tests of ${config} did not start, for the reason above.`);
  const passed = await new Promise((settle) => runner.on('stopped', settle));
  const sessions = [...runner.sessions.all()];
  const totals = sessions.map(({ testResults }) => totalsOf(testResults)).reduce(add, { passed: 0, failed: 0, skipped: [] });
  return passed || totals.failed > 0 ? totals : { ...totals, failed: 1 };
}

/** @param {SuiteResult | undefined} suite @returns {Totals} */
function totalsOf(suite) {
  const tests = suite?.tests ?? [];
  const own = {
    passed: tests.filter((test) => test.passed && !test.skipped).length,
    failed: tests.filter((test) => !test.passed && !test.skipped).length,
    skipped: tests.filter((test) => test.skipped).map((test) => test.name),
  };
  return (suite?.suites ?? []).map(totalsOf).reduce(add, own);
}

/** @param {Totals} a @param {Totals} b @returns {Totals} */
function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}

if (isMain(import.meta.url)) {
  try {
    const suites = chooseSuites(process.argv.slice(2));
    await ensureSystemTools();
    await build();
    const { passed, failed, skipped } = await runSuites(suites);
    for (const name of skipped) console.log(`Skipped, which counts as failed: ${name}`);
    const failures = failed + skipped.length;
    console.log(`\n${passed} passed, ${failures} failed`);
    process.exit(failures === 0 && passed > 0 ? 0 : 1);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
