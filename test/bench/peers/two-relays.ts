// Relays on a Redis, all of them and it on the servers' core. Redis keeps an append-only file, as the relay asks for.

import { RELAY_COMMAND } from '../places.ts';
import { CORE, removeDirectory, start, stop, temporaryDirectory, written } from '../processes.ts';
import { redisMissing, startRedis } from '../redis.ts';
import { chatRoom, relayFlags, startRelay } from './chat-room.ts';
import type { Peer, RunningPeer } from './peer.ts';

async function startRelays(count: number): Promise<RunningPeer> {
  const redis = await startRedis(['--appendonly', 'yes']);
  const options = ['--redis', `redis://127.0.0.1:${redis.port}`];
  const relays = await Promise.all(Array.from({ length: count }, () => startRelay(options)));
  return {
    ports: relays.flatMap(({ ports }) => ports),
    pids: [...relays.flatMap(({ pids }) => pids), redis.pid],
    stop: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await redis.stop();
    },
  };
}

const WORKERS = 2;
const WORKER_LISTENS = /"pid":(\d+),[^\n]*"port":(\d+)[^\n]*"msg":"a worker listens"/g;

async function startWorkers(): Promise<RunningPeer> {
  const redis = await startRedis(['--appendonly', 'yes']);
  const data = temporaryDirectory();
  const flags = [...relayFlags(data), '--redis', `redis://127.0.0.1:${redis.port}`, '--workers', `${WORKERS}`];
  const child = start(CORE.server, [process.execPath, RELAY_COMMAND, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: data,
  });
  const { input } = await written(child, new RegExp(`(${WORKER_LISTENS.source}[\\s\\S]*){${WORKERS}}`));
  const workers = [...input.matchAll(WORKER_LISTENS)].map(([, pid, port]) => ({ pid: Number(pid), port: Number(port) }));
  return {
    ports: workers.slice(0, 1).map(({ port }) => port),
    pids: [child.pid ?? 0, ...workers.map(({ pid }) => pid)],
    stop: async () => {
      for (const { pid } of workers) process.kill(pid, 'SIGKILL');
      await stop(child);
      await redis.stop();
      removeDirectory(data);
    },
  };
}

export const chatRoomWorkers: Peer = {
  ...chatRoom,
  name: 'chat-room-workers',
  title: `chat-room, --workers ${WORKERS} on Redis`,
  missing: redisMissing,
  start: startWorkers,
};

export const chatRoomRedis: Peer = {
  ...chatRoom,
  name: 'chat-room-redis',
  title: 'chat-room, one relay on Redis',
  missing: redisMissing,
  start: () => startRelays(1),
};

export const twoRelays: Peer = {
  ...chatRoom,
  name: 'two-relays',
  title: 'chat-room, two relays on one Redis',
  missing: redisMissing,
  start: () => startRelays(2),
};
