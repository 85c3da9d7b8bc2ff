// Tables as rows of text, for the terminal and for Markdown.

import type { BenchResult, ScenarioNote } from '../result.ts';
import { LIMIT, ratioOf, SUBJECT, summariesOf } from '../result.ts';
import { plainNumber, plainRatio } from './numbers.ts';

/** The first row is the head. */
export type Table = readonly (readonly string[])[];

/** What holds on a busy machine too, and so has a ratio of its own. */
const CPU_KEY = 'serverCpuPerDeliveryUs';

/** What the runs of a scenario come to: a row for each peer, median (least–most) for each figure, ratios of the first one. */
export function scenarioTable(result: BenchResult, scenario: ScenarioNote): Table {
  const summaries = summariesOf(result, scenario);
  const figures = scenario.figures.filter(({ key }) => summaries.some(({ figures }) => key in figures));
  const [first] = figures;
  const hasCpu = figures.some(({ key }) => key === CPU_KEY && key !== first?.key);
  const head = [
    '',
    ...figures.map(({ title, unit }) => `${title}, ${unit}`),
    `× ${LIMIT}`,
    `× ${SUBJECT}`,
    ...(hasCpu ? [`server CPU × ${LIMIT}`] : []),
    'runs',
  ];
  const rows = summaries.map((summary) => [
    summary.peer,
    ...figures.map(({ key, digits }) => {
      const spread = summary.figures[key];
      if (spread === undefined) return '–';
      const [median, min, max] = [spread.median, spread.min, spread.max].map((value) => plainNumber(value, digits));
      return spread.runs === 1 || key !== first?.key ? `${median}` : `${median} (${min}–${max})`;
    }),
    plainRatio(first && ratioOf(summaries, first.key, summary.peer, LIMIT)),
    plainRatio(first && ratioOf(summaries, first.key, summary.peer, SUBJECT)),
    ...(hasCpu ? [plainRatio(ratioOf(summaries, CPU_KEY, summary.peer, LIMIT))] : []),
    summary.invalid.length === 0 ? `${summary.valid}` : `${summary.valid}, ${summary.invalid.length} invalid`,
  ]);
  return [head, ...rows];
}

/** Why runs of a scenario do not count, a line each. */
export function invalidLines(result: BenchResult, scenario: ScenarioNote): readonly string[] {
  return summariesOf(result, scenario).flatMap(({ peer, invalid }) =>
    [...new Set(invalid)].map((reason) => `invalid: ${peer}: ${reason}`),
  );
}

/** Columns one under the other; the first to the left, numbers to the right. */
export function terminalTable(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** Whether a cell stands better to the right. */
function isNumeric(cell: string | undefined): boolean {
  return cell !== undefined && /^[–\d]/.test(cell);
}

export function markdownTable([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, column) => (rows.every((row) => isNumeric(row[column])) ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}
