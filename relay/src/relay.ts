// Puts the relay together: sockets, consumers, layer, rooms, engine, pages. What happens to one message stands in
// ARCHITECTURE.md.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MAX_RAW_FRAME_BYTES } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Adapter } from './adapter/adapter.ts';
import { createAdapter } from './adapter/select-adapter.ts';
import { authenticatorOf } from './auth/from-options.ts';
import type { Authenticator } from './auth/identity.ts';
import { checkOrigins } from './auth/origins.ts';
import { chatRoutes } from './chat-routes.ts';
import type { Connection } from './consumer/connection.ts';
import { Connections } from './consumer/connections.ts';
import type { Route } from './consumer/route.ts';
import type { Topics } from './consumer/topics.ts';
import { EmbeddedEngine } from './engine/embedded-engine.ts';
import type { Engine } from './engine/engine.ts';
import type { Asset } from './http/assets.ts';
import { loadAssets } from './http/assets.ts';
import { Routes } from './http/routes.ts';
import { ChannelLayer } from './layer/channel-layer.ts';
import type { Layer } from './layer/layer.ts';
import { Metrics } from './metrics.ts';
import { ConnectDeadlines } from './native/connect-deadlines.ts';
import type { Operations } from './operations.ts';
import type { RelayOptions } from './options.ts';
import { resolveOptions } from './options.ts';
import { RelayOperations } from './relay-operations.ts';
import { Rooms } from './room/rooms.ts';
import type { Siblings } from './workers/siblings.ts';

const PING_MS = 25_000;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const FRAME_RATE = { perSecond: 100, burst: 200 } as const;
const NEWS_TICK_MS = 100;
const SECOND_MS = 1_000;
const RELEASE_TICK_MS = 10_000;
const LOOP_TICK_MS = 500;
/** A drained client waits at least this long: a restart takes about as much. */
const DRAIN_BASE_MS = 1_000;
/** How far apart two clients return, as long as the window has room. */
const DRAIN_STEP_MS = 5;
const DAY_MS = 86_400_000;
const UNAVAILABLE_LOG_MS = 10_000;

/** What an embedding program may bring of its own. */
export interface RelayParts {
  /** Consumers of its own, tried before those of the chat. */
  readonly routes?: readonly Route[];
  /** Who makes a request. Default: what the options say, else guests. */
  readonly authenticate?: Authenticator;
  readonly logger?: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Directory of the pages and bundles it serves. */
  readonly publicDir?: string;
  /** The other workers, where this relay is one of several that share the port. */
  readonly siblings?: Siblings;
}

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** The library that carries its sockets. */
  readonly transport: 'uws' | 'ws';
}

/** A relay. It does nothing before `listen`. */
export interface Relay {
  /** Opens the store, then the port. Rejects with an EngineError, ListenError or TransportError: one sentence each. */
  listen(): Promise<Listening>;
  /** Drains: takes no more connections, stores what is under way, tells clients when to come back, lets go of everything. */
  close(): Promise<void>;
  /** To send to channels and groups from outside a connection. Throws before `listen` has resolved. */
  readonly layer: Layer;
  /** What the server API can do, without HTTP. Throws before `listen` has resolved. */
  readonly operations: Operations;
}

/** Makes a relay. Throws an OptionError where an option can't be used. */
export function createRelay(options: Partial<RelayOptions> & RelayParts = {}): Relay {
  return new RelayProcess(resolveOptions(options), options);
}

/** What there is between `listen` and `close`. */
interface Running {
  readonly engine: Engine;
  readonly rooms: Rooms;
  readonly layer: ChannelLayer;
  readonly operations: Operations;
  readonly connections: Connections;
  readonly deadlines: ConnectDeadlines;
  readonly metrics: Metrics;
  readonly adapter: Adapter;
}

