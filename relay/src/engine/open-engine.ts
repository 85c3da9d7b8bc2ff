import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { RelayOptions } from '../options.ts';
import type { EngineObserver } from './embedded-engine.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import type { Engine } from './engine.ts';
import { RedisEngine } from './redis/redis-engine.ts';
import type { Retention } from './room-log.ts';

const DAY_MS = 86_400_000;

export interface EngineSurroundings {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. Default: the machine's clock, or Redis's. */
  readonly now: (() => number) | undefined;
}

/** The engine that the options ask for. Rejects with an EngineError: one sentence for the operator. */
export async function openEngine(options: RelayOptions, { log, metrics, now }: EngineSurroundings): Promise<Engine> {
  const { redis, data, durability, keepEvents, keepDays } = options;
  const retention: Retention = { maxEvents: keepEvents, maxAgeMs: keepDays === 0 ? Number.POSITIVE_INFINITY : keepDays * DAY_MS };
  if (redis === undefined) {
    const observer = observerOf(
      log,
      metrics,
      'Publishes are refused until it can be written again.',
      'the store takes writes again',
    );
    const engine = await EmbeddedEngine.open({
      dir: data,
      durability,
      retention: () => retention,
      now: now ?? Date.now,
      observer,
    });
    log.info({ data, durability }, 'rooms are kept on this machine');
    return engine;
  }
  const observer = observerOf(log, metrics, 'Publishes are refused until it is back.', 'Redis serves again');
  const engine = await RedisEngine.open({
    url: redis,
    retention: () => retention,
    observer: {
      ...observer,
      committed: (durationMs) => metrics.redisAnswered(durationMs),
      failing: (error) => {
        metrics.engineFailed();
        observer.failing(error);
      },
      recovered: () => {
        metrics.engineRecovered();
        observer.recovered();
      },
    },
    warn: (sentence) => log.warn(sentence),
    ...(now && { now }),
  });
  log.info({ redis: engine.address }, 'rooms are kept in Redis');
  return engine;
}

function observerOf(log: Logger, metrics: Metrics, consequence: string, recovered: string): EngineObserver {
  return {
    committed: (durationMs, events) => metrics.committed(durationMs, events),
    failing: (error) => {
      metrics.storeFailing(true);
      log.error({ code: error.code }, `${error.message} ${consequence}`);
    },
    recovered: () => {
      metrics.storeFailing(false);
      log.info(recovered);
    },
  };
}
