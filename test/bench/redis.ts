import { spawnSync } from 'node:child_process';
import { CORE, freePort, removeDirectory, start, stop, temporaryDirectory, written } from './processes.ts';

const SERVER = process.env['REDIS_SERVER'] ?? 'redis-server';

/** A Redis server that runs. */
export interface RunningRedis {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What to install before it can be started; undefined where nothing is missing. */
export function redisMissing(): string | undefined {
  return spawnSync(SERVER, ['--version']).error ? 'apt-get install redis-server' : undefined;
}

/** Starts redis-server as it comes, but for the file of each minute's snapshot, which would fall into one run and not the next. */
export async function startRedis(options: readonly string[] = []): Promise<RunningRedis> {
  const [port, directory] = [await freePort(), temporaryDirectory()];
  const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '', ...options];
  const child = start(CORE.server, [SERVER, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  await written(child, /Ready to accept connections/);
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      await stop(child);
      removeDirectory(directory);
    },
  };
}
