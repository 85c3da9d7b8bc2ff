// What both adapters demand of their options, and how they cut and clean what a socket library would stumble over.
import { createServer } from 'node:net';
import type { AdapterOptions, ListenAddress } from './adapter.ts';
import { ListenError } from './adapter.ts';

const MAX_CLOSE_REASON_BYTES = 123;

/** Throws a RangeError. uWebSockets.js would end the process instead. */
export function checkOptions({ idleTimeoutS, maxMessageBytes, maxBufferedBytes }: AdapterOptions): void {
  if (!Number.isInteger(idleTimeoutS / 4) || idleTimeoutS < 8 || idleTimeoutS > 960) {
    throw new RangeError(`idleTimeoutS is ${idleTimeoutS}; it must be a multiple of 4 from 8 to 960.`);
  }
  for (const [name, value] of Object.entries({ maxMessageBytes, maxBufferedBytes })) {
    // Above 2^31 the native side would read a negative number.
    if (!Number.isInteger(value) || value < 1 || value > 0x7fff_ffff) {
      throw new RangeError(`${name} is ${value}; it must be a whole number from 1 to 2147483647.`);
    }
  }
}

/** A close frame holds 123 bytes of reason. What is longer is cut between characters: half of one would be invalid. */
export function closeReason(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_CLOSE_REASON_BYTES) return reason;
  let end = MAX_CLOSE_REASON_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/**
 * Half a surrogate pair has no UTF-8. uWebSockets.js writes one as bytes that every client must answer by closing, so
 * that one such text in a room would throw out everybody in it.
 */
export function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed(); // in Node 20, not yet in es2023's types
}

/** An IPv4 address is told the same way, whichever family of socket it came through. */
export function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
}

/** `localhost` may name two addresses, of which a library takes either; the relay takes the one that is always there. */
export function bindHost(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}

/** Tries an address and lets it go again. Resolves with its port, rejects with a ListenError. */
export function probeListen(address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(listenError(address, error)));
    server.listen({ host: bindHost(address.host), port: address.port, exclusive: true }, () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
      server.close(() => resolve(port));
    });
  });
}

export function listenError({ host, port }: ListenAddress, error: NodeJS.ErrnoException): ListenError {
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${port} is in use on ${host}; choose another with --port, or stop the process that has it.`;
    return new ListenError('port_in_use', message);
  }
  if (error.code === 'EACCES') {
    return new ListenError(
      'listen_failed',
      `Port ${port} on ${host} needs privileges this process lacks; choose one above 1023.`,
    );
  }
  return new ListenError('listen_failed', `Cannot listen on ${host}, port ${port}: ${error.message}.`);
}
