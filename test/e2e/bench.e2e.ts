// The bench itself, small: that it starts what it measures, checks what came, and writes down what a person and a program can read.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BenchResult } from '../bench/result.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function bench(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/run-typescript.js'), 'test/bench/main.ts', ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('a tiny run of one room and a storm', () => {
  let ended: Ended;
  let result: BenchResult;
  let svg: string;

  beforeAll(async () => {
    ended = await bench('one-room', 'storm', '--tiny', '--peers', 'chat-room,bare', '--repeat', '1');
    const path = (kind: string): string =>
      join(ROOT, new RegExp(`Written: (\\S+\\.${kind})`).exec(ended.output)?.[1] ?? 'nothing');
    result = JSON.parse(readFileSync(path('json'), 'utf8')) as BenchResult;
    svg = readFileSync(path('svg'), 'utf8');
    for (const kind of ['json', 'svg']) rmSync(path(kind));
  });

  test('every scenario ran with every peer', () => {
    expect(ended.code).toBe(0);
    expect(result.runs.map(({ scenario, peer }) => `${scenario} ${peer}`)).toEqual([
      'one-room chat-room',
      'one-room bare',
      'storm chat-room',
      'storm bare',
    ]);
  });

  test('[P4] deliveries are members × publishes, also for those who had lost their sockets', () => {
    const [, , storm, bareStorm] = result.runs;
    const reasons = result.runs.flatMap(({ verdict }) => (verdict.type === 'invalid' ? [verdict.reason] : []));
    expect(reasons.filter((reason) => !isStarved(reason))).toEqual([]);
    expect(storm?.figures['deliveredShare']).toBe(100);
    // The bare broadcast keeps nothing: had the sockets not been lost, it would have delivered all as well.
    expect(bareStorm?.figures['deliveredShare']).toBeLessThan(100);
  });

  test('what was measured is shown, and drawn', () => {
    expect(ended.output).toContain('One room of 1,000');
    expect(ended.output).toMatch(/chat-room .*\d/);
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});

/** A machine that is busy with other tests may starve server or load; nothing else may go wrong, a wrong count least of all. */
const isStarved = (reason: string): boolean => /^(the load needed|nothing was delivered while)/.test(reason);

test('a wrong argument is one sentence, and ends with 2', async () => {
  const { code, output } = await bench('--peers', 'nobody');
  expect(code).toBe(2);
  expect(output).toMatch(/^There is no peer "nobody": there are .*\.\n$/);
});
