// How long a delivery takes at a rate that every server can hold.

import type { TaskReport } from '../load/messages.ts';
import type { Shape } from '../load/shape.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { OTHER_CPU } from './scenario.ts';
import { HANDSHAKES, PAD_BYTES, runTask, serverCpuPerDeliveryUs } from './with-load.ts';

export const LATENCY_FIGURES: readonly Figure[] = [
  { key: 'p99Ms', title: 'p99', unit: 'ms', better: 'less', digits: 2 },
  { key: 'p50Ms', title: 'p50', unit: 'ms', better: 'less', digits: 2 },
  { key: 'p999Ms', title: 'p99.9', unit: 'ms', better: 'less', digits: 2 },
  { key: 'deliveriesPerSecond', title: 'held', unit: 'deliveries/s', better: 'more', digits: 0 },
  { key: 'serverCpuPerDeliveryUs', title: 'server CPU', unit: 'µs/delivery', better: 'less', digits: 2 },
  { key: 'loadCpu', title: 'load', unit: 'cores', better: 'less', digits: 2 },
  OTHER_CPU,
];

export const HELD_DURATION: Readonly<Record<Effort, { readonly warmMs: number; readonly measureMs: number }>> = {
  tiny: { warmMs: 200, measureMs: 800 },
  quick: { warmMs: 400, measureMs: 1_800 },
  full: { warmMs: 1_500, measureMs: 6_000 },
};

const DELIVERIES_PER_SECOND = 20_000;
/** Publishes closer together go out together, so that their times can be kept to exactly. */
export const TICK_MS = 5;

/** Connections and rooms of the tiny runs, as a share of all. */
const TINY_SHARE = 0.05;

/** 20 publishes a second to a room of 1,000. */
export const heldRoom = held('held-room', 'Latency at 20,000 deliveries/s: one room of 1,000', 1_000, 1, ['chat-room', 'bare']);

/** 2,000 publishes a second to 100 rooms of 10. */
export const heldRooms = held('held-rooms', 'Latency at 20,000 deliveries/s: 100 rooms of 10', 1_000, 100, []);

function held(name: string, title: string, connections: number, rooms: number, quickPeers: readonly string[]): Scenario {
  const publishesPerSecond = (DELIVERIES_PER_SECOND * rooms) / connections;
  return {
    name,
    title,
    about: `${publishesPerSecond.toLocaleString('en-US')} publishes a second go out by a schedule, and latency counts from the time in the schedule.`,
    peers: ['chat-room', 'chat-room-disk', 'bare', 'ws', 'socket.io', 'django'],
    quickPeers,
    figures: LATENCY_FIGURES,
    measure: (peer, effort) => {
      const share = effort === 'tiny' ? TINY_SHARE : 1;
      const task = { type: 'held', publishesPerSecond, tickMs: TICK_MS, idleMs: 0, ...HELD_DURATION[effort] } as const;
      const shape: Shape = { type: 'blocks', connections: Math.ceil(connections * share), rooms: Math.ceil(rooms * share) };
      return runTask(peer, { placement: 'all', shape, padBytes: PAD_BYTES, handshakes: HANDSHAKES, task }, latencyFigures);
    },
  };
}

export function latencyFigures(report: TaskReport): Outcome['figures'] {
  const { latencyUs, deliveries, seconds, loadCpu, otherCpu } = report;
  return {
    p50Ms: latencyUs.p50 / 1_000,
    p99Ms: latencyUs.p99 / 1_000,
    p999Ms: latencyUs.p999 / 1_000,
    deliveriesPerSecond: deliveries / seconds,
    serverCpuPerDeliveryUs: serverCpuPerDeliveryUs(report),
    loadCpu,
    otherCpu,
  };
}
