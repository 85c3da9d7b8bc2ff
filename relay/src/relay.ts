// Puts the relay together: sockets, rooms, engine, pages. What happens to one message stands in ARCHITECTURE.md.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLOSE_CODES, CONNECT_TIMEOUT_MS, MAX_RAW_FRAME_BYTES } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Adapter, AdapterHandlers, RelaySocket } from './adapter/adapter.ts';
import { createAdapter } from './adapter/select-adapter.ts';
import { Guests } from './auth/guests.ts';
import type { ConnectionConsumer } from './consumer.ts';
import { EmbeddedEngine } from './engine/embedded-engine.ts';
import type { Asset } from './http/assets.ts';
import { loadAssets } from './http/assets.ts';
import { Routes } from './http/routes.ts';
import { Metrics } from './metrics.ts';
import type { RelayOptions } from './options.ts';
import { resolveOptions } from './options.ts';
import { Rooms } from './room/rooms.ts';
import type { Authenticate, Services } from './services.ts';
import { decideUpgrade } from './upgrade.ts';

const PING_MS = 25_000;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const FRAME_RATE = { perSecond: 100, burst: 200 } as const;
const NEWS_TICK_MS = 100;
const CONNECT_TICK_MS = 1_000;
const RELEASE_TICK_MS = 10_000;
const LOOP_TICK_MS = 500;
/** A drained client waits at least this long: a restart takes about as much. */
const DRAIN_BASE_MS = 1_000;
/** How far apart two clients return, as long as the window has room. */
const DRAIN_STEP_MS = 5;
const DAY_MS = 86_400_000;

/** What an embedding program may bring of its own. */
export interface RelayParts {
  /** Who stands behind a token. Without it every token is refused. */
  readonly authenticate?: Authenticate;
  readonly logger?: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Directory of the pages and bundles it serves. */
  readonly publicDir?: string;
}

export interface Listening {
  readonly port: number;
  readonly url: string;
}

/** A relay. It does nothing before `listen`. */
export interface Relay {
  /** Opens the store, then the port. Rejects with an EngineError, ListenError or TransportError: one sentence each. */
  listen(): Promise<Listening>;
  /** Drains: takes no more connections, stores what is under way, tells clients when to come back, lets go of everything. */
  close(): Promise<void>;
}

/** Makes a relay. Throws an OptionError where an option can't be used. */
export function createRelay(options: Partial<RelayOptions> & RelayParts = {}): Relay {
  return new RelayProcess(resolveOptions(options), options);
}

