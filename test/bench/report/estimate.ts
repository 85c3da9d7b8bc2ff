// What very many connections and rooms would need, on paper: the slopes that were measured, drawn on.

import type { BenchResult } from '../result.ts';
import { SUBJECT, summariesOf } from '../result.ts';
import { plainNumber } from './numbers.ts';
import type { Table } from './table.ts';

const CONNECTIONS = 1_000_000;
const ROOMS = 10_000_000;
const GIB = 2 ** 30;

/** Memory of a million connections and of ten million rooms; undefined where the slopes were not measured. */
export function estimateTable(result: BenchResult): Table | undefined {
  const connection = subjectMedian(result, 'idle', 'bytesPerConnection');
  const room = subjectMedian(result, 'cost-rooms', 'bytesPerRoom');
  if (connection === undefined || room === undefined) return undefined;
  const row = (what: string, count: number, bytes: number): readonly string[] => [
    `${plainNumber(count, 0)} ${what}`,
    `${plainNumber(bytes, 0)} B`,
    `${plainNumber((count * bytes) / GIB, 1)} GiB`,
  ];
  return [
    ['', 'each', 'in all'],
    row('idle connections, joined', CONNECTIONS, connection),
    row('rooms in use, with 10 members here', ROOMS, room),
  ];
}

function subjectMedian(result: BenchResult, scenario: string, key: string): number | undefined {
  const note = result.scenarios.find(({ name }) => name === scenario);
  return note && summariesOf(result, note).find(({ peer }) => peer === SUBJECT)?.figures[key]?.median;
}
