// The Redis engine under the contract, on one server and on a cluster of three.

import { afterAll } from 'vitest';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisCluster, RedisServer } from '../support/redis-server.ts';
import { startRedis, startRedisCluster } from '../support/redis-server.ts';
import type { EngineRig } from './engine.contract.ts';
import { engineContract } from './engine.contract.ts';

/** All rigs share one Redis, which `dispose` empties. */
function rigsOn(start: () => Promise<RedisServer | RedisCluster>): () => EngineRig {
  let redis: Promise<RedisServer | RedisCluster> | undefined;
  afterAll(async () => (await redis)?.stop());
  return () => {
    redis ??= start();
    const rig: EngineRig = {
      now: 1_700_000_000_000,
      open: async ({ maxEvents = 100_000, maxAgeMs = Number.POSITIVE_INFINITY } = {}) => {
        const { url } = await started;
        return openRedisEngine(url, { retention: () => ({ maxEvents, maxAgeMs }), now: () => rig.now });
      },
      dispose: async () => (await started).empty(),
    };
    const started = redis;
    return rig;
  };
}

engineContract('Redis', rigsOn(startRedis));
engineContract('Redis Cluster', rigsOn(startRedisCluster));
