// The bus between relays that share a Redis: the contract, on one server and on a cluster, and many groups.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BusError } from '../../relay/src/layer/bus.ts';
import { Condition } from '../support/condition.ts';
import { openRedisEngine } from '../support/redis-engine.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { withTwoRelays } from '../support/two-relays.ts';
import { busContract } from './bus.contract.ts';

withTwoRelays(busContract);

describe('one relay on Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('100,000 groups are followed, and followed again after the connection was lost', async () => {
    const engine = await openRedisEngine(redis.url);
    const heard: string[] = [];
    const changed = new Condition();
    engine.bus.listen({
      published: (group) => {
        heard.push(group);
        changed.changed();
      },
      asked: async () => '',
    });
    const groups = Array.from({ length: 100_000 }, (_, i) => `group-${i}`);
    // So many at a time: each must be confirmed within the bus's own bound, also on a machine that has much else to do.
    for (let i = 0; i < groups.length; i += 5_000)
      await Promise.all(groups.slice(i, i + 5_000).map((group) => engine.bus.follow(group)));
    const some = groups.filter((_, i) => i % 997 === 0);
    const hear = async (): Promise<void> => {
      heard.length = 0;
      await Promise.all(some.map((group) => engine.bus.publish(group, 'x')));
      await changed.until(() => (heard.length >= some.length ? true : undefined));
      expect(heard.toSorted()).toEqual(some.toSorted());
    };
    await hear();
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await engine.bus.follow('after the loss'); // confirmed once the connection stands; the others come back with it
    const restored = new Promise<void>((resolve) => {
      const ask = async (): Promise<void> => {
        const shards = Number((await redis.cli('EVAL', "return #redis.call('PUBSUB', 'SHARDCHANNELS')", '0')).trim());
        if (shards > groups.length) resolve();
        else void ask();
      };
      void ask();
    });
    await restored;
    await hear();
    for (const group of groups) engine.bus.unfollow(group);
    await engine.close();
  });

  test('what can’t be handed over is a BusError', async () => {
    const server = await startRedis();
    const engine = await openRedisEngine(server.url);
    engine.bus.listen({ published: () => undefined, asked: async () => '' });
    await server.kill();
    await expect(engine.bus.publish('g', 'x')).rejects.toBeInstanceOf(BusError);
    await expect(engine.bus.ask('AAAAAAAAAAAA', 'x')).rejects.toBeInstanceOf(BusError);
    await engine.close();
    await server.stop();
  });
});
