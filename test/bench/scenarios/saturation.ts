// As many deliveries as a server makes: one large room with one who talks, and many small ones in which everyone does.

import type { TaskReport } from '../load/messages.ts';
import type { Shape } from '../load/shape.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { OTHER_CPU } from './scenario.ts';
import { HANDSHAKES, PAD_BYTES, runTask, serverCpuPerDeliveryUs } from './with-load.ts';

const FIGURES: readonly Figure[] = [
  { key: 'deliveriesPerSecond', title: 'deliveries', unit: '/s', better: 'more', digits: 0 },
  { key: 'serverCpuPerDeliveryUs', title: 'server CPU', unit: 'µs/delivery', better: 'less', digits: 3 },
  { key: 'bytesPerDelivery', title: 'on the wire', unit: 'B/delivery', better: 'less', digits: 0 },
  { key: 'deliveriesPerRead', title: 'batching', unit: 'deliveries/read', better: 'more', digits: 1 },
  { key: 'serverCpu', title: 'server', unit: 'cores', better: 'less', digits: 2 },
  { key: 'loadCpu', title: 'load', unit: 'cores', better: 'less', digits: 2 },
  OTHER_CPU,
];

interface Load {
  readonly shape: Readonly<Record<Effort, Shape>>;
  readonly publishers: 'one' | 'everyone';
  readonly window: number;
  readonly quickPeers: readonly string[];
}

const DURATION: Readonly<Record<Effort, { readonly warmMs: number; readonly measureMs: number }>> = {
  tiny: { warmMs: 200, measureMs: 1_000 },
  quick: { warmMs: 500, measureMs: 1_200 },
  full: { warmMs: 1_500, measureMs: 4_000 },
};

const blocks = (connections: number, rooms: number): Shape => ({ type: 'blocks', connections, rooms });

/** One room of 1,000, one publisher with 32 publishes under way. */
export const oneRoom = saturation('one-room', 'One room of 1,000, as fast as it goes', {
  shape: { tiny: blocks(50, 1), quick: blocks(1_000, 1), full: blocks(1_000, 1) },
  publishers: 'one',
  window: 32,
  quickPeers: ['chat-room', 'bare', 'ws', 'socket.io'],
});

/** 100 rooms of 10, everyone with 4 publishes under way. */
export const manyRooms = saturation('many-rooms', '100 rooms of 10, everyone talking, as fast as it goes', {
  shape: { tiny: blocks(50, 5), quick: blocks(1_000, 100), full: blocks(1_000, 100) },
  publishers: 'everyone',
  window: 4,
  quickPeers: ['chat-room', 'bare'],
});

function saturation(name: string, title: string, { shape, publishers, window, quickPeers }: Load): Scenario {
  const who = publishers === 'one' ? 'One member' : 'Every member';
  return {
    name,
    title,
    about: `${who} keeps ${window} publishes under way: the next one goes out when an own one came back.`,
    peers: ['chat-room', 'chat-room-disk', 'chat-room-redis', 'bare', 'bare-padded', 'ws', 'socket.io', 'django'],
    quickPeers,
    figures: FIGURES,
    measure: (peer, effort) => {
      const task = { type: 'saturation', publishers, window, ...DURATION[effort] } as const;
      return runTask(
        peer,
        { placement: 'all', shape: shape[effort], padBytes: PAD_BYTES, handshakes: HANDSHAKES, task },
        figuresOf,
      );
    },
  };
}

function figuresOf(report: TaskReport): Outcome['figures'] {
  const { seconds, deliveries, serverCpu, loadCpu, otherCpu, bytes, reads } = report;
  return {
    deliveriesPerSecond: deliveries / seconds,
    serverCpuPerDeliveryUs: serverCpuPerDeliveryUs(report),
    bytesPerDelivery: bytes / deliveries,
    deliveriesPerRead: deliveries / reads,
    serverCpu,
    loadCpu,
    otherCpu,
  };
}
