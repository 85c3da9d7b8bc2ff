// The relay's connections to Redis: one for commands, and one for subscriptions to each server. The command connection keeps
// the order of commands over a reconnect: what had no answer is sent again, before what came meanwhile.

import type { RedisOptions } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import { EngineError } from '../engine.ts';
import type { RedisAddress } from './redis-address.ts';
import { readRedisAddress } from './redis-address.ts';
import type { RedisServerInfo } from './redis-server-info.ts';
import { readServerInfo } from './redis-server-info.ts';
import type { ServerMap } from './subscriptions.ts';
import { COMMAND_TIMEOUT_MS, Subscriptions } from './subscriptions.ts';
import { within } from './within.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that owes an answer and brings nothing for so long is made anew: it may end in nothing without a word. */
const SILENCE_MS = 6_000;
const MAX_RETRY_DELAY_MS = 1_000;
const SLOTS = 16_384;

/** A script, and how many of its arguments are keys. */
export interface Script {
  readonly name: string;
  readonly keys: number;
  readonly lua: string;
}

type Runner = (...keysAndArguments: readonly (string | number)[]) => Promise<unknown>;

export class RedisLink {
  readonly command: Redis | Cluster;
  readonly info: RedisServerInfo;
  readonly address: RedisAddress;
  readonly subscriptions: Subscriptions;

  private constructor(command: Redis | Cluster, info: RedisServerInfo, address: RedisAddress) {
    this.command = command;
    this.info = info;
    this.address = address;
    this.subscriptions = new Subscriptions(
      (server) => new Redis({ ...connectionOptions(address), ...server, autoResubscribe: false, enableOfflineQueue: false }),
      () => this.#serverMap(),
    );
  }

  /** Connects. Rejects with an EngineError where Redis can't be reached or used. */
  static async open(url: string, scripts: readonly Script[]): Promise<RedisLink> {
    const address = readRedisAddress(url);
    const info = await firstInfo(address);
    const command = info.isCluster ? openCluster(address) : openSingle(address);
    for (const { name, keys, lua } of scripts) command.defineCommand(name, { numberOfKeys: keys, lua });
    command.on('error', () => undefined); // each command tells of it; without a listener it would end the process
    const link = new RedisLink(command, info, address);
    try {
      await command.connect();
      await link.subscriptions.start();
    } catch (error) {
      link.disconnect();
      throw unreachable(address, error);
    }
    return link;
  }

  get isUp(): boolean {
    return this.command.status === 'ready';
  }

  /** Runs a script: by its digest, and whole where a server does not know it yet. */
  run({ name }: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const runner = (this.command as unknown as Readonly<Record<string, Runner>>)[name]; // as `defineCommand` has put it there
    if (!runner) throw new Error(`the script ${name} is not defined`);
    return this.bounded(runner.call(this.command, ...keys, ...args));
  }

  /** A single server's connection bounds its commands itself; what waits for a cluster has no bound of its own. */
  bounded<T>(work: Promise<T>): Promise<T> {
    if (this.command instanceof Redis) return work;
    return within(work, COMMAND_TIMEOUT_MS, () => new Error('no answer in time'));
  }

  /** Waits for what is under way, and closes everything. */
  async close(): Promise<void> {
    this.subscriptions.close();
    // QUIT waits for its turn: where Redis is away there is none.
    if (this.isUp) await this.command.quit().catch(() => undefined);
    this.command.disconnect();
  }

  disconnect(): void {
    this.subscriptions.close();
    this.command.disconnect();
  }

  /** Which server has which slots. */
  async #serverMap(): Promise<ServerMap> {
    if (!(this.command instanceof Cluster)) {
      const [seed] = this.address.seeds;
      return seed ? [{ server: seed, first: 0, last: SLOTS - 1 }] : [];
    }
    const ranges = (await this.command.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const fallback = this.address.seeds[0]?.host ?? '';
    return ranges.map(([first, last, [host, port]]) => ({ server: { host: host || fallback, port }, first, last }));
  }
}

type ConnectionOptions = RedisAddress['options'] &
  Required<
    Pick<
      RedisOptions,
      | 'lazyConnect'
      | 'connectTimeout'
      | 'commandTimeout'
      | 'socketTimeout'
      | 'keepAlive'
      | 'maxRetriesPerRequest'
      | 'retryStrategy'
    >
  >;

function connectionOptions({ options }: RedisAddress): ConnectionOptions {
  return {
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    keepAlive: 10_000,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(MAX_RETRY_DELAY_MS, 20 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2),
  };
}

function openSingle(address: RedisAddress): Redis {
  return new Redis({ ...connectionOptions(address), ...address.seeds[0] });
}

function openCluster(address: RedisAddress): Cluster {
  const { options, seeds } = address;
  return new Cluster([...seeds], {
    lazyConnect: true,
    enableAutoPipelining: false,
    clusterRetryStrategy: (attempt) => Math.min(MAX_RETRY_DELAY_MS, 20 * 2 ** Math.min(attempt, 10)),
    redisOptions: {
      ...(options.username !== undefined && { username: options.username }),
      ...(options.password !== undefined && { password: options.password }),
      ...(options.tls !== undefined && { tls: options.tls }),
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
    },
  });
}

/** What a Redis says of itself, without anything being done to it. Rejects with an EngineError where it can't be reached or used. */
export function askRedis(url: string): Promise<RedisServerInfo> {
  return firstInfo(readRedisAddress(url));
}

/** What the first server that answers says of itself. */
async function firstInfo(address: RedisAddress): Promise<RedisServerInfo> {
  let failure: unknown;
  for (const seed of address.seeds) {
    const probe = new Redis({ ...connectionOptions(address), ...seed, retryStrategy: () => null });
    probe.on('error', (error) => {
      failure = error;
    });
    try {
      await probe.connect();
      return readServerInfo(await probe.info());
    } catch (error) {
      if (error instanceof EngineError) throw error;
      failure ??= error;
    } finally {
      probe.disconnect();
    }
  }
  throw unreachable(address, failure);
}

function unreachable({ text }: RedisAddress, error: unknown): EngineError {
  const reason = error instanceof Error && error.message !== '' ? error.message : 'no answer';
  return new EngineError('redis_unreachable', `Redis can't be reached at ${text}: ${reason}.`, { cause: error });
}
