// What Redis between two relays adds to the way of a message: who talks is on one, who listens on the other. First it is found
// out how much they can do; then half of that is held, by them and by one relay alone.

import type { Shape } from '../load/shape.ts';
import type { Peer } from '../peers/peer.ts';
import { twoRelays } from '../peers/two-relays.ts';
import { HELD_DURATION, LATENCY_FIGURES, latencyFigures, TICK_MS } from './held.ts';
import type { Effort, Outcome, Scenario } from './scenario.ts';
import { HANDSHAKES, PAD_BYTES, runTask } from './with-load.ts';

const SHAPE: Readonly<Record<Effort, Shape>> = {
  tiny: { type: 'blocks', connections: 50, rooms: 5 },
  quick: { type: 'blocks', connections: 1_000, rooms: 100 },
  full: { type: 'blocks', connections: 1_000, rooms: 100 },
};
const WINDOW = 8;
const MEMBERS = 10;

let halfLoad: Promise<number> | undefined;

export const throughRedis: Scenario = {
  name: 'two-relays',
  title: 'Two relays and a Redis, at half of what they can do',
  about:
    '100 rooms of 10: the first member of each talks on one relay, the others listen on the other. Both relays and Redis share the one core that a single relay has for itself.',
  peers: ['chat-room', 'chat-room-redis', 'two-relays'],
  quickPeers: [],
  figures: LATENCY_FIGURES,
  measure: async (peer, effort) => {
    halfLoad ??= measureHalfLoad(effort);
    const task = {
      type: 'held',
      publishesPerSecond: await halfLoad,
      tickMs: TICK_MS,
      idleMs: 0,
      ...HELD_DURATION[effort],
    } as const;
    return run(peer, effort, task);
  },
};

/** Publishes per second. */
async function measureHalfLoad(effort: Effort): Promise<number> {
  const task = { type: 'saturation', publishers: 'one', window: WINDOW, warmMs: 1_000, measureMs: 3_000 } as const;
  const { figures } = await run(twoRelays, effort, task);
  return Math.max(1, (figures['deliveriesPerSecond'] ?? 0) / MEMBERS / 2);
}

function run(peer: Peer, effort: Effort, task: Parameters<typeof runTask>[1]['task']): Promise<Outcome> {
  const outline = { placement: 'apart', shape: SHAPE[effort], padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
  return runTask(peer, outline, latencyFigures);
}
