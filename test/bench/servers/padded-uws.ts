// The bare broadcast with as many bytes to send as the relay has: what is between the two is the relay's own work, and what is
// between this and the bare one is what the bytes cost.

import { serveTextUws } from './text-uws.ts';

/** About as long as the relay's push of the load's text, with offset, time, author and id. */
const PUSH_BYTES = 240;
const LETTER_X = 0x78;

/** Starts the server on a free port. */
export function servePaddedUws(): void {
  const push = new Uint8Array(PUSH_BYTES);
  // The library copies what is published before the call returns: one buffer is enough.
  serveTextUws((message) => {
    if (message.byteLength >= PUSH_BYTES) return message;
    push.fill(LETTER_X, message.byteLength).set(new Uint8Array(message));
    return push.buffer;
  });
}
