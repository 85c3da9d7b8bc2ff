// A relay's life: it opens its engine, listens, keeps time, drains. What it is made of is put together in assembly.ts.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Assembly } from './assembly.ts';
import { assemble } from './assembly.ts';
import { authenticatorOf } from './auth/from-options.ts';
import type { Authenticator } from './auth/identity.ts';
import { checkOrigins } from './auth/origins.ts';
import type { Route } from './consumer/route.ts';
import type { Engine } from './engine/engine.ts';
import { openEngine } from './engine/open-engine.ts';
import type { BlobStore } from './files/blob-store.ts';
import { openBlobStore } from './files/file-options.ts';
import { MemoryBlobStore } from './files/memory-blob-store.ts';
import type { Asset } from './http/assets.ts';
import { loadAssets } from './http/assets.ts';
import type { Layer } from './layer/layer.ts';
import { Metrics } from './metrics.ts';
import type { Operations } from './operations.ts';
import type { RelayOptions } from './options.ts';
import { resolveOptions } from './options.ts';
import { tlsFiles } from './tls-options.ts';
import type { Siblings } from './workers/siblings.ts';

const NEWS_TICK_MS = 100;
const SECOND_MS = 1_000;
const RELEASE_TICK_MS = 10_000;
const SWEEP_TICK_MS = 60_000;
const LOOP_TICK_MS = 500;
/** A drained client waits at least this long: a restart takes about as much. */
const DRAIN_BASE_MS = 1_000;
/** How far apart two clients return, as long as the window has room. */
const DRAIN_STEP_MS = 5;

/** What an embedding program may bring of its own. */
export interface RelayParts {
  /** Consumers of its own, tried before those of the chat. */
  readonly routes?: readonly Route[];
  /** What keeps its rooms; closed with the relay. Default: Redis where the options name one, else the store in `data`. */
  readonly engine?: Engine | Promise<Engine>;
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

interface Running extends Assembly {
  readonly engine: Engine;
}

class RelayProcess implements Relay {
  readonly #options: RelayOptions;
  readonly #parts: RelayParts;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #steady: () => number;
  readonly #timers: NodeJS.Timeout[] = [];
  #isDraining = false;
  #running: Running | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RelayOptions, parts: RelayParts) {
    this.#options = options;
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#steady = parts.now ?? (() => performance.now());
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
    const { host, port } = this.#options;
    const { siblings } = this.#parts;
    const metrics = new Metrics({
      connections: () => this.#running?.connections.size ?? 0,
      rooms: () => this.#running?.rooms.size ?? 0,
      members: () => this.#running?.rooms.members ?? 0,
      subscriptions: () => this.#running?.rooms.subscriptions ?? 0,
      siblings,
    });
    const engine = await this.#openEngine(metrics);
    try {
      const running = { ...this.#assemble(engine, metrics), engine };
      this.#running = running;
      const bound = await running.adapter.listen({ host, port, sharing: siblings ? 'shared' : 'exclusive' });
      this.#startTimers(running, metrics);
      const scheme = tlsFiles(this.#options) ? 'https' : 'http';
      const url = `${scheme}://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${bound}/`;
      const listening = { port: bound, url, transport: running.adapter.name };
      // Of several workers their supervisor tells, once, when all of them listen.
      this.#log.info(listening, siblings ? 'a worker listens' : 'listening');
      return listening;
    } catch (error) {
      this.#running = undefined;
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
    return this.#parts.engine ?? openEngine(this.#options, { log: this.#log, metrics, now: this.#parts.now });
  }

  #assemble(engine: Engine, metrics: Metrics): Assembly {
    const { routes = [], authenticate = authenticatorOf(this.#options, engine.secret) } = this.#parts;
    return assemble({
      options: this.#options,
      engine,
      store: this.#openStore(),
      metrics,
      log: this.#log,
      routes,
      authenticate,
      assets: this.#loadAssets(),
      now: this.#now,
      steady: this.#steady,
      isDraining: () => this.#isDraining,
    });
  }

  /** Who brings an engine has nothing written to the disk that they did not ask for. */
  #openStore(): BlobStore {
    const { files } = this.#options;
    const store = this.#parts.engine && files === undefined ? new MemoryBlobStore() : openBlobStore(this.#options);
    this.#log.info({ files: store.address }, 'files are kept here');
    return store;
  }

  #loadAssets(): ReadonlyMap<string, Asset> {
    const dir = this.#parts.publicDir ?? fileURLToPath(new URL('./public', import.meta.url));
    if (existsSync(dir)) return loadAssets(dir);
    this.#log.warn({ dir }, 'there are no pages to serve: build them with npm run build');
    return new Map();
  }

  #startTimers({ rooms, connections, deadlines, files }: Running, metrics: Metrics): void {
    this.#every(NEWS_TICK_MS, () => rooms.tellNews());
    this.#every(RELEASE_TICK_MS, () => rooms.releaseIdle());
    this.#every(SWEEP_TICK_MS, () => void files.sweep());
    void files.sweep(); // one that is restarted each minute sweeps too
    this.#every(SECOND_MS, () => {
      deadlines.tick(this.#steady());
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
    if (!this.#running) return;
    const { adapter, connections, publisher, engine, rooms, webhooks, files } = this.#running;
    adapter.stopListening();
    rooms.tellNews();
    // What is under way is stored, and its publishers are told, before anybody is sent away.
    await publisher.close();
    await engine.close();
    const count = connections.drain((i, of) => {
      const windowMs = Math.min(this.#options.drainWindowMs, of * DRAIN_STEP_MS);
      return { retryAfterMs: DRAIN_BASE_MS + Math.round((i / of) * windowMs) };
    });
    await files.close();
    await adapter.close();
    await webhooks.close();
    this.#log.info({ connections: count }, 'drained');
  }
}