class RelayProcess implements Relay {
  readonly #options: RelayOptions;
  readonly #parts: RelayParts;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #sockets = new Set<RelaySocket<ConnectionConsumer>>();
  /** Sockets that have not said who they are, in the order in which they came. */
  readonly #unconnected = new Set<RelaySocket<ConnectionConsumer>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #isDraining = false;
  #engine: EmbeddedEngine | undefined;
  #adapter: Adapter | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RelayOptions, parts: RelayParts) {
    this.#options = options;
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#log = parts.logger ?? pino({ level: options.logLevel });
  }

  async listen(): Promise<Listening> {
    const { data, durability, host, port } = this.#options;
    const metrics = new Metrics({ connections: () => this.#sockets.size, rooms: () => rooms.size });
    const engine = await this.#openEngine(metrics);
    this.#engine = engine;
    let adapter: Adapter | undefined;
    const rooms: Rooms = new Rooms(
      engine,
      { publish: (topic, text) => adapter?.publish(topic, text), subscribers: (topic) => adapter?.subscribers(topic) ?? 0 },
      metrics,
      this.#now,
    );
    try {
      adapter = this.#createAdapter(this.#services(engine, rooms, metrics));
      this.#adapter = adapter;
      const bound = await adapter.listen({ host, port });
      this.#startTimers(rooms, metrics);
      const listening = { port: bound, url: `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${bound}/` };
      this.#log.info({ ...listening, transport: adapter.name, data, durability }, 'listening');
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

  async #openEngine(metrics: Metrics): Promise<EmbeddedEngine> {
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

  #services(engine: EmbeddedEngine, rooms: Rooms, metrics: Metrics): Services {
    const { publishRate } = this.#options;
    return {
      engine,
      rooms,
      metrics,
      guests: new Guests(engine.secret),
      authenticate: this.#parts.authenticate ?? (() => Promise.resolve(undefined)),
      publishRate: { perSecond: publishRate, burst: publishRate * 2 },
      frameRate: FRAME_RATE,
      pingMs: PING_MS,
      now: this.#now,
      isDraining: () => this.#isDraining,
      onFault: (error, where) => this.#log.error({ err: error, where }, 'a fault inside a connection'),
    };
  }

  #createAdapter(services: Services): Adapter {
    const routes = new Routes({
      assets: this.#loadAssets(),
      metrics: services.metrics,
      probe: () => services.engine.probe(),
      isDraining: services.isDraining,
      now: this.#now,
    });
    const handlers: AdapterHandlers<ConnectionConsumer> = {
      request: (request) => routes.handle(request),
      upgrade: (request) => decideUpgrade(request, this.#options.origins, services),
      opened: (socket) => this.#opened(socket),
      text: (socket, text) => socket.context.text(text),
      binary: (socket) => socket.context.binary(),
      dropped: (socket) => socket.context.dropped(),
      drained: (socket) => socket.context.drained(),
      closed: (socket, code) => this.#closed(socket, code),
    };
    const { adapter, fallback } = createAdapter(
      this.#options.transport,
      {
        maxMessageBytes: MAX_RAW_FRAME_BYTES,
        maxBufferedBytes: MAX_BUFFERED_BYTES,
        idleTimeoutS: this.#options.idleTimeoutS,
        onError: (error, where) => this.#log.error({ err: error, where }, 'a fault at a socket'),
      },
      handlers,
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

  #opened(socket: RelaySocket<ConnectionConsumer>): void {
    this.#sockets.add(socket);
    if (!socket.context.isConnected) this.#unconnected.add(socket);
    socket.context.opened(socket);
    if (this.#isDraining) socket.context.drain({ retryAfterMs: DRAIN_BASE_MS }); // it was let in as the drain began
  }

  #closed(socket: RelaySocket<ConnectionConsumer>, code: number): void {
    this.#sockets.delete(socket);
    this.#unconnected.delete(socket);
    socket.context.closed(code);
  }

  #startTimers(rooms: Rooms, metrics: Metrics): void {
    this.#every(NEWS_TICK_MS, () => rooms.tellNews());
    this.#every(RELEASE_TICK_MS, () => rooms.releaseIdle());
    this.#every(CONNECT_TICK_MS, () => this.#endUnconnected());
    let due = performance.now() + LOOP_TICK_MS;
    this.#every(LOOP_TICK_MS, () => {
      metrics.loopDelayed(Math.max(0, performance.now() - due));
      due = performance.now() + LOOP_TICK_MS;
    });
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(work, intervalMs));
  }

  #endUnconnected(): void {
    const now = this.#now();
    for (const socket of this.#unconnected) {
      if (socket.context.isConnected) this.#unconnected.delete(socket);
      else if (now - socket.context.openedAt >= CONNECT_TIMEOUT_MS) socket.end(CLOSE_CODES.connect_timeout, 'connect_timeout');
      else return; // those behind it came later
    }
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    this.#adapter?.stopListening();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#engine?.close(); // what is under way is stored, and its publishers are told
    const sockets = [...this.#sockets];
    const windowMs = Math.min(this.#options.drainWindowMs, sockets.length * DRAIN_STEP_MS);
    sockets.forEach((socket, i) => {
      socket.context.drain({ retryAfterMs: DRAIN_BASE_MS + Math.round((i / sockets.length) * windowMs) });
    });
    await this.#adapter?.close();
    this.#log.info({ connections: sockets.length }, 'drained');
  }
}
