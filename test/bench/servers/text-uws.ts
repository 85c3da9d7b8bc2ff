// The limit that the relay is compared with: uWebSockets.js and its own topics. No JSON, no history, no identity.

import { createRequire } from 'node:module';
import { listening } from './listening.ts';

interface Socket {
  getUserData?(): { readonly room: string };
  readonly room?: string;
  subscribe(topic: string): boolean;
}

interface Request {
  getUrl(): string;
  getHeader(name: string): string;
}

interface Response {
  upgrade(data: object, key: string, protocol: string, extensions: string, context: unknown): void;
}

interface App {
  ws(pattern: string, behavior: object): App;
  listen(host: string, port: number, done: (socket: object | false) => void): App;
  publish(topic: string, message: ArrayBuffer, isBinary: boolean, compress: boolean): boolean;
}

interface Uws {
  App(): App;
  us_socket_local_port(socket: object): number;
}

/** Some builds give the object passed to `upgrade`, others the socket with its properties. */
const roomOf = (socket: Socket): string => socket.getUserData?.().room ?? socket.room ?? '';

/** Starts the server on a free port. `pushOf` makes what is broadcast of what came. */
export function serveTextUws(pushOf: (message: ArrayBuffer) => ArrayBuffer = (message) => message): void {
  const uws = createRequire(import.meta.url)('uWebSockets.js') as Uws;
  const app = uws.App();
  app.ws('/*', {
    maxPayloadLength: 64 * 1024,
    idleTimeout: 120,
    maxBackpressure: 16 * 1024 * 1024,
    sendPingsAutomatically: true,
    upgrade: (response: Response, request: Request, context: unknown) =>
      response.upgrade(
        { room: request.getUrl() },
        request.getHeader('sec-websocket-key'),
        request.getHeader('sec-websocket-protocol'),
        request.getHeader('sec-websocket-extensions'),
        context,
      ),
    open: (socket: Socket) => socket.subscribe(roomOf(socket)),
    message: (socket: Socket, message: ArrayBuffer, isBinary: boolean) =>
      app.publish(roomOf(socket), pushOf(message), isBinary, false),
  });
  app.listen('127.0.0.1', 0, (socket) => socket && listening(uws.us_socket_local_port(socket)));
}
