// Starts the built relay as a process, for tests and for programs alike: it knows no test runner.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Condition } from './condition.ts';

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
  /** What the command starts with, where something is to start it. */
  readonly enter?: readonly string[];
}

export interface LaunchedRelay extends Pick<RelayProcess, 'log' | 'logged' | 'exited'> {
  readonly child: ChildProcess;
}

/** Starts the process, and reads what it writes. */
export function launchRelay({ args, env, script = relayCommand(), maxFileKiB, enter = [] }: RelayProcessOptions): LaunchedRelay {
  const command = [...enter, process.execPath, script, ...args];
  // A shell sets the limit, and has the signal ignored that would end the process instead of failing its write.
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -S -f ${maxFileKiB}; exec "$0" "$@"`, ...command];
  const [file = '', ...rest] = maxFileKiB === undefined ? command : limited;
  const child = spawn(file, rest, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
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

/** Resolves once it listens. Rejects with what it wrote to stderr where it ends before that. */
export async function listening({ child, log, logged, exited }: LaunchedRelay): Promise<RelayProcess> {
  const failed = exited.then((exit) =>
    Promise.reject(new Error(`the relay ended (${exit.code ?? exit.signal}): ${exit.stderr}`)),
  );
  const line = await Promise.race([logged(({ msg }) => msg === 'listening'), failed]);
  failed.catch(() => undefined);
  const port = line['port'] as number;
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

/** The relay's own command. This file runs as a source in tests, and as part of a bundle elsewhere in the tree. */
export function relayCommand(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package-lock.json'))) return join(directory, 'relay/dist/cli.js');
    if (directory === dirname(directory)) throw new Error('A relay is started from inside the repository.');
  }
}
