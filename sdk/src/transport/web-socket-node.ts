// Node 20 has no WebSocket of its own. The `#web-socket` import selects this file or its sibling.

import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../protocol/version.ts';
import type { OpenTransport } from './transport.ts';

/** A peer that does not answer our close must not keep the process alive. */
const CLOSE_GRACE_MS = 1_000;

export const openWebSocket: OpenTransport = (url, handlers) => {
  const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false });
  let heard = true;
  socket.on('open', () => heard && handlers.opened());
  socket.on('message', (data, isBinary) => heard && !isBinary && handlers.message(data.toString()));
  socket.on('close', (code) => heard && handlers.closed(code));
  // A close follows every error. Without a listener the error would end the process.
  socket.on('error', () => undefined);
  return {
    send: (text) => socket.send(text),
    close() {
      heard = false;
      socket.close(1000);
      setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
    },
  };
};
