// What Redis between two relays adds to the way of a message: who talks is on one, who listens on the other. First it is found
// out at which rate they use half of their core; then that is held, by them and by one relay alone.

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
const MEMBERS = 10;
const FIRST_DELIVERIES_PER_SECOND = 10_000;
const HALF_OF_A_CORE = 0.5;
/** The more there is to do, the less each delivery costs: the second step starts where the first has come to. */
const STEPS = 2;
const HELD = { type: 'held', tickMs: TICK_MS, idleMs: 0 } as const;

let halfLoad: Promise<number> | undefined;

export const throughRedis: Scenario = {
  name: 'two-relays',
  title: 'Two relays and a Redis, at half load',
  about:
    '100 rooms of 10: the first member of each talks on one relay, the others listen on the other. Both relays and Redis share the one core that a single relay has for itself, and use half of it.',
  peers: ['chat-room', 'chat-room-redis', 'two-relays'],
  quickPeers: [],
  figures: LATENCY_FIGURES,
  measure: async (peer, effort) => {
    halfLoad ??= measureHalfLoad(effort);
    return run(peer, effort, { ...HELD, publishesPerSecond: await halfLoad, ...HELD_DURATION[effort] });
  },
};

/**
 * Publishes per second with which relays and Redis use half of their core. Not half of what they do at saturation: there
 * much leaves together, and at half of that rate, where each message leaves alone, the core is full already.
 */
async function measureHalfLoad(effort: Effort): Promise<number> {
  let deliveriesPerSecond = FIRST_DELIVERIES_PER_SECOND;
  for (let step = 0; step < STEPS; step++) {
    const task = { ...HELD, publishesPerSecond: deliveriesPerSecond / MEMBERS, warmMs: 1_000, measureMs: 2_000 };
    const { figures } = await run(twoRelays, effort, task);
    const cpuUs = figures['serverCpuPerDeliveryUs'] ?? 0;
    if (cpuUs > 0) deliveriesPerSecond = (HALF_OF_A_CORE * 1e6) / cpuUs;
  }
  return deliveriesPerSecond / MEMBERS;
}

function run(peer: Peer, effort: Effort, task: Parameters<typeof runTask>[1]['task']): Promise<Outcome> {
  const outline = { placement: 'apart', shape: SHAPE[effort], padBytes: PAD_BYTES, handshakes: HANDSHAKES, task } as const;
  return runTask(peer, outline, latencyFigures);
}
