// As many deliveries as a server makes: one large room with one who talks, and many small ones in which everyone does.

import type { LoadJob, TaskReport } from '../load/messages.ts';
import type { Shape } from '../load/shape.ts';
import type { Peer } from '../peers/peer.ts';
import { RunningLoad } from '../run-load.ts';
import { verdictOf } from '../verdict.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { OTHER_CPU } from './scenario.ts';

const FIGURES: readonly Figure[] = [
  { key: 'deliveriesPerSecond', title: 'deliveries', unit: '/s', better: 'more', digits: 0 },
  { key: 'serverCpuPerDeliveryUs', title: 'server CPU', unit: 'µs/delivery', better: 'less', digits: 3 },
  { key: 'p50Ms', title: 'p50', unit: 'ms', better: 'less', digits: 2 },
  { key: 'p99Ms', title: 'p99', unit: 'ms', better: 'less', digits: 2 },
  { key: 'serverCpu', title: 'server CPU', unit: 'of a core', better: 'less', digits: 2 },
  { key: 'loadCpu', title: 'load CPU', unit: 'of a core', better: 'less', digits: 2 },
  OTHER_CPU,
  { key: 'bytesPerDelivery', title: 'on the wire', unit: 'B/delivery', better: 'less', digits: 0 },
  { key: 'deliveriesPerRead', title: 'batching', unit: 'deliveries/read', better: 'more', digits: 1 },
];

const PEERS = ['chat-room', 'chat-room-disk', 'bare', 'ws', 'socket.io', 'django'];
/** Letters behind the marker: 107 bytes of text, a line of chat. */
export const PAD_BYTES = 75;
export const HANDSHAKES = 128;

interface Load {
  readonly shape: Readonly<Record<Effort, Shape>>;
  readonly publishers: 'one' | 'everyone';
  readonly window: number;
}

const MEASURE: Readonly<Record<Effort, { readonly warmMs: number; readonly measureMs: number }>> = {
  tiny: { warmMs: 200, measureMs: 600 },
  quick: { warmMs: 500, measureMs: 1_500 },
  full: { warmMs: 1_500, measureMs: 4_000 },
};

const blocks = (connections: number, rooms: number): Shape => ({ type: 'blocks', connections, rooms });

/** One room of 1,000, one publisher with 32 publishes under way. */
export const oneRoom = saturation('one-room', 'One room of 1,000, as fast as it goes', {
  shape: { tiny: blocks(50, 1), quick: blocks(1_000, 1), full: blocks(1_000, 1) },
  publishers: 'one',
  window: 32,
});

/** 100 rooms of 10, everyone with 4 publishes under way. */
export const manyRooms = saturation('many-rooms', '100 rooms of 10, everyone talking, as fast as it goes', {
  shape: { tiny: blocks(50, 5), quick: blocks(1_000, 100), full: blocks(1_000, 100) },
  publishers: 'everyone',
  window: 4,
});

function saturation(name: string, title: string, { shape, publishers, window }: Load): Scenario {
  const who = publishers === 'one' ? 'One member' : 'Every member';
  return {
    name,
    title,
    about: `${who} keeps ${window} publishes under way: the next one goes out when an own one came back.`,
    peers: PEERS,
    isQuick: true,
    figures: FIGURES,
    measure: (peer, effort) =>
      measure(peer, {
        dialect: peer.dialect,
        placement: 'all',
        shape: shape[effort],
        padBytes: PAD_BYTES,
        handshakes: HANDSHAKES,
        task: { type: 'saturation', publishers, window, ...MEASURE[effort] },
      }),
  };
}

async function measure(peer: Peer, job: Omit<LoadJob, 'ports' | 'serverPids'>): Promise<Outcome> {
  const server = await peer.start();
  try {
    const { load, joined } = await RunningLoad.start({ ...job, ports: server.ports, serverPids: server.pids });
    const report = await load.run();
    await load.stop();
    const verdict = verdictOf({ ...report, failedJoins: joined.failed });
    return { figures: figuresOf(report), verdict };
  } finally {
    await server.stop();
  }
}

function figuresOf({
  seconds,
  deliveries,
  serverCpu,
  loadCpu,
  otherCpu,
  latencyUs,
  bytes,
  reads,
}: TaskReport): Outcome['figures'] {
  return {
    deliveriesPerSecond: deliveries / seconds,
    serverCpuPerDeliveryUs: (serverCpu * seconds * 1e6) / deliveries,
    p50Ms: latencyUs.p50 / 1_000,
    p99Ms: latencyUs.p99 / 1_000,
    serverCpu,
    loadCpu,
    otherCpu,
    bytesPerDelivery: bytes / deliveries,
    deliveriesPerRead: deliveries / reads,
  };
}
