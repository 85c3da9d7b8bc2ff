import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chartSvg } from '../../bench/report/chart.ts';
import { resultsMarkdown, TemplateError } from '../../bench/report/markdown.ts';
import { scenarioTable, terminalTable } from '../../bench/report/table.ts';
import { targetStates } from '../../bench/report/targets.ts';
import type { BenchResult, Run } from '../../bench/result.ts';
import { disturbanceOf, MachineError, mergeResults, summariesOf } from '../../bench/result.ts';

const scenario = {
  name: 'one-room',
  title: 'One room & <1,000>',
  about: 'Fast.',
  peers: ['chat-room', 'bare', 'ws'],
  figures: [{ key: 'deliveriesPerSecond', title: 'deliveries', unit: '/s', better: 'more', digits: 0 }],
} as const;

const run = (peer: string, repetition: number, deliveriesPerSecond: number, reason?: string): Run => ({
  scenario: 'one-room',
  peer,
  repetition,
  commit: 'abc',
  figures: { deliveriesPerSecond },
  verdict: reason === undefined ? { type: 'valid' } : { type: 'invalid', reason },
});

const result: BenchResult = {
  date: '2026-11-23T08:00:00.000Z',
  command: 'npm run bench',
  effort: 'full',
  repetitions: 3,
  machine: { processor: 'A processor', cores: 2, memoryGiB: 24, system: 'Linux', node: 'v20' },
  peers: [
    { name: 'chat-room', title: 'chat-room', version: '1' },
    { name: 'django', title: 'Django', missing: 'apt-get install it' },
  ],
  scenarios: [scenario],
  runs: [
    run('chat-room', 1, 950),
    run('bare', 1, 1_000),
    run('chat-room', 2, 990),
    run('bare', 2, 5_000, 'the load needed 95 % of its core'),
    run('chat-room', 3, 900),
  ],
};

test('runs that do not count change no figure, and are named', () => {
  const [chatRoom, bare, ...others] = summariesOf(result, scenario);
  expect(chatRoom).toEqual({
    peer: 'chat-room',
    figures: { deliveriesPerSecond: { median: 950, min: 900, max: 990, runs: 3 } },
    valid: 3,
    invalid: [],
  });
  expect(bare?.figures).toEqual({ deliveriesPerSecond: { median: 1_000, min: 1_000, max: 1_000, runs: 1 } });
  expect(bare?.invalid).toEqual(['the load needed 95 % of its core']);
  expect(others).toEqual([]);
});

test('a table has a row for each peer that ran, with its ratios', () => {
  const table = scenarioTable(result, scenario);
  expect(table).toEqual([
    ['', 'deliveries, /s', '× bare', '× chat-room', 'runs'],
    ['chat-room', '950 (900–990)', '0.95', '1.00', '3'],
    ['bare', '1,000', '1.00', '1.05', '1, 1 invalid'],
  ]);
  expect(
    new Set(
      terminalTable(table)
        .split('\n')
        .map(({ length }) => length),
    ).size,
  ).toBe(1);
});

describe('results that were recorded before', () => {
  const storm = { ...scenario, name: 'storm' };
  const newer = {
    ...result,
    date: '2026-11-24T08:00:00.000Z',
    scenarios: [storm],
    runs: [{ ...run('ws', 1, 1), scenario: 'storm' }],
  };

  test('stay, but for the scenarios that ran again', () => {
    const merged = mergeResults(result, newer);
    expect(merged.scenarios.map(({ name }) => name)).toEqual(['storm', 'one-room']);
    expect(merged.runs).toHaveLength(1 + result.runs.length);
    expect(mergeResults(merged, newer).runs).toHaveLength(1 + result.runs.length);
    expect(mergeResults(result, { ...result, runs: [] }).runs).toEqual([]);
  });

  test('do not stay beside those of another machine', () => {
    const elsewhere = { ...newer, machine: { ...result.machine, cores: 64 } };
    expect(() => mergeResults(result, elsewhere)).toThrow(MachineError);
    expect(mergeResults(result, { ...elsewhere, scenarios: [scenario] }).machine.cores).toBe(64);
  });
});

test('a machine that did something else meanwhile is told of', () => {
  const disturbed = { ...run('bare', 1, 1), figures: { otherCpu: 1.5 } };
  expect(disturbanceOf({ runs: [run('bare', 1, 1)] })).toBeUndefined();
  expect(disturbanceOf({ runs: [run('bare', 1, 1), disturbed] })).toBe(1.5);
});

describe('targets', () => {
  test('one is reached or not by the ratio of the medians, and unknown where it was not measured', () => {
    const [rate, ...others] = targetStates(result);
    expect(rate).toMatchObject({ type: 'reached', measured: '0.95 of it' });
    expect(others.every(({ type }) => type === 'unknown')).toBe(true);
    const slower = { ...result, runs: [run('chat-room', 1, 890), run('bare', 1, 1_000)] };
    expect(targetStates(slower)[0]).toMatchObject({ type: 'missed', measured: '0.89 of it' });
  });
});

test('the chart is well-formed, holds a bar for each peer, and reads in the dark', () => {
  const svg = chartSvg(result);
  expect(svg).toContain('One room &amp; &lt;1,000&gt;');
  expect(svg.match(/class="bar[ "]/g)).toHaveLength(2);
  expect(svg).toContain('prefers-color-scheme: dark');
  const tags = svg.match(/<\/?[a-z]+[^>]*>/g) ?? [];
  const open: string[] = [];
  for (const tag of tags) {
    const name = /[a-z]+/.exec(tag)?.[0] ?? '';
    if (tag.startsWith('</')) expect(open.pop()).toBe(name);
    else if (!tag.endsWith('/>')) open.push(name);
  }
  expect(open).toEqual([]);
});

describe('RESULTS.md', () => {
  const template = readFileSync(new URL('../../bench/RESULTS.template.md', import.meta.url), 'utf8');

  test('is the template with everything filled in', () => {
    const markdown = resultsMarkdown(template, result);
    expect(markdown).not.toContain('{{');
    expect(markdown).toContain('| chat-room | 950 (900–990) | 0.95 | 1.00 | 3 |');
    expect(markdown).toContain('- invalid: bare: the load needed 95 % of its core');
    expect(markdown).toContain('not installed: apt-get install it');
  });

  test('is not made of a template that names what there is not, or leaves something out', () => {
    expect(() => resultsMarkdown(`${template}{{prices}}`, result)).toThrow(TemplateError);
    expect(() => resultsMarkdown('{{machine}}', result)).toThrow('no place for peers');
  });

  test('has no figure in its template: those come from a run', () => {
    expect(template).not.toMatch(/\d+(\.\d+)?\s*(ms|MiB|GiB|deliveries\/s)\b/);
  });
});
