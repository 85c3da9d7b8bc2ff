// What connections cost that are joined and say nothing: memory, as the slope between two sizes, and the time to get them all in.

import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBytes } from '../load/memory.ts';
import type { JoinReport } from '../load/messages.ts';
import type { Peer } from '../peers/peer.ts';
import { verdictOf } from '../verdict.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { PAD_BYTES, withLoads } from './with-load.ts';

const SIZES: Readonly<Record<Effort, readonly number[]>> = {
  tiny: [20, 60],
  quick: [500, 4_000],
  full: [2_000, 10_000, 18_000],
};
const MEMBERS = 10;
const HANDSHAKES = 256;
/** What joining has left behind is collected, as far as it ever is. */
const SETTLE_MS: Readonly<Record<Effort, number>> = { tiny: 100, quick: 1_500, full: 4_000 };

interface Step {
  readonly connections: number;
  readonly bytes: number;
  readonly reports: readonly JoinReport[];
}

const FIGURES: readonly Figure[] = [
  { key: 'bytesPerConnection', title: 'memory, first slope', unit: 'B/connection', better: 'less', digits: 0 },
  { key: 'bytesPerConnectionAbove', title: 'second slope', unit: 'B/connection', better: 'less', digits: 0 },
  { key: 'connectsPerSecond', title: 'connects', unit: '/s', better: 'more', digits: 0 },
  { key: 'joinP99Ms', title: 'connect and join, p99', unit: 'ms', better: 'less', digits: 0 },
  { key: 'totalMiB', title: 'memory in all', unit: 'MiB', better: 'less', digits: 0 },
  { key: 'loadCpu', title: 'load', unit: 'cores', better: 'less', digits: 2 },
];

/** One process, with as many sockets as its system lets it have. */
export const idle: Scenario = {
  name: 'idle',
  title: 'Idle connections, joined, in rooms of 10',
  about:
    'Memory of the process (PSS) at 2,000, 10,000 and 18,000 connections: the slope between the first two, and between the last two. How fast they came in, up to the second size. (A quick bench: 500 and 4,000.)',
  peers: ['chat-room', 'bare', 'ws', 'socket.io', 'django'],
  quickPeers: ['chat-room', 'bare'],
  figures: FIGURES,
  measure: (peer, effort) => measure(peer, effort, 1),
};

/** Several processes that share a port and a Redis. */
export const idleWorkers: Scenario = {
  name: 'idle-workers',
  title: 'The same over two processes that share a port',
  about:
    'Twice as many connections, 36,000 in the end, from two processes of load; the memory of all processes of the relay, without Redis.',
  peers: ['chat-room-workers'],
  quickPeers: [],
  figures: FIGURES,
  measure: (peer, effort) => measure(peer, effort, 2),
};

function measure(peer: Peer, effort: Effort, processes: number): Promise<Outcome> {
  const [first = 0, ...more] = SIZES[effort];
  const connections = more.at(-1) ?? first;
  const shape = { type: 'blocks', connections, rooms: connections / MEMBERS } as const;
  const task = { type: 'idle', connections: first } as const;
  const outline = { placement: 'all', shape, padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
  return withLoads(peer, processes, outline, async (loads, { pids }) => {
    const steps: Step[] = [];
    for (const size of [first, ...more]) {
      // One after the other, since they share a core.
      const reports: JoinReport[] = [];
      for (const { load, joined } of loads) reports.push(size === first ? joined : await load.grow(size));
      await sleep(SETTLE_MS[effort]);
      steps.push({ connections: size * processes, bytes: memoryBytes(pids), reports });
    }
    return outcomeOf(steps);
  });
}

function outcomeOf(steps: readonly Step[]): Outcome {
  const [first, second, third] = steps;
  if (!first || !second) throw new Error('An idle run needs two sizes.');
  const slope = (from: Step, to: Step): number => (to.bytes - from.bytes) / (to.connections - from.connections);
  const sum = (reports: readonly JoinReport[], of: (report: JoinReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const seconds = sum(second.reports, (report) => report.seconds);
  return {
    figures: {
      bytesPerConnection: slope(first, second),
      ...(third ? { bytesPerConnectionAbove: slope(second, third) } : {}),
      connectsPerSecond: sum(second.reports, ({ joined }) => joined) / seconds,
      joinP99Ms: Math.max(...second.reports.map(({ latencyUs }) => latencyUs.p99)) / 1_000,
      totalMiB: (third ?? second).bytes / 2 ** 20,
      loadCpu: sum(second.reports, (report) => report.loadCpu * report.seconds) / seconds,
    },
    // A load that is the bottleneck makes connects look slower, and memory no different.
    verdict: verdictOf({
      loadCpu: 0,
      expected: 0,
      seen: 0,
      failedJoins: sum(
        steps.flatMap(({ reports }) => reports),
        ({ failed }) => failed,
      ),
    }),
  };
}
