// The small parts of the load: who is in which room, how much is under way, what came in which order, and whether a run counts.

import { describe, expect, test } from 'vitest';
import { payloadTemplate } from '../../bench/load/payload.ts';
import type { Shape } from '../../bench/load/shape.ts';
import { firstMembers, membersOf, roomsOf } from '../../bench/load/shape.ts';
import { Tally } from '../../bench/load/tally.ts';
import { Window } from '../../bench/load/window.ts';
import { spreadOf } from '../../bench/statistics.ts';
import { verdictOf } from '../../bench/verdict.ts';

describe('shape', () => {
  test.each<Shape>([
    { type: 'blocks', connections: 1_000, rooms: 100 },
    { type: 'blocks', connections: 10, rooms: 3 },
    { type: 'fanOut', connections: 10, rooms: 100, members: 5 },
    { type: 'fanOut', connections: 100, rooms: 3, members: 10 },
  ])('members are as many as joined, and the first of them is one of them ($type, $rooms rooms)', (shape) => {
    const joined = new Int32Array(shape.rooms);
    for (let index = 0; index < shape.connections; index += 1)
      for (const room of roomsOf(shape, index)) joined[room] = (joined[room] ?? 0) + 1;
    expect(membersOf(shape)).toEqual(joined);
    for (const [room, first] of firstMembers(shape).entries()) expect(roomsOf(shape, first)).toContain(room);
  });
});

test('a window lets as many out as it has room for, and one more for each that came back', () => {
  const window = new Window(2);
  expect([window.take(), window.take(), window.take()]).toEqual([true, true, false]);
  window.give();
  expect([window.take(), window.take()]).toEqual([true, false]);
  for (let count = 0; count < 5; count += 1) window.give();
  expect([window.take(), window.take(), window.take()]).toEqual([true, true, false]);
});

describe('tally', () => {
  const marker = (sequence: number): Buffer =>
    Buffer.from(
      payloadTemplate(0).replace('%t', '0'.repeat(13)).replace('%i', '00000').replace('%s', String(sequence).padStart(9, '0')),
    );
  const tallyOf = (...seen: readonly (readonly number[])[]): Tally => {
    const tally = new Tally(seen.length);
    for (const [connection, sequences] of seen.entries())
      for (const sequence of sequences) tally.add(connection, marker(sequence), 0);
    return tally;
  };

  test('members who saw the same in the same order differ in nothing', () => {
    expect(tallyOf([1, 2, 3], [1, 2, 3]).orderFaults([0, 1])).toBe(0);
  });

  test.each([
    ['swapped', [1, 3, 2]],
    ['lost', [1, 2]],
    ['doubled', [1, 2, 2, 3]],
    ['lost and doubled', [1, 2, 2]],
  ])('one that was %s is a fault', (_, sequences) => {
    expect(tallyOf([1, 2, 3], sequences).orderFaults([0, 1])).toBe(1);
  });
});

describe('verdict', () => {
  const good = { loadCpu: 0.5, expected: 1_000, seen: 1_000 };

  test('a run that lacks nothing counts', () => {
    expect(verdictOf({ ...good, loadCpu: 0.9, orderFaults: 0, lostConnections: 0, failedJoins: 0 })).toEqual({ type: 'valid' });
  });

  test.each([
    ['a load above 90 % of its core', { loadCpu: 0.91 }, '91 % of its core'],
    ['a delivery that is missing', { seen: 999 }, '999 deliveries came, and members × publishes is 1000'],
    ['a delivery too many', { seen: 1_001 }, '1001 deliveries'],
    ['another order', { orderFaults: 1 }, 'another order'],
    ['a connection that was lost', { lostConnections: 1 }, 'were lost'],
    ['a connection that could not join', { failedJoins: 1 }, 'could not join'],
    ['a rate that was not held', { latenessMs: 21 }, '21 ms late'],
    ['nothing measured', { deliveries: 0 }, 'nothing was delivered'],
  ])('%s makes a run invalid', (_, fault, reason) => {
    expect(verdictOf({ ...good, ...fault })).toEqual({ type: 'invalid', reason: expect.stringContaining(reason) });
  });
});

describe('spread', () => {
  test('the median is the middle, or between the two in the middle', () => {
    expect(spreadOf([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9, runs: 3 });
    expect(spreadOf([4, 1, 2, 9])).toEqual({ median: 3, min: 1, max: 9, runs: 4 });
  });

  test('nothing, or nothing that is a number, comes to nothing', () => {
    expect(spreadOf([])).toBeUndefined();
    expect(spreadOf([Number.NaN, Number.POSITIVE_INFINITY])).toBeUndefined();
  });
});
