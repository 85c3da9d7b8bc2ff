// The processes of a run: relays and Redis servers, to be killed, stopped and started again. None of them outlives this one.
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchRelay, listening } from '../support/relay-launch.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function guard(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'chat-room-chaos-'));
}

export interface RelayCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it is started by, where not directly. */
  readonly enter?: readonly string[];
}

/** A relay over all its lives. */
export class RelayLives {
  readonly #command: RelayCommand;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #port = 0;
  /** The sentences with which it ended when nobody had asked it to. */
  readonly crashes: string[] = [];

  constructor(command: RelayCommand) {
    this.#command = command;
  }

  /** The port of its present life, or of its last. */
  get port(): number {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts a process, and resolves when it listens. */
  async start(): Promise<void> {
    const launched = launchRelay(this.#command);
    guard(launched.child);
    this.#child = launched.child;
    this.#exited = launched.exited;
    const { port } = await listening(launched);
    this.#port = port;
    void launched.exited.then(({ code, signal, stderr }) => {
      if (this.#child === launched.child) this.crashes.push(`A relay ended by itself (${code ?? signal}): ${stderr.trim()}`);
    });
  }

  /** Ends its process by that signal, and resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill(signal);
    await this.#exited;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.#child?.kill(signal);
  }
}

const HOST = '127.0.0.1';

/** A Redis server over all its lives: on one port, with one directory. */
export class RedisLives {
  readonly port: number;
  readonly #directory = temporaryDirectory();
  readonly #settings: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, settings: readonly string[]) {
    this.port = port;
    this.#settings = settings;
  }

  static async start(settings: readonly string[]): Promise<RedisLives> {
    const redis = new RedisLives(await freePort(), settings);
    await redis.start();
    return redis;
  }

  /** Starts it with what its directory holds. `more` are settings of this life. */
  async start(more: readonly string[] = []): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', HOST, '--dir', this.#directory, '--save', '', ...this.#settings, ...more];
    const child = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    guard(child);
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stdout.on('data', (chunk: Buffer) => {
        if (log !== 'ready') log += String(chunk);
        if (!log.includes('Ready to accept connections')) return;
        log = 'ready';
        resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`redis-server ended:\n${log}`)));
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Forgets what is on its disk. It must not run. */
  forget(): void {
    rmSync(this.#directory, { recursive: true, force: true });
    mkdirSync(this.#directory);
  }

  async command(...command: readonly string[]): Promise<string> {
    const cli = process.env['REDIS_CLI'] ?? 'redis-cli';
    const { stdout } = await promisify(execFile)(cli, ['-h', HOST, '-p', `${this.port}`, ...command]);
    return stdout.trim();
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
