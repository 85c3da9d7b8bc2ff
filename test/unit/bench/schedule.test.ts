import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Schedule } from '../../bench/load/schedule.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const runFor = (ms: number, perSecond: number, minTickMs: number): number[] => {
  const due: number[] = [];
  const schedule = new Schedule(perSecond, minTickMs * 1_000, (dueUs) => due.push(Math.round(dueUs)));
  schedule.start();
  vi.advanceTimersByTime(ms);
  schedule.stop();
  vi.advanceTimersByTime(1_000);
  return due;
};

const distances = (due: readonly number[]): ReadonlySet<number> =>
  new Set(due.slice(1).map((each, index) => each - (due[index] ?? 0)));

test('each is due as long after the one before as the rate says, whatever the timers do', () => {
  const due = runFor(1_000, 50, 5);
  expect(due.length).toBeGreaterThanOrEqual(49);
  expect(distances(due)).toEqual(new Set([20_000]));
});

test('what is due within a tick goes out together, and none is left out', () => {
  const due = runFor(1_000, 500, 5);
  expect(distances(due)).toEqual(new Set([0, 5_000]));
  const ticks = new Set(due).size;
  expect(due).toHaveLength(Math.floor(ticks * 2.5));
});
