import { afterAll, beforeAll, describe } from 'vitest';
import type { Bus } from '../../relay/src/layer/bus.ts';
import { openRedisEngine } from './redis-engine.ts';
import { startRedis, startRedisCluster } from './redis-server.ts';

/** Buses that reach each other, and what ends them. */
export interface Buses {
  readonly buses: readonly Bus[];
  dispose(): Promise<void>;
}

/** Runs a contract with two relays on one Redis, and on a cluster. */
export function withTwoRelays(contract: (name: string, createRig: () => Promise<Buses>) => void): void {
  describe.each([
    ['Redis', () => startRedis()],
    ['a Redis Cluster', startRedisCluster],
  ])('%s', (name, start) => {
    let redis: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      redis = await start();
    });
    afterAll(() => redis.stop());

    contract(`two relays on ${name}`, async () => {
      const engines = await Promise.all([openRedisEngine(redis.url), openRedisEngine(redis.url)]);
      return {
        buses: engines.map(({ bus }) => bus),
        dispose: async () => {
          await Promise.all(engines.map((engine) => engine.close()));
        },
      };
    });
  });
}
