// Everything the bench starts, and the directories it makes: each on a core of its own where the machine has two, all of it
// gone when the bench ends, however it ends.

import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Servers run on the first core, what makes the load on the second. */
export const CORE = { server: 0, load: 1 } as const;
const STOP_MS = 5_000;

const running = new Set<ChildProcess>();
const directories = new Set<string>();

let shared: { readonly reason: string | undefined } | undefined;

/** Why servers and load share their cores here; undefined where each has one of its own. */
export function sharedCores(): string | undefined {
  shared ??= { reason: lookForCores() };
  return shared.reason;
}

function lookForCores(): string | undefined {
  if (availableParallelism() < 2) return 'this machine has one core: server and load share it, and no figure here says much';
  if (spawnSync('taskset', ['--version']).error)
    return 'taskset is not installed (apt-get install util-linux): server and load share their cores';
  return undefined;
}

/** Starts a program on one core. It is ended with the bench, if not before. */
export function start(
  core: number,
  [file = '', ...args]: readonly string[],
  options: { readonly stdio: StdioOptions; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
): ChildProcess {
  const { stdio, env, cwd } = options;
  const [command = '', ...rest] = sharedCores() === undefined ? ['taskset', '-c', `${core}`, file, ...args] : [file, ...args];
  const child = spawn(command, rest, { stdio, env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  running.add(child);
  child.on('error', () => running.delete(child));
  child.on('close', () => running.delete(child));
  return child;
}

/** This program again, with a subcommand. */
export function ownCommand(...args: readonly string[]): readonly string[] {
  return [process.execPath, '--enable-source-maps', process.argv[1] ?? '', ...args];
}

/** Resolves with the first match in what a program writes. Rejects with all it wrote where it ends before. */
export function written(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer): void => {
      text = `${text}${String(chunk)}`.slice(-65_536);
      const match = pattern.exec(text);
      if (match) resolve(match);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended (${code}): ${text}`)));
  });
}

/** Asks a program to end, makes it after 5 s, and resolves when it has. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await closed;
  clearTimeout(timer);
}

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'chat-room-bench-'));
  directories.add(path);
  return path;
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
  directories.delete(path);
}

/** Ends all that is still running, at once, and removes what is left of its files. */
export function endEverything(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const path of directories) rmSync(path, { recursive: true, force: true });
}

/** A port nobody listens on. For programs that can't say which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('This machine gave no port.');
  return address.port;
}
