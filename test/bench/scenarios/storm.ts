// Members who lose their sockets and come back, each with what was said meanwhile: very many at once, or one who missed very much.

import type { LoadTask } from '../load/messages.ts';
import type { Shape } from '../load/shape.ts';
import type { Peer } from '../peers/peer.ts';
import { verdictOf } from '../verdict.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';
import { PAD_BYTES, withLoad } from './with-load.ts';

const FIGURES: readonly Figure[] = [
  { key: 'backP99Ms', title: 'back, p99', unit: 'ms', better: 'less', digits: 0 },
  { key: 'backP50Ms', title: 'p50', unit: 'ms', better: 'less', digits: 0 },
  { key: 'backMaxMs', title: 'last', unit: 'ms', better: 'less', digits: 0 },
  { key: 'deliveredShare', title: 'delivered', unit: '%', better: 'more', digits: 2 },
];

const STORM_SHAPE: Readonly<Record<Effort, Shape>> = {
  tiny: { type: 'blocks', connections: 55, rooms: 5 },
  quick: { type: 'blocks', connections: 2_020, rooms: 20 },
  full: { type: 'blocks', connections: 10_100, rooms: 100 },
};
const MISSED = 10;
/** As many as a server is asked to take at a time by clients that all notice at once that the network is there again. */
const HANDSHAKES = 512;

/** 10,000 at once. */
export const storm: Scenario = {
  name: 'storm',
  title: 'A storm: all lose their sockets at once, and come back',
  about: `100 rooms of 101 (a quick bench: 20). All but one member of each, 10,000 in all, lose their sockets, miss ${MISSED} publishes of that one, and dial again at once. Back is who has all it missed; of a server that keeps nothing, who has joined.`,
  peers: ['chat-room', 'bare', 'ws', 'socket.io'],
  quickPeers: ['chat-room'],
  figures: FIGURES,
  measure: (peer, effort) => measure(peer, STORM_SHAPE[effort], { type: 'storm', missedPerRoom: MISSED, times: 1 }),
};

/** One who missed 1,000. */
export const recovery: Scenario = {
  name: 'recovery',
  title: 'One member comes back who missed 1,000 events',
  about: 'From dialling to having all of them, over several pages; 20 times a run.',
  peers: ['chat-room', 'chat-room-redis', 'socket.io'],
  quickPeers: [],
  figures: FIGURES.map((figure) => ({ ...figure, digits: 2 })),
  measure: (peer, effort) =>
    measure(
      peer,
      { type: 'blocks', connections: 2, rooms: 1 },
      { type: 'storm', missedPerRoom: effort === 'tiny' ? 300 : 1_000, times: effort === 'full' ? 20 : 3 },
    ),
};

function measure(peer: Peer, shape: Shape, task: LoadTask): Promise<Outcome> {
  const outline = { placement: 'all', shape, padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
  return withLoad(peer, outline, async (load, joined) => {
    const report = await load.run();
    const { backUs, expected, seen, lostConnections } = report;
    return {
      figures: {
        backP50Ms: (backUs?.p50 ?? 0) / 1_000,
        backP99Ms: (backUs?.p99 ?? 0) / 1_000,
        backMaxMs: (backUs?.max ?? 0) / 1_000,
        deliveredShare: (seen / expected) * 100,
      },
      // All at once is more than any load is ready for: it is slower than the server for a moment, and that is in the figures.
      verdict: verdictOf({
        loadCpu: 0,
        expected: peer.recovers ? expected : seen,
        seen,
        lostConnections,
        failedJoins: joined.failed,
      }),
    };
  });
}
