// Socket.IO with the state recovery that it offers against lost messages.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { listening } from './listening.ts';

const RECOVERY_MS = 120_000;

/** Starts the server on a free port. */
export function serveSocketIo(): void {
  const server = createServer();
  const io = new Server(server, {
    transports: ['websocket'],
    connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS, skipMiddlewares: true },
  });
  io.on('connection', (socket) => {
    socket.on('join', async (room: string, done: () => void) => {
      await socket.join(room);
      done();
    });
    socket.on('message', (room: string, text: string) => io.to(room).emit('message', text));
  });
  server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port));
}
