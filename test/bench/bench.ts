import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BenchOptions } from './command-line.ts';
import { PEERS } from './peers/peers.ts';
import { BENCH, OUTPUT, ROOT } from './places.ts';
import { chartSvg } from './report/chart.ts';
import { resultsMarkdown } from './report/markdown.ts';
import { plainNumber } from './report/numbers.ts';
import { invalidLines, scenarioTable, terminalTable } from './report/table.ts';
import type { TargetState } from './report/targets.ts';
import { targetStates } from './report/targets.ts';
import { type BenchResult, disturbanceOf, mergeResults, type Run } from './result.ts';
import { type Part, runBench } from './run-bench.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

/** Measures what the options name, shows it, and writes it down. */
export async function bench(options: BenchOptions, args: string): Promise<void> {
  const parts = partsOf(options);
  const peers = PEERS.filter(({ name }) => parts.some((part) => part.peers.includes(name)));
  const plan = {
    command: `npm run bench${args === '' ? '' : ` -- ${args}`}`,
    effort: options.effort,
    repetitions: options.repetitions,
    parts,
    peers,
  };
  const result = await runBench(plan, { started: showStart, ran: showRun, finished: showScenario });
  for (const state of targetStates(result)) showTarget(state);
  showDisturbance(disturbanceOf(result));
  writeFiles(result, options.write);
}

/** Which scenarios run, each with whom. What was not chosen by name is chosen by the effort. */
function partsOf({ effort, scenarios, peers }: BenchOptions): readonly Part[] {
  const isQuick = effort === 'quick' && scenarios.length === 0 && peers.length === 0;
  return SCENARIOS.filter(({ name }) => scenarios.length === 0 || scenarios.includes(name))
    .map((scenario) => ({
      scenario,
      peers: (isQuick ? scenario.quickPeers : scenario.peers).filter((name) => peers.length === 0 || peers.includes(name)),
    }))
    .filter((part) => part.peers.length > 0);
}

function showTarget(state: TargetState): void {
  if (state.type !== 'unknown') console.log(`${state.type.padEnd(8)} ${state.title}: ${state.measured} (${state.wanted})`);
}

function showDisturbance(cores: number | undefined): void {
  if (cores === undefined) return;
  console.log(
    `Note: other programs had up to ${plainNumber(cores, 1)} cores meanwhile. Only processor time per delivery can be trusted.`,
  );
}

function showStart({ machine, peers }: BenchResult): void {
  console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`);
  if (machine.shared !== undefined) console.log(`Note: ${machine.shared}.`);
  for (const { name, missing } of peers) if (missing !== undefined) console.log(`${name}: not installed: ${missing}`);
}

function showRun({ peer, repetition, figures, verdict }: Run, { name, figures: [first] }: Scenario): void {
  const value = first && figures[first.key];
  const shown = value === undefined ? '' : ` ${plainNumber(value, first?.digits ?? 0)} ${first?.unit}`;
  console.log(`  ${name} ${repetition}: ${peer}${shown}${verdict.type === 'valid' ? '' : ` INVALID: ${verdict.reason}`}`);
}

function showScenario({ name, title }: Scenario, result: BenchResult): void {
  const note = result.scenarios.find((scenario) => scenario.name === name);
  if (!note) return;
  console.log(`\n${title}\n${terminalTable(scenarioTable(result, note))}`);
  for (const line of invalidLines(result, note)) console.log(line);
  console.log();
}

function writeFiles(result: BenchResult, isCommitted: boolean): void {
  const name = result.date.replaceAll(':', '-').slice(0, 19);
  write(OUTPUT, { [`${name}.json`]: jsonOf(result), [`${name}.svg`]: chartSvg(result) });
  if (!isCommitted) return;
  const whole = inOrder(withCommitted(result));
  const template = readFileSync(join(BENCH, 'RESULTS.template.md'), 'utf8');
  write(BENCH, { 'results.json': jsonOf(whole), 'results.svg': chartSvg(whole), 'RESULTS.md': resultsMarkdown(template, whole) });
}

/** A result with the committed ones of scenarios that did not run. */
function withCommitted(result: BenchResult): BenchResult {
  const path = join(BENCH, 'results.json');
  return existsSync(path) ? mergeResults(JSON.parse(readFileSync(path, 'utf8')) as BenchResult, result) : result;
}

function inOrder(result: BenchResult): BenchResult {
  const place = (list: readonly { readonly name: string }[], name: string): number =>
    list.findIndex((item) => item.name === name);
  return {
    ...result,
    peers: result.peers.toSorted((a, b) => place(PEERS, a.name) - place(PEERS, b.name)),
    scenarios: result.scenarios.toSorted((a, b) => place(SCENARIOS, a.name) - place(SCENARIOS, b.name)),
  };
}

function jsonOf(result: BenchResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    writeFileSync(path, content);
    console.log(`Written: ${relative(ROOT, path)}`);
  }
}
