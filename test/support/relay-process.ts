// A real relay in a process of its own, to be killed for real.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { Condition } from './condition.ts';

const CLI = fileURLToPath(new URL('../../relay/dist/cli.js', import.meta.url));

// A test that fails leaves its relay behind; it must not outlive the file that started it.
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface RelayExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface RelayProcess {
  readonly pid: number;
  readonly port: number;
  readonly http: string;
  readonly ws: string;
  /** The log lines so far, parsed. */
  readonly log: readonly LogLine[];
  /** Resolves with the first line, of those that came and of those to come, that matches. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves when the process is gone, and all that it has started and that writes to its output. */
  readonly exited: Promise<RelayExit>;
  kill(signal: NodeJS.Signals): Promise<RelayExit>;
}

export interface RelayProcessOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A program that runs a relay. Default: the relay's own command. */
  readonly script?: string;
  /** Soft limit on the size of a file it writes, in KiB: a disk that is full for this process alone. */
  readonly maxFileKiB?: number;
}

/** Starts the built relay and waits until it listens. Rejects with what it wrote to stderr where it does not. */
export async function spawnRelay(options: RelayProcessOptions): Promise<RelayProcess> {
  const { child, log, logged, exited } = launch(options);
  const listening = new Promise<{ readonly port: number }>((resolve) => {
    child.stdout?.on('data', () => {
      const line = log.find(({ msg }) => msg === 'listening');
      if (line) resolve(line as unknown as { readonly port: number });
    });
  });
  const failed = exited.then((exit) =>
    Promise.reject(new Error(`the relay ended (${exit.code ?? exit.signal}): ${exit.stderr}`)),
  );
  const { port } = await Promise.race([listening, failed]);
  failed.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    port,
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}/ws`,
    log,
    logged,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs the relay's command to its end. */
export function runRelay(options: RelayProcessOptions): Promise<RelayExit> {
  return launch(options).exited;
}

function launch({
  args,
  env,
  script = CLI,
  maxFileKiB,
}: RelayProcessOptions): Pick<RelayProcess, 'log' | 'logged' | 'exited'> & { readonly child: ChildProcess } {
  const command = [process.execPath, script, ...args];
  // A shell sets the limit, and has the signal ignored that would end the process instead of failing its write.
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -S -f ${maxFileKiB}; exec "$0" "$@"`, ...command];
  const [file = '', ...rest] = maxFileKiB === undefined ? command : limited;
  const child = spawn(file, rest, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('close', () => running.delete(child));
  const log: LogLine[] = [];
  const condition = new Condition();
  let stderr = '';
  let partial = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (partial + String(chunk)).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) log.push(JSON.parse(line) as LogLine);
    condition.changed();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }) as RelayExit);
  const logged: RelayProcess['logged'] = (matches) => condition.until(() => log.find(matches));
  return { child, log, logged, exited };
}
