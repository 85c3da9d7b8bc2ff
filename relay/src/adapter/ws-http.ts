// HTTP over node:http, in the adapter's words.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import type { BodySource, HttpRequest, HttpResponse } from './adapter.ts';
import { BodyInterrupted, BodyStream } from './body-stream.ts';
import { addHeader, isSource, piecesOf, prepareResponse } from './http.ts';
import { plainAddress } from './rules.ts';

const NO_BYTES = new Uint8Array(0);
/** A body that is read whole must be there by then. */
const BODY_TIMEOUT_MS = 30_000;
/** A peer that reads nothing of its answer for so long is let go. */
const WRITE_TIMEOUT_MS = 10_000;

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

/** Reads the body. Calls back with undefined where it is larger than `limit`; never where the peer goes before its end, or is too slow. */
export function readBody(incoming: IncomingMessage, limit: number, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => incoming.destroy(), BODY_TIMEOUT_MS);
  incoming.once('close', () => clearTimeout(timer));
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size - chunk.length <= limit) done(undefined);
  });
  incoming.on('end', () => {
    if (size <= limit) done(Buffer.concat(chunks));
  });
}

/** The body as it comes, at the pace of its reader. */
export function streamBody(incoming: IncomingMessage): BodyStream {
  const body = new BodyStream({
    resume: () => incoming.resume(),
    pause: () => incoming.pause(),
    stalled: () => incoming.destroy(),
  });
  incoming.on('data', (chunk: Buffer) => body.push(chunk));
  incoming.once('end', () => body.finish());
  incoming.once('close', () => body.interrupt(new BodyInterrupted('peer_gone')));
  return body;
}

/** Answers an ordinary request; nothing where the peer has gone or was answered. `failed` is told of a body that breaks off. */
export function answer(
  outgoing: ServerResponse,
  method: string,
  response: HttpResponse,
  failed: (error: unknown) => void = () => {},
): void {
  const { status, statusText, headers, contentLength, body } = prepareResponse(method, response);
  if (outgoing.headersSent || outgoing.destroyed) return;
  const writeHead = (): void => {
    for (const [name, value] of headers) outgoing.setHeader(name, value);
    if (contentLength !== undefined) outgoing.setHeader('content-length', contentLength);
    outgoing.writeHead(status, statusText);
  };
  if (isSource(body)) {
    answerInPieces(outgoing, body, writeHead).catch((error: unknown) => {
      failed(error);
      if (outgoing.headersSent) outgoing.destroy();
    });
    return;
  }
  writeHead();
  outgoing.end(body);
}

/** The first piece is there before the head is written: until then a source that fails can be answered 500. */
async function answerInPieces(outgoing: ServerResponse, source: BodySource, writeHead: () => void): Promise<void> {
  let isFirst = true;
  for await (const piece of piecesOf(source)) {
    if (outgoing.destroyed) return;
    if (isFirst) writeHead();
    isFirst = false;
    if (!outgoing.write(piece)) await hasRoom(outgoing);
  }
  if (isFirst) writeHead();
  outgoing.end();
}

function hasRoom(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => outgoing.destroy(), WRITE_TIMEOUT_MS);
    const done = (): void => {
      clearTimeout(timer);
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
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
  if (isSource(body)) pipeline(piecesOf(body), socket, () => socket.destroy());
  else socket.end(body);
}
