// What the tutorial's chat runs on: Django Channels behind Daphne, its groups in Redis, from Debian's packages.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BENCH } from '../places.ts';
import { CORE, freePort, start, stop, written } from '../processes.ts';
import { redisMissing, startRedis } from '../redis.ts';
import type { Peer, RunningPeer } from './peer.ts';

/** Debian's own interpreter: that is the one its packages are for. */
const PYTHON = '/usr/bin/python3';
const DIRECTORY = join(BENCH, 'servers');
const PACKAGES = 'python3-django-channels python3-channels-redis python3-daphne';

function python(code: string): string | undefined {
  const { status, stdout } = spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

async function startDjango(): Promise<RunningPeer> {
  const redis = await startRedis();
  const port = await freePort();
  const command = [
    PYTHON,
    '-m',
    'daphne',
    '-b',
    '127.0.0.1',
    '-p',
    `${port}`,
    '--access-log',
    '/dev/null',
    'django_channels:application',
  ];
  const child = start(CORE.server, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: DIRECTORY,
    env: { BENCH_REDIS_PORT: `${redis.port}`, PYTHONDONTWRITEBYTECODE: '1' },
  });
  await written(child, /Listening on TCP address/);
  child.stdout?.resume();
  child.stderr?.resume();
  return {
    ports: [port],
    pids: [child.pid ?? 0, redis.pid],
    stop: async () => {
      child.kill('SIGKILL'); // it waits for its connections to end by themselves
      await stop(child);
      await redis.stop();
    },
  };
}

export const djangoChannels: Peer = {
  name: 'django',
  title: 'Django Channels, Daphne, Redis',
  dialect: 'django',
  recovers: false,
  missing: () =>
    python('import channels, daphne, channels_redis') === undefined ? `apt-get install ${PACKAGES} redis-server` : redisMissing(),
  version: () =>
    python(
      'import channels, daphne, django; print(f"Channels {channels.__version__}, Daphne {daphne.__version__}, Django {django.__version__}")',
    ) ?? 'unknown',
  start: startDjango,
};
