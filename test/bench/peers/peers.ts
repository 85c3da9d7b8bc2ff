import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.ts';
import { chatRoom, chatRoomDisk } from './chat-room.ts';
import { djangoChannels } from './django-channels.ts';
import { startOwnServer } from './own-server.ts';
import type { Peer } from './peer.ts';
import { chatRoomRedis, chatRoomWorkers, twoRelays } from './two-relays.ts';

const npmVersion = (name: string) => (): string => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  return `${manifest.name} ${manifest.version}`;
};

const bare: Peer = {
  name: 'bare',
  title: 'bare uWebSockets.js broadcast',
  dialect: 'text',
  recovers: false,
  missing: () => undefined,
  version: npmVersion('uWebSockets.js'),
  start: () => startOwnServer('bare'),
};

const barePadded: Peer = {
  ...bare,
  name: 'bare-padded',
  title: 'bare broadcast of as many bytes as the relay pushes',
  start: () => startOwnServer('bare-padded'),
};

const ws: Peer = {
  name: 'ws',
  title: 'ws, a loop over the room',
  dialect: 'text',
  recovers: false,
  missing: () => undefined,
  version: npmVersion('ws'),
  start: () => startOwnServer('ws'),
};

const socketIo: Peer = {
  name: 'socket.io',
  title: 'Socket.IO with state recovery',
  dialect: 'socket.io',
  recovers: true,
  missing: () => undefined,
  version: npmVersion('socket.io'),
  start: () => startOwnServer('socket.io'),
};

export const PEERS: readonly Peer[] = [
  chatRoom,
  chatRoomDisk,
  chatRoomRedis,
  chatRoomWorkers,
  twoRelays,
  bare,
  barePadded,
  ws,
  socketIo,
  djangoChannels,
];
