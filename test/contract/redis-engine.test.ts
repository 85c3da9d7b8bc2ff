// The Redis engine under the contract, on one server and on a cluster.

import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisCluster, RedisServer } from '../support/redis-server.ts';
import { startRedis, startRedisCluster } from '../support/redis-server.ts';
import type { EngineRig } from './engine.contract.ts';
import { engineContract } from './engine.contract.ts';

function createRig(start: () => Promise<RedisServer | RedisCluster>): EngineRig {
  let redis: Promise<RedisServer | RedisCluster> | undefined;
  const rig: EngineRig = {
    now: 1_700_000_000_000,
    open: async ({ maxEvents = 100_000, maxAgeMs = Number.POSITIVE_INFINITY } = {}) => {
      redis ??= start();
      const { url } = await redis;
      return openRedisEngine(url, { retention: () => ({ maxEvents, maxAgeMs }), now: () => rig.now });
    },
    dispose: async () => (await redis)?.stop(),
  };
  return rig;
}

engineContract('Redis', () => createRig(() => startRedis()));
