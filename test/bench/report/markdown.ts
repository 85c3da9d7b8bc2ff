// RESULTS.md: a template of prose, and everything with a number in it from a result.

import type { BenchResult } from '../result.ts';
import { disturbanceOf } from '../result.ts';
import { estimateTable } from './estimate.ts';
import { plainNumber } from './numbers.ts';
import type { Table } from './table.ts';
import { invalidLines, markdownTable, scenarioTable } from './table.ts';
import type { TargetState } from './targets.ts';
import { targetStates } from './targets.ts';

/** A template names something that there is not, or leaves out what there is. */
export class TemplateError extends Error {
  readonly code = 'bad_template';
}

/** Fills a template: each `{{name}}` by what it stands for. Throws a TemplateError. */
export function resultsMarkdown(template: string, result: BenchResult): string {
  const parts: Readonly<Record<string, string>> = {
    machine: markdownTable(machineTable(result)),
    peers: markdownTable(peerTable(result)),
    targets: markdownTable(targetTable(targetStates(result))),
    scenarios: result.scenarios.map((scenario) => scenarioMarkdown(result, scenario)).join('\n\n'),
    estimate: estimateMarkdown(estimateTable(result)),
  };
  const unused = new Set(Object.keys(parts));
  const filled = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    unused.delete(name);
    const part = parts[name];
    if (part === undefined) throw new TemplateError(`The template names "${name}", which is no part of a result.`);
    return part;
  });
  if (unused.size > 0) throw new TemplateError(`The template has no place for ${[...unused].join(', ')}.`);
  return filled;
}

function machineTable(result: BenchResult): Table {
  const { machine, date, command, repetitions, runs } = result;
  const disturbance = disturbanceOf(result);
  return [
    ['', ''],
    ['measured', date.slice(0, 16).replace('T', ' ')],
    ['commit', [...new Set(runs.map(({ commit }) => commit))].join(', ')],
    ['command', `\`${command}\``],
    ['runs of each', `${repetitions}, interleaved`],
    ['processor', `${machine.processor}, ${machine.cores} cores`],
    ['memory', `${machine.memoryGiB} GiB`],
    ['system', machine.system],
    ['Node', machine.node],
    ['cores', machine.shared ?? 'servers on the first, load on the second'],
    [
      'other programs',
      disturbance === undefined ? 'next to nothing' : `up to ${plainNumber(disturbance, 1)} cores: trust server CPU only`,
    ],
  ];
}

function peerTable({ peers }: BenchResult): Table {
  const rows = peers.map(({ name, title, version, missing }) => [
    name,
    title,
    missing === undefined ? (version ?? '') : `not installed: ${missing}`,
  ]);
  return [['name', 'what it is', 'version'], ...rows];
}

function targetTable(states: readonly TargetState[]): Table {
  const verdicts = { reached: '**reached**', missed: '**not reached**', unknown: 'not measured' } as const;
  return [
    ['', 'target', 'measured', ''],
    ...states.map((state) => [state.title, state.wanted, state.type === 'unknown' ? '–' : state.measured, verdicts[state.type]]),
  ];
}

function scenarioMarkdown(result: BenchResult, scenario: BenchResult['scenarios'][number]): string {
  const invalid = invalidLines(result, scenario).map((line) => `- ${line}`);
  return [
    `### ${scenario.title}`,
    scenario.about,
    markdownTable(scenarioTable(result, scenario)),
    ...(invalid.length > 0 ? [invalid.join('\n')] : []),
  ].join('\n\n');
}

function estimateMarkdown(table: Table | undefined): string {
  return table ? markdownTable(table) : 'Not measured in this run.';
}
