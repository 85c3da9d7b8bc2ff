// What connections cost that are joined and say nothing: memory, as the slope between two sizes, and the time to get them all in.

import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBytes } from '../load/memory.ts';
import type { JoinReport } from '../load/messages.ts';
import { verdictOf } from '../verdict.ts';
import type { Effort, Outcome, Scenario } from './scenario.ts';
import { PAD_BYTES, withLoad } from './with-load.ts';

const SIZES: Readonly<Record<Effort, readonly number[]>> = {
  tiny: [20, 60],
  quick: [500, 4_000],
  full: [2_000, 10_000, 18_000],
};
const MEMBERS = 10;
const HANDSHAKES = 256;
/** What joining has left behind is collected, as far as it ever is. */
const SETTLE_MS: Readonly<Record<Effort, number>> = { tiny: 100, quick: 1_500, full: 5_000 };

interface Step {
  readonly connections: number;
  readonly bytes: number;
  readonly report: JoinReport;
}

export const idle: Scenario = {
  name: 'idle',
  title: 'Idle connections, joined, in rooms of 10',
  about:
    'Memory of the process (PSS) at 2,000, 10,000 and 18,000 connections; the slopes between them; and how fast they came in.',
  peers: ['chat-room', 'bare', 'ws', 'socket.io', 'django'],
  isQuick: true,
  figures: [
    { key: 'bytesPerConnection', title: 'memory, 2,000 to 10,000', unit: 'B/connection', better: 'less', digits: 0 },
    { key: 'bytesPerConnectionAbove', title: '10,000 to 18,000', unit: 'B/connection', better: 'less', digits: 0 },
    { key: 'connectsPerSecond', title: 'connects', unit: '/s', better: 'more', digits: 0 },
    { key: 'joinP99Ms', title: 'connect and join, p99', unit: 'ms', better: 'less', digits: 0 },
    { key: 'totalMiB', title: 'memory in all', unit: 'MiB', better: 'less', digits: 0 },
    { key: 'loadCpu', title: 'load', unit: 'cores', better: 'less', digits: 2 },
  ],
  measure: (peer, effort) => {
    const [first = 0, ...more] = SIZES[effort];
    const connections = more.at(-1) ?? first;
    const shape = { type: 'blocks', connections, rooms: connections / MEMBERS } as const;
    const task = { type: 'idle', connections: first } as const;
    const outline = { placement: 'all', shape, padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
    return withLoad(peer, outline, async (load, joined, { pids }) => {
      const steps: Step[] = [];
      for (const size of [first, ...more]) {
        const report = size === first ? joined : await load.grow(size);
        await sleep(SETTLE_MS[effort]);
        steps.push({ connections: size, bytes: memoryBytes(pids), report });
      }
      return outcomeOf(steps);
    });
  },
};

function outcomeOf(steps: readonly Step[]): Outcome {
  const [first, second, third] = steps;
  if (!first || !second) throw new Error('An idle run needs two sizes.');
  const slope = (from: Step, to: Step): number => (to.bytes - from.bytes) / (to.connections - from.connections);
  const { report } = second;
  return {
    figures: {
      bytesPerConnection: slope(first, second),
      ...(third ? { bytesPerConnectionAbove: slope(second, third) } : {}),
      connectsPerSecond: report.joined / report.seconds,
      joinP99Ms: report.latencyUs.p99 / 1_000,
      totalMiB: (third ?? second).bytes / 2 ** 20,
      loadCpu: report.loadCpu,
    },
    // A load that is the bottleneck makes connects look slower, and memory no different.
    verdict: verdictOf({
      loadCpu: 0,
      expected: 0,
      seen: 0,
      failedJoins: steps.reduce((sum, step) => sum + step.report.failed, 0),
    }),
  };
}
