// HTTP over node:http, in the adapter's words.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpRequest, HttpResponse } from './adapter.ts';
import { addHeader, prepareResponse } from './http.ts';
import { plainAddress } from './rules.ts';

const NO_BYTES = new Uint8Array(0);

export function copyRequest(incoming: IncomingMessage): HttpRequest {
  const headers = new Map<string, string>();
  const { rawHeaders, url = '/' } = incoming;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) addHeader(headers, rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  const mark = url.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    remoteAddress: plainAddress(incoming.socket.remoteAddress),
    body: NO_BYTES,
  };
}

/** Reads the body. Resolves with undefined where it is larger than `limit`; stays pending where the peer goes before its end. */
export function readBody(incoming: IncomingMessage, limit: number, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size - chunk.length <= limit) done(undefined);
  });
  incoming.on('end', () => {
    if (size <= limit) done(Buffer.concat(chunks));
  });
}

/** Answers an ordinary request; nothing where the peer has gone or was answered. */
export function answer(outgoing: ServerResponse, method: string, response: HttpResponse): void {
  const { status, statusText, headers, contentLength, body } = prepareResponse(method, response);
  if (outgoing.headersSent || outgoing.destroyed) return;
  for (const [name, value] of headers) outgoing.setHeader(name, value);
  if (contentLength !== undefined) outgoing.setHeader('content-length', contentLength);
  outgoing.writeHead(status, statusText);
  outgoing.end(body);
}

/** Answers where node:http has given up the connection: after an `upgrade`, or bytes it could not read. Then closes it. */
export function answerRaw(socket: Duplex, method: string, response: HttpResponse): void {
  const { status, headers, contentLength, body } = prepareResponse(method, response);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`, 'connection: close'];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (contentLength !== undefined) lines.push(`content-length: ${contentLength}`);
  socket.once('finish', () => socket.destroy());
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.end(body);
}
