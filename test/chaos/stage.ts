// What stands there during a run, and what goes wrong with it: relays, their stores, and the networks between all of them.
import { rmSync } from 'node:fs';
import { Random } from '../fuzz/random.ts';
import { Cable } from './cable.ts';
import { RedisLives, RelayLives, temporaryDirectory } from './processes.ts';
import type { Profile } from './profiles.ts';
import { ChaosProxy } from './proxy.ts';
import { RedisPair } from './redis-pair.ts';
import type { Fault, Network } from './schedule.ts';
import { ShiftedClock } from './shifted-clock.ts';
import { SmallDisk } from './small-disk.ts';

/** Written before it is answered, or an answer would survive less than it says: see relay/src/engine/redis/README.md. */
const REDIS_SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'always', '--repl-diskless-sync-delay', '0'];
const RELAY_ARGS = ['--port', '0', '--publish-rate', '0', '--idle-timeout-s', '8', '--drain-window-ms', '500'];

interface Place {
  readonly relay: RelayLives;
  /** Between the clients of this relay and it. */
  readonly clients: ChaosProxy;
  /** Between it and Redis, where there is one. */
  readonly redis: ChaosProxy | undefined;
  /** To all others, where it has one. */
  readonly cable: Cable | undefined;
}

/** Stands still until a time has passed. */
export type Wait = (delayMs: number) => Promise<void>;

export class Stage {
  readonly #places: Place[] = [];
  readonly #ends: (() => Promise<void> | void)[] = [];
  readonly #clock = new ShiftedClock();
  readonly #wait: Wait;
  #redis: RedisPair | undefined;
  #disk: SmallDisk | undefined;

  private constructor(wait: Wait) {
    this.#wait = wait;
    this.#ends.push(() => this.#clock.dispose());
  }

  /** Builds it. What was started by then ends where something can't be. */
  static async build({ store }: Profile, wait: Wait): Promise<Stage> {
    const stage = new Stage(wait);
    try {
      if (store.type === 'redis between namespaces') await stage.#buildBetweenNamespaces(store.relays);
      else if (store.type === 'redis') await stage.#buildOnRedis(store.relays, store.replica);
      else if (store.type === 'small disk') await stage.#buildOnSmallDisk(store.sizeMiB);
      else await stage.#buildEmbedded(store.durability);
      return stage;
    } catch (error) {
      await stage.dispose();
      throw error;
    }
  }

  /** Where the clients of each relay connect. */
  get ports(): readonly number[] {
    return this.#places.map(({ clients }) => clients.port);
  }

  /** What no fault explains: relays that ended by themselves. */
  get crashes(): readonly string[] {
    return this.#places.flatMap(({ relay }) => relay.crashes);
  }

  /** Makes a fault happen, and resolves when all is right again. */
  async suffer(fault: Fault): Promise<void> {
    switch (fault.type) {
      case 'kill relay':
        return this.#replaceRelay(fault.relay, 'SIGKILL', fault.lastsMs);
      case 'restart relay':
        return this.#replaceRelay(fault.relay, 'SIGTERM', fault.lastsMs);
      case 'pause relay':
        return this.#pause(this.#at(fault.relay).relay, fault.lastsMs);
      case 'jump clock':
        this.#clock.shift(fault.byMs);
        this.#at(fault.relay).relay.signal('SIGUSR2');
        return this.#wait(fault.lastsMs);
      case 'fill disk':
        return this.#fillDisk(fault.lastsMs);
      case 'kill redis':
      case 'pause redis':
      case 'empty redis':
      case 'fail over':
        return this.#redis?.suffer(fault, this.#wait);
      case 'partition':
        return this.#partition(fault.relay, fault.lastsMs);
      case 'cut':
        return this.#networkOf(fault.network)?.cut();
      case 'reset':
        return this.#networkOf(fault.network)?.reset();
      case 'reorder':
        return this.#reorder(fault);
      case 'weather':
        return this.#changeWeather(fault);
      case 'stall client':
        return undefined; // a matter of the client's own network
    }
  }

  async dispose(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
  }

