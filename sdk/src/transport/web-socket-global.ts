// Browsers, workers, Deno, Bun: the platform's own WebSocket. The `#web-socket` import selects this file or its sibling.

import { SUBPROTOCOL } from '../protocol/version.ts';
import type { OpenTransport } from './transport.ts';

interface WebSocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(code: number): void;
}

interface Platform {
  readonly WebSocket: new (url: string, protocol: string) => WebSocketLike;
}

export const openWebSocket: OpenTransport = (url, handlers) => {
  const socket = new (globalThis as unknown as Platform).WebSocket(url, SUBPROTOCOL);
  socket.onopen = () => handlers.opened();
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') handlers.message(data);
  };
  socket.onclose = ({ code }) => handlers.closed(code);
  return {
    send: (text) => socket.send(text),
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    },
  };
};
