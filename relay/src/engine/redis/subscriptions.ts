// What the relay is subscribed to, over one connection to each server. A channel is subscribed at the server that has its
// slot; after a lost connection, or when slots moved, all channels of a partition come back with one command.

import type { Redis } from 'ioredis';
import { clusterSlot } from './cluster-slot.ts';
import { PARTITION_NUMBERS, partitionOfKey } from './keys.ts';
import { within } from './within.ts';

/** A command that has no answer by then is given up; whether Redis did it is not known. */
export const COMMAND_TIMEOUT_MS = 5_000;

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Which server has which slots, both ends included. */
export type ServerMap = readonly { readonly server: ServerAddress; readonly first: number; readonly last: number }[];

interface Subscription {
  readonly listener: (payload: string) => void;
  readonly confirmed: Promise<void>;
  readonly confirm: () => void;
}

const REFRESH_DELAY_MS = 200;

export class Subscriptions {
  readonly #connect: (server: ServerAddress) => Redis;
  readonly #readMap: () => Promise<ServerMap>;
  readonly #byPartition = new Map<number, Map<string, Subscription>>();
  readonly #servers = new Map<string, Redis>();
  /** Partition → key in `#servers`. */
  #home: readonly string[] = [];
  readonly #onInterrupted = new Set<(channels: ReadonlySet<string>) => void>();
  readonly #onRestored = new Set<(channels: ReadonlySet<string>) => void>();
  /** Partitions that could not be subscribed: tried again with the next look at the servers. */
  readonly #failed = new Set<number>();
  /** Channels that were asked for in this turn of the loop, by partition. */
  readonly #asked = new Map<number, string[]>();
  #isRefreshing = false;
  #isClosed = false;

  constructor(connect: (server: ServerAddress) => Redis, readMap: () => Promise<ServerMap>) {
    this.#connect = connect;
    this.#readMap = readMap;
  }

  /** Connects to every server. Rejects where that can't be done. */
  async start(): Promise<void> {
    await this.#adopt(await this.#readMap());
  }

  /** True where every server's connection stands. */
  get isUp(): boolean {
    return this.#servers.size > 0 && [...this.#servers.values()].every(({ status }) => status === 'ready');
  }

  /** Told of channels to which something may have been published unheard, before anything more is heard of them. */
  onInterrupted(listener: (channels: ReadonlySet<string>) => void): void {
    this.#onInterrupted.add(listener);
  }

  /** Told of the channels that are subscribed again after what was published to them may have been missed. */
  onRestored(listener: (channels: ReadonlySet<string>) => void): void {
    this.#onRestored.add(listener);
  }

  /** Resolves once the channel's messages come. Rejects after 5 s without a connection; then it is not subscribed. */
  async subscribe(channel: string, listener: (payload: string) => void): Promise<void> {
    const partition = partitionOfKey(channel);
    const known = this.#byPartition.get(partition) ?? new Map<string, Subscription>();
    this.#byPartition.set(partition, known);
    let confirm = (): void => undefined;
    const confirmed = new Promise<void>((resolve) => {
      confirm = resolve;
    });
    const subscription = { listener, confirmed, confirm };
    known.set(channel, subscription);
    this.#subscribeSoon(partition, channel);
    try {
      await within(confirmed, COMMAND_TIMEOUT_MS, () => new Error('Redis did not confirm a subscription in time'));
    } catch (error) {
      if (known.get(channel) === subscription) this.unsubscribe(channel);
      throw error;
    }
  }

  unsubscribe(channel: string): void {
    const partition = partitionOfKey(channel);
    const known = this.#byPartition.get(partition);
    if (!known?.delete(channel)) return;
    if (known.size === 0) this.#byPartition.delete(partition);
    const connection = this.#connectionOf(partition);
    // At once: what another relay publishes after this call must not be heard, though the channel be asked for again.
    if (connection?.status === 'ready') connection.sunsubscribe(channel).catch(() => undefined);
  }

  /** Drops every connection and makes it anew: for one that stands and brings nothing. */
  reconnect(): void {
    for (const connection of this.#servers.values()) connection.disconnect(true);
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#servers.values()) connection.disconnect();
  }

  // --- inside ---------------------------------------------------------------------------------------------------------

  #connectionOf(partition: number): Redis | undefined {
    return this.#servers.get(this.#home[partition] ?? '');
  }

