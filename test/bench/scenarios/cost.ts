// What one delivery costs the server, from few connections to many and from few rooms to very many, at a rate that is far from
// its limit. What the connections cost while nothing is said is measured before, and taken off.

import type { TaskReport } from '../load/messages.ts';
import type { Shape } from '../load/shape.ts';
import type { Peer } from '../peers/peer.ts';
import { invalid } from '../verdict.ts';
import { TICK_MS } from './held.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { HANDSHAKES, PAD_BYTES, runTask } from './with-load.ts';

const MEMBERS = 10;
/** So few that each leaves alone: what goes out together is cheaper, and how much does would depend on the rest. */
const PUBLISHES_PER_SECOND = 200;
/** In the largest room still more than one publish a second, or a measurement would hold none. */
const FAN_OUT_DELIVERIES_PER_SECOND = 20_000;
/** Connections of the scenario with rooms: enough for 100,000 rooms of 10, since a connection is in 100 rooms at the most. */
const ROOM_CONNECTIONS = 10_000;

const DURATION: Readonly<Record<Effort, { readonly idleMs: number; readonly warmMs: number; readonly measureMs: number }>> = {
  tiny: { idleMs: 200, warmMs: 200, measureMs: 500 },
  quick: { idleMs: 500, warmMs: 500, measureMs: 1_500 },
  full: { idleMs: 3_000, warmMs: 1_000, measureMs: 6_000 },
};

/** Connections grow, rooms of 10. */
export const costOfConnections = cost({
  name: 'cost-connections',
  title: 'Cost of a delivery, from 10 to 18,000 connections, in rooms of 10',
  about: `${PUBLISHES_PER_SECOND.toLocaleString('en-US')} publishes a second, each to 10 members.`,
  of: 'connections',
  peers: ['chat-room', 'bare'],
  sizes: [10, 100, 1_000, 10_000, 18_000],
  shapeOf: (connections) => ({ type: 'blocks', connections, rooms: connections / MEMBERS }),
  publishesPerSecond: () => PUBLISHES_PER_SECOND,
});

/** One room that grows. */
export const costOfFanOut = cost({
  name: 'cost-fan-out',
  title: 'Cost of a delivery, in one room of 10 to 18,000',
  about:
    '20,000 deliveries a second: the larger the room, the fewer the publishes, and the less of a publish there is in a delivery.',
  of: 'members',
  peers: ['chat-room', 'bare'],
  sizes: [10, 100, 1_000, 10_000, 18_000],
  shapeOf: (connections) => ({ type: 'blocks', connections, rooms: 1 }),
  publishesPerSecond: (members) => FAN_OUT_DELIVERIES_PER_SECOND / members,
});

/** Rooms grow, at the same number of connections and members. */
export const costOfRooms = cost({
  name: 'cost-rooms',
  title: 'Cost of a delivery, from 1 to 100,000 rooms of 10',
  about: `${ROOM_CONNECTIONS.toLocaleString('en-US')} connections, each in up to 100 rooms; ${PUBLISHES_PER_SECOND.toLocaleString('en-US')} publishes a second, to one room after the other.`,
  of: 'rooms',
  peers: ['chat-room'],
  sizes: [1, 10, 100, 1_000, 10_000, 100_000],
  shapeOf: (rooms) => ({ type: 'fanOut', connections: ROOM_CONNECTIONS, rooms, members: MEMBERS }),
  publishesPerSecond: () => PUBLISHES_PER_SECOND,
});

interface Point {
  readonly size: number;
  readonly shape: Shape;
  readonly costUs: number;
  readonly bytes: number;
}

interface Curve {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly of: string;
  readonly peers: readonly string[];
  readonly sizes: readonly number[];
  readonly shapeOf: (size: number) => Shape;
  readonly publishesPerSecond: (size: number) => number;
}

function cost(curve: Curve): Scenario {
  const { name, title, about, of, peers, sizes } = curve;
  const points: readonly Figure[] = sizes.map((size) => ({
    key: keyOf(size),
    title: `${size.toLocaleString('en-US')} ${of}`,
    unit: 'µs/delivery',
    better: 'less',
    digits: 2,
  }));
  return {
    name,
    title,
    about,
    peers,
    quickPeers: [],
    figures: [
      { key: 'spread', title: 'off the mean by up to', unit: '%', better: 'less', digits: 0 },
      ...points,
      { key: 'bytesPerRoom', title: 'memory', unit: 'B/room', better: 'less', digits: 0 },
    ],
    measure: (peer, effort) => measure(peer, curve, effort),
  };
}

/** The key of the figure at one size. */
function keyOf(size: number): string {
  return `at${size}`;
}

/** Every size in a server of its own. The first that does not count ends it. */
async function measure(peer: Peer, { sizes, shapeOf, publishesPerSecond }: Curve, effort: Effort): Promise<Outcome> {
  const points: Point[] = [];
  for (const size of effort === 'full' ? sizes : sizes.slice(0, 2)) {
    const task = { type: 'held', publishesPerSecond: publishesPerSecond(size), tickMs: TICK_MS, ...DURATION[effort] } as const;
    const shape = shapeOf(size);
    const outline = { placement: 'all', shape, padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
    const { figures, verdict } = await runTask(peer, outline, (report) => ({
      cost: costUs(report),
      bytes: report.serverBytes ?? 0,
    }));
    if (verdict.type === 'invalid') return { figures: costsOf(points), verdict: invalid(`at ${size}: ${verdict.reason}`) };
    points.push({ size, shape, costUs: figures['cost'] ?? 0, bytes: figures['bytes'] ?? 0 });
  }
  const costs = points.map((point) => point.costUs);
  const mean = costs.reduce((sum, value) => sum + value, 0) / costs.length;
  const spread = Math.max(...costs.map((value) => Math.abs(value / mean - 1))) * 100;
  return { figures: { spread, ...costsOf(points), ...roomMemory(points) }, verdict: { type: 'valid' } };
}

function costsOf(points: readonly Point[]): Outcome['figures'] {
  return Object.fromEntries(points.map(({ size, costUs }) => [keyOf(size), costUs]));
}

/** Where only rooms grew: the slope of the last step, which is by far the largest. */
function roomMemory(points: readonly Point[]): Outcome['figures'] {
  const [before, last] = points.slice(-2);
  if (!before || !last || before.shape.connections !== last.shape.connections) return {};
  return { bytesPerRoom: (last.bytes - before.bytes) / (last.shape.rooms - before.shape.rooms) };
}

function costUs({ serverCpu, idleServerCpu = 0, seconds, deliveries }: TaskReport): number {
  return ((serverCpu - idleServerCpu) * seconds * 1e6) / deliveries;
}
