// The layer's contract with two relays on one Redis, alone and as a cluster.

import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisEngine } from '../support/redis-engine.ts';
import { startRedis, startRedisCluster } from '../support/redis-server.ts';
import { layerContract } from './layer.contract.ts';

describe.each([
  ['Redis', () => startRedis()],
  ['a Redis Cluster', startRedisCluster],
])('two relays on %s', (name, start) => {
  let redis: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    redis = await start();
  });
  afterAll(() => redis.stop());

  layerContract(`two relays on ${name}`, async () => {
    const engines = await Promise.all([openRedisEngine(redis.url), openRedisEngine(redis.url)]);
    return {
      buses: engines.map(({ bus }) => bus),
      dispose: async () => {
        await Promise.all(engines.map((engine) => engine.close()));
      },
    };
  });
});
