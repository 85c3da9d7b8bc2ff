// Real Redis servers in processes of their own, each on free ports with a directory of its own: to be killed, paused and
// started again.

import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { Condition } from './condition.ts';
import { temporaryDir } from './relay-fixture.ts';

const HOST = '127.0.0.1';
/** A cluster's servers talk to each other on a second port, so far above the first. */
const BUS_PORT_DISTANCE = 10_000;
const [MIN_PORT, MAX_PORT] = [20_000, 50_000];

// A test that fails leaves its servers behind; they must not outlive the file that started them.
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface RedisServerOptions {
  /** Whether it keeps all that it answered for over a restart. */
  readonly appendonly?: boolean;
  /** Further settings: `['--maxmemory', '10mb']`. */
  readonly settings?: readonly string[];
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Runs a command and resolves with what redis-cli prints. */
  cli(...command: readonly string[]): Promise<string>;
  /** It answers nothing more, and keeps its connections. */
  pause(): void;
  resume(): void;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on its port, with what its directory holds; `empty` forgets that first. */
  restart(options?: { readonly empty?: boolean }): Promise<void>;
  /** Forgets all data. */
  empty(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Starts a server and waits until it takes connections. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = new RedisServerProcess(await freePort(), options);
  await server.start();
  return server;
}

/** Three servers that share the slots. */
export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  readonly url: string;
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts three servers and makes a cluster of them. */
export async function startRedisCluster(options: RedisServerOptions = {}): Promise<RedisCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', ...(options.settings ?? [])];
  const ports: number[] = [];
  while (ports.length < 3) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const servers = ports.map((port) => new RedisServerProcess(port, { ...options, settings }));
  await Promise.all(servers.map((server) => server.start()));
  const addresses = ports.map((port) => `${HOST}:${port}`);
  await promisify(execFile)(redisCli(), ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes']);
  await Promise.all(servers.map((server) => server.logged('Cluster state changed: ok')));
  return {
    servers,
    url: servers.map(({ url }) => url).join(','),
    empty: async () => {
      await Promise.all(servers.map((server) => server.empty()));
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

class RedisServerProcess implements RedisServer {
  readonly port: number;
  readonly #settings: readonly string[];
  readonly #dir = temporaryDir();
  readonly #condition = new Condition();
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #log = '';

  constructor(port: number, { appendonly = false, settings = [] }: RedisServerOptions) {
    this.port = port;
    // With everysec a Redis on a slow disk answers up to two seconds before it writes: see relay/src/engine/redis/README.md.
    this.#settings = ['--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', 'always', '--save', '', ...settings];
  }

  get url(): string {
    return `redis://${HOST}:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', HOST, '--dir', this.#dir, ...this.#settings];
    const child = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    this.#child = child;
    this.#log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      this.#log += String(chunk);
      this.#condition.changed();
    });
    this.#exited = once(child, 'close').then(() => {
      running.delete(child);
      this.#condition.changed();
    });
    await this.logged('Ready to accept connections');
  }

  /** Resolves once its log, since its last start, holds a text. Rejects where it ends before. */
  logged(text: string): Promise<true> {
    return this.#condition.until(() => {
      if (this.#log.includes(text)) return true;
      if (this.#child?.exitCode !== null) throw new Error(`redis-server ended:\n${this.#log}`);
      return undefined;
    });
  }

  async cli(...command: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(redisCli(), ['-h', HOST, '-p', `${this.port}`, ...command]);
    return stdout.trim();
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  async restart({ empty = false } = {}): Promise<void> {
    await this.kill();
    if (empty) {
      rmSync(this.#dir, { recursive: true, force: true });
      mkdirSync(this.#dir);
    }
    await this.start();
  }

  async empty(): Promise<void> {
    await this.cli('FLUSHALL');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function redisCli(): string {
  return process.env['REDIS_CLI'] ?? 'redis-cli';
}

/** A port that is free, and so is the one a cluster needs beside it. Low enough that there is one beside it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = MIN_PORT + Math.floor(Math.random() * (MAX_PORT - MIN_PORT));
    if ((await isFree(port)) && (await isFree(port + BUS_PORT_DISTANCE))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST);
  try {
    await once(server, 'listening');
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}
