// Relays on a Redis, all of them and it on the servers' core. Redis keeps an append-only file, as the relay asks for.

import { redisMissing, startRedis } from '../redis.ts';
import { chatRoom, startRelay } from './chat-room.ts';
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
