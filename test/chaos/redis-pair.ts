import type { RedisLives } from './processes.ts';
import { ChaosProxy } from './proxy.ts';
import type { Fault } from './schedule.ts';
import type { Wait } from './stage.ts';

type RedisFault = Extract<Fault, { readonly type: 'kill redis' | 'pause redis' | 'empty redis' | 'fail over' }>;

/** How often a replica is asked whether it has caught up. */
const ASK_EVERY_MS = 50;

/** A Redis, and a replica of it where a run has one: which of the two is the primary changes with each failover. */
export class RedisPair {
  #primary: RedisLives;
  #replica: RedisLives | undefined;
  /** Between primary and replica: what it holds back is lost by a failover. */
  readonly #replication: ChaosProxy;
  readonly #onPrimary: (port: number) => void;

  private constructor(
    primary: RedisLives,
    replica: RedisLives | undefined,
    replication: ChaosProxy,
    onPrimary: (port: number) => void,
  ) {
    this.#primary = primary;
    this.#replica = replica;
    this.#replication = replication;
    this.#onPrimary = onPrimary;
  }

  /** `onPrimary` is told the port of each new primary. */
  static async of(primary: RedisLives, replica: RedisLives | undefined, onPrimary: (port: number) => void): Promise<RedisPair> {
    const pair = new RedisPair(primary, replica, await ChaosProxy.start(primary.port), onPrimary);
    await pair.#follow();
    return pair;
  }

  async suffer(fault: RedisFault, wait: Wait): Promise<void> {
    if (fault.type === 'fail over') return this.#failOver(fault.lastsMs, wait);
    if (fault.type === 'empty redis') await this.#primary.command('FLUSHALL');
    if (fault.type === 'kill redis') await this.#primary.kill();
    if (fault.type === 'pause redis') this.#primary.signal('SIGSTOP');
    await wait(fault.lastsMs);
    if (fault.type === 'kill redis') await this.#primary.start();
    if (fault.type === 'pause redis') this.#primary.signal('SIGCONT');
  }

  async close(): Promise<void> {
    await this.#replication.close();
  }

  async #failOver(lastsMs: number, wait: Wait): Promise<void> {
    const [before, next] = [this.#primary, this.#replica];
    if (next === undefined) throw new Error('A failover needs a replica.');
    this.#replication.setWeather({ type: 'black hole' });
    await wait(lastsMs);
    await before.kill();
    await next.command('REPLICAOF', 'NO', 'ONE');
    this.#replication.reset();
    this.#replication.setWeather({ type: 'clear' });
    [this.#primary, this.#replica] = [next, before];
    this.#onPrimary(next.port);
    before.forget();
    await before.start();
    this.#replication.target = next.port;
    await this.#follow();
  }

  /** Resolves when the replica has all that the primary has. */
  async #follow(): Promise<void> {
    if (this.#replica === undefined) return;
    await this.#replica.command('REPLICAOF', '127.0.0.1', `${this.#replication.port}`);
    while (!(await this.#replica.command('INFO', 'replication')).includes('master_link_status:up'))
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
