import type { RedisEngineOptions } from '../../relay/src/engine/redis/redis-engine.ts';
import { RedisEngine } from '../../relay/src/engine/redis/redis-engine.ts';

const FOR_EVER = { maxEvents: 100_000, maxAgeMs: Number.POSITIVE_INFINITY };
const silent = { committed: () => undefined, failing: () => undefined, recovered: () => undefined };

/** A relay's engine on a Redis, which keeps everything and tells nobody unless it is told otherwise. */
export function openRedisEngine(url: string, options: Partial<RedisEngineOptions> = {}): Promise<RedisEngine> {
  return RedisEngine.open({ url, retention: () => FOR_EVER, observer: silent, ...options });
}