class RelayProcess implements Relay {
  readonly #options: RelayOptions;
  readonly #parts: RelayParts;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #timers: NodeJS.Timeout[] = [];
  #isDraining = false;
  #toldUnavailableAt = Number.NEGATIVE_INFINITY;
  #running: Running | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RelayOptions, parts: RelayParts) {
    this.#options = options;
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#log = parts.logger ?? pino({ level: options.logLevel });
    // What can't be used is refused before anything is opened; with its secret it is made anew.
    checkOrigins(parts.authenticate ?? authenticatorOf(options, ''), options.origins);
  }

  get layer(): Layer {
    return this.#assertRunning().layer;
  }

  get operations(): Operations {
    return this.#assertRunning().operations;
  }

  async listen(): Promise<Listening> {
    const { data, durability, host, port } = this.#options;
    const { siblings } = this.#parts;
    const metrics = new Metrics({
      connections: () => this.#running?.connections.size ?? 0,
      rooms: () => this.#running?.rooms.size ?? 0,
      siblings,
    });
    const engine = await this.#openEngine(metrics);
    try {
      const running = this.#assemble(engine, metrics);
      this.#running = running;
      const bound = await running.adapter.listen({ host, port, sharing: siblings ? 'shared' : 'exclusive' });
      this.#startTimers(running);
      const url = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${bound}/`;
      const listening = { port: bound, url, transport: running.adapter.name };
      // Of several workers their supervisor tells, once, when all of them listen.
      this.#log.info({ ...listening, data, durability }, siblings ? 'a worker listens' : 'listening');
      return listening;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  #assertRunning(): Running {
    if (!this.#running) throw new Error('The relay does not listen yet: await listen() first.');
    return this.#running;
  }

  async #openEngine(metrics: Metrics): Promise<Engine> {
    const { data, durability, keepEvents, keepDays } = this.#options;
    const retention = { maxEvents: keepEvents, maxAgeMs: keepDays === 0 ? Number.POSITIVE_INFINITY : keepDays * DAY_MS };
    return EmbeddedEngine.open({
      dir: data,
      durability,
      retention: () => retention,
      now: this.#now,
      observer: {
        committed: (durationMs, events) => metrics.committed(durationMs, events),
        failing: (error) => {
          metrics.storeFailing(true);
          this.#log.error({ code: error.code }, `${error.message} Publishes are refused until it can be written again.`);
        },
        recovered: () => {
          metrics.storeFailing(false);
          this.#log.info('the store takes writes again');
        },
      },
    });
  }

  #assemble(engine: Engine, metrics: Metrics): Running {
    const topics: Topics = {
      publish: (topic, data) => adapter.publish(topic, data),
      subscribers: (topic) => adapter.subscribers(topic),
    };
    const now = this.#now;
    const observer = {
      delivered: (count: number) => metrics.delivered(count),
      joined: () => undefined,
      left: () => undefined,
      emptied: () => undefined,
    };
    const rooms = new Rooms(engine, topics, observer, now);
    const layer = new ChannelLayer(engine.bus, topics);
    const publish = engine.publish.bind(engine);
    const operations = new RelayOperations({ engine, rooms, layer, publish });
    const deadlines = new ConnectDeadlines();
    const { publishRate } = this.#options;
    const chat = chatRoutes({
      engine,
      rooms,
      metrics,
      publish,
      publishRate: { perSecond: publishRate, burst: publishRate * 2 },
      frameRate: FRAME_RATE,
      deadlines,
      pingMs: PING_MS,
      now,
      onFault: (error, where, channel) => this.#onFault(error, where, channel),
    });
    const authenticate = this.#parts.authenticate ?? authenticatorOf(this.#options, engine.secret);
    const connections = new Connections({
      routes: [...(this.#parts.routes ?? []), ...chat],
      origins: this.#options.origins,
      layer,
      authenticate,
      now,
      isDraining: () => this.#isDraining,
      onFault: (error, route, channel) => this.#onFault(error, route, channel),
      onUnavailable: ({ message, cause }) => this.#onUnavailable(message, cause),
      onDropped: (why, route, type) => this.#log.debug({ why, route, type }, 'a layer message was dropped'),
    });
    const adapter = this.#createAdapter(connections, engine, metrics);
    return { engine, rooms, layer, operations, connections, deadlines, metrics, adapter };
  }

  #createAdapter(connections: Connections, engine: Engine, metrics: Metrics): Adapter {
    const routes = new Routes({
      assets: this.#loadAssets(),
      metrics,
      probe: () => engine.probe(),
      isDraining: () => this.#isDraining,
      now: this.#now,
    });
    const { adapter, fallback } = createAdapter<Connection>(
      this.#options.transport,
      {
        maxMessageBytes: MAX_RAW_FRAME_BYTES,
        maxBufferedBytes: MAX_BUFFERED_BYTES,
        idleTimeoutS: this.#options.idleTimeoutS,
        onError: (error, where) => this.#log.error({ err: error, where }, 'a fault at a socket'),
      },
      {
        request: (request) => routes.handle(request),
        upgrade: (request) => connections.upgrade(request),
        opened: (socket) => connections.opened(socket),
        text: (socket, text) => socket.context.data(text),
        binary: (socket, bytes) => socket.context.data(bytes),
        dropped: (socket) => {
          metrics.drops++;
          socket.context.dropped();
        },
        drained: (socket) => socket.context.drained(),
        closed: (socket, code) => connections.closed(socket, code),
      },
    );
    if (fallback) this.#log.warn(fallback.reason);
    return adapter;
  }

  #loadAssets(): ReadonlyMap<string, Asset> {
    const dir = this.#parts.publicDir ?? fileURLToPath(new URL('./public', import.meta.url));
    if (existsSync(dir)) return loadAssets(dir);
    this.#log.warn({ dir }, 'there are no pages to serve: build them with npm run build');
    return new Map();
  }

  /** Whoever wants to connect meets the same fault: one line in a while tells of it. */
  #onUnavailable(reason: string, cause: unknown): void {
    const now = this.#now();
    if (now - this.#toldUnavailableAt < UNAVAILABLE_LOG_MS) return;
    this.#toldUnavailableAt = now;
    this.#log.error({ err: cause }, `Connections are refused for now: ${reason}`);
  }

  #onFault(error: unknown, where: string, channel: string): void {
    this.#log.error({ err: error, where, channel }, 'a fault inside a connection');
  }

  #startTimers({ rooms, connections, deadlines, metrics }: Running): void {
    this.#every(NEWS_TICK_MS, () => rooms.tellNews());
    this.#every(RELEASE_TICK_MS, () => rooms.releaseIdle());
    this.#every(SECOND_MS, () => {
      deadlines.tick(this.#now());
      connections.tick();
    });
    let due = performance.now() + LOOP_TICK_MS;
    this.#every(LOOP_TICK_MS, () => {
      metrics.loopDelayed(Math.max(0, performance.now() - due));
      due = performance.now() + LOOP_TICK_MS;
    });
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(work, intervalMs));
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (const timer of this.#timers) clearInterval(timer);
    const running = this.#running;
    if (!running) return;
    const { adapter, engine, connections } = running;
    adapter.stopListening();
    await engine.close(); // what is under way is stored, and its publishers are told
    const count = connections.drain((i, of) => {
      const windowMs = Math.min(this.#options.drainWindowMs, of * DRAIN_STEP_MS);
      return { retryAfterMs: DRAIN_BASE_MS + Math.round((i / of) * windowMs) };
    });
    await adapter.close();
    this.#log.info({ connections: count }, 'drained');
  }
}