  async #buildEmbedded(durability: 'process' | 'disk'): Promise<void> {
    const data = temporaryDirectory();
    this.#ends.push(() => rmSync(data, { recursive: true, force: true }));
    await this.#addRelay(['--data', data, '--durability', durability]);
  }

  async #buildOnSmallDisk(sizeMiB: number): Promise<void> {
    const disk = new SmallDisk(sizeMiB);
    this.#ends.push(() => disk.dispose());
    this.#disk = disk;
    await this.#addRelay(['--data', disk.data]);
  }

  async #buildOnRedis(relays: number, hasReplica: boolean): Promise<void> {
    const primary = await RedisLives.start(REDIS_SETTINGS);
    this.#ends.push(() => primary.stop());
    const replica = hasReplica ? await RedisLives.start(REDIS_SETTINGS) : undefined;
    if (replica) this.#ends.push(() => replica.stop());
    const networks: ChaosProxy[] = [];
    const pair = await RedisPair.of(primary, replica, (port) => {
      for (const network of networks) {
        network.target = port;
        network.reset();
      }
    });
    this.#redis = pair;
    this.#ends.push(() => pair.close());
    for (let i = 0; i < relays; i++) {
      const network = await ChaosProxy.start(primary.port);
      this.#ends.push(() => network.close());
      networks.push(network);
      await this.#addRelay(['--redis', `redis://127.0.0.1:${network.port}`], { redis: network });
    }
  }

  /** Redis stands outside, and so do the clients. */
  async #buildBetweenNamespaces(relays: number): Promise<void> {
    const cables: Cable[] = [];
    for (let i = 0; i < relays; i++) {
      const cable = new Cable(i);
      this.#ends.push(() => cable.dispose());
      cables.push(cable);
    }
    const reachable = ['--bind', '127.0.0.1', ...cables.map(({ outside }) => outside), '--protected-mode', 'no'];
    const redis = await RedisLives.start([...REDIS_SETTINGS, ...reachable]);
    this.#ends.push(() => redis.stop());
    for (const cable of cables) await this.#addRelay(['--redis', `redis://${cable.outside}:${redis.port}`], { cable });
  }

  async #addRelay(args: readonly string[], { redis, cable }: Partial<Pick<Place, 'redis' | 'cable'>> = {}): Promise<void> {
    const host = cable?.inside ?? '127.0.0.1';
    const relay = new RelayLives({
      args: [...RELAY_ARGS, '--host', host, ...args],
      env: this.#clock.env,
      ...(cable && { enter: cable.enter }),
    });
    this.#ends.push(() => relay.end('SIGKILL'));
    await relay.start();
    const clients = await ChaosProxy.start(relay.port, host);
    this.#ends.push(() => clients.close());
    this.#places.push({ relay, clients, redis, cable });
  }

  #at(relay: number): Place {
    return this.#places[relay % this.#places.length] as Place;
  }

  #networkOf({ between, relay }: Network): ChaosProxy | undefined {
    return this.#at(relay)[between];
  }

  /** While it is away its clients find another relay, if there is one. */
  async #replaceRelay(index: number, signal: 'SIGKILL' | 'SIGTERM', lastsMs: number): Promise<void> {
    const place = this.#at(index);
    const other = this.#at(index + 1);
    place.clients.target = other.relay.port;
    await place.relay.end(signal);
    await this.#wait(lastsMs);
    await place.relay.start();
    place.clients.target = place.relay.port;
  }

  async #pause(relay: RelayLives, lastsMs: number): Promise<void> {
    relay.signal('SIGSTOP');
    await this.#wait(lastsMs);
    relay.signal('SIGCONT');
  }

  async #partition(index: number, lastsMs: number): Promise<void> {
    const { cable } = this.#at(index);
    cable?.pull();
    await this.#wait(lastsMs);
    cable?.plug();
  }

  async #fillDisk(lastsMs: number): Promise<void> {
    this.#disk?.fill();
    await this.#wait(lastsMs);
    this.#disk?.free();
  }

  async #reorder({ network, order, lastsMs }: Extract<Fault, { readonly type: 'reorder' }>): Promise<void> {
    const proxy = this.#networkOf(network);
    proxy?.hold();
    proxy?.reset();
    await this.#wait(lastsMs);
    const random = new Random(order);
    proxy?.release((items) => random.shuffled(items));
  }

  async #changeWeather({ network, weather, lastsMs }: Extract<Fault, { readonly type: 'weather' }>): Promise<void> {
    const proxy = this.#networkOf(network);
    proxy?.setWeather(weather);
    await this.#wait(lastsMs);
    proxy?.setWeather({ type: 'clear' });
  }
}