  async #adopt(map: ServerMap): Promise<void> {
    const home = homesOf(map);
    const wanted = new Map(map.map(({ server }) => [keyOf(server), server]));
    for (const [key, connection] of this.#servers) {
      if (wanted.has(key)) continue;
      this.#servers.delete(key);
      connection.disconnect();
    }
    const moved = new Set([...this.#byPartition.keys()].filter((partition) => home[partition] !== this.#home[partition]));
    this.#home = home;
    const added = [...wanted].filter(([key]) => !this.#servers.has(key));
    const opened = added.map(([key, server]) => this.#open(key, server));
    const addedKeys = new Set(added.map(([key]) => key));
    for (const partition of moved) {
      const connection = this.#connectionOf(partition);
      if (!addedKeys.has(home[partition] ?? '') && connection?.status === 'ready') void this.#restore(connection, [partition]);
    }
    await Promise.all(opened);
  }

  #open(key: string, server: ServerAddress): Promise<void> {
    const connection = this.#connect(server);
    this.#servers.set(key, connection);
    connection.on('error', () => undefined); // it comes back by itself; without a listener it would end the process
    connection.on('smessage', (channel: string, payload: string) => {
      this.#byPartition.get(partitionOfKey(channel))?.get(channel)?.listener(payload);
    });
    connection.on('ready', () => {
      const partitions = [...this.#byPartition.keys()].filter((partition) => this.#home[partition] === key);
      void this.#restore(connection, partitions);
    });
    connection.on('moved', () => void this.#refresh());
    connection.on('close', () => void this.#refresh()); // a cluster may have another server for its slots by now
    return connection.connect();
  }

  /** Subscribes again to everything of some partitions, and tells of it. */
  async #restore(connection: Redis, partitions: readonly number[]): Promise<void> {
    const lost = partitions
      .map((partition) => [...(this.#byPartition.get(partition)?.keys() ?? [])])
      .filter(({ length }) => length > 0);
    tell(this.#onInterrupted, lost.flat());
    const restored = await Promise.all(
      lost.map(async (channels) => ((await this.#subscribeAt(connection, channels)) ? channels : [])),
    );
    tell(this.#onRestored, restored.flat());
  }

  /** What is asked for in one turn goes out with one command a partition: a hundred thousand groups may come at once. */
  #subscribeSoon(partition: number, channel: string): void {
    if (this.#asked.size === 0) setImmediate(() => this.#subscribeAsked());
    const asked = this.#asked.get(partition);
    if (asked) asked.push(channel);
    else this.#asked.set(partition, [channel]);
  }

  #subscribeAsked(): void {
    for (const [partition, asked] of this.#asked) {
      const connection = this.#connectionOf(partition);
      const wanted = asked.filter((channel) => this.#byPartition.get(partition)?.has(channel));
      if (connection?.status === 'ready' && wanted.length > 0) void this.#subscribeAt(connection, wanted); // else its `ready` does so
    }
    this.#asked.clear();
  }

  /** True once all are subscribed. */
  async #subscribeAt(connection: Redis, channels: readonly string[]): Promise<boolean> {
    try {
      await connection.ssubscribe(...channels);
    } catch {
      for (const channel of channels) this.#failed.add(partitionOfKey(channel));
      void this.#refresh();
      return false;
    }
    for (const channel of channels) this.#byPartition.get(partitionOfKey(channel))?.get(channel)?.confirm();
    return true;
  }

  /** Looks which server has which slots, and follows them. */
  async #refresh(): Promise<void> {
    if (this.#isRefreshing || this.#isClosed) return;
    this.#isRefreshing = true;
    await new Promise((resolve) => setTimeout(resolve, REFRESH_DELAY_MS).unref());
    try {
      if (!this.#isClosed) await this.#adopt(await this.#readMap());
    } catch {
      // Nobody could say; each lost connection asks again.
    } finally {
      this.#isRefreshing = false;
    }
    const failed = [...this.#failed];
    this.#failed.clear();
    for (const partition of failed) {
      const connection = this.#connectionOf(partition);
      if (connection?.status === 'ready') void this.#restore(connection, [partition]); // else its `ready` does so
    }
  }
}

/** For each partition, the key of the server that has its slot. */
function homesOf(map: ServerMap): readonly string[] {
  return PARTITION_NUMBERS.map((partition) => {
    const slot = clusterSlot(`p${partition}`);
    const range = map.find(({ first, last }) => slot >= first && slot <= last);
    return range ? keyOf(range.server) : '';
  });
}

function tell(listeners: ReadonlySet<(channels: ReadonlySet<string>) => void>, channels: readonly string[]): void {
  if (channels.length === 0) return;
  const named = new Set(channels);
  for (const listener of listeners) listener(named);
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host}:${port}`;
}
