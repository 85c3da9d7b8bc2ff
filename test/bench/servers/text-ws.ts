// A room server as the readme of `ws` has it: a loop over the sockets of the room.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { listening } from './listening.ts';

/** Starts the server on a free port. */
export function serveTextWs(): void {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const rooms = new Map<string, Set<WebSocket>>();
  sockets.on('connection', (socket, request) => {
    const name = request.url ?? '/';
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room.add(socket));
    socket.on('message', (data, isBinary) => {
      for (const member of room) if (member.readyState === member.OPEN) member.send(data, { binary: isBinary });
    });
    socket.on('close', () => room.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port));
}
