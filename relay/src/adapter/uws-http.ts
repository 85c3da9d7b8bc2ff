// One HTTP exchange over uWebSockets.js. Its request lives on the stack and is dead when the callback returns, and a
// response may be touched only until it is aborted or answered: both facts end here.
import { SocketAddress } from 'node:net';
import type { HttpRequest, HttpResponse } from './adapter.ts';
import { addHeader, type PreparedResponse, prepareResponse, problem } from './http.ts';
import { plainAddress } from './rules.ts';
import type { UwsRequest, UwsResponse } from './uws-binding.ts';

const NO_BYTES = new Uint8Array(0);

/** Takes everything from a request that may be needed later. */
export function copyRequest(response: UwsResponse, request: UwsRequest): HttpRequest {
  const headers = new Map<string, string>();
  request.forEach((name, value) => {
    addHeader(headers, name, value);
  });
  return {
    method: request.getMethod().toUpperCase(),
    path: request.getUrl(),
    query: request.getQuery() ?? '',
    headers,
    remoteAddress: addressText(new Uint8Array(response.getRemoteAddress())),
    body: NO_BYTES,
  };
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
  return plainAddress(new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address);
}

/** A response that is answered once at the most, and never after the peer has gone. */
export class UwsExchange {
  readonly #response: UwsResponse;
  readonly #method: string;
  readonly #onError: (error: unknown) => void;
  #open = true;

  // The library ends the process over a callback that returns with neither an answer nor an abort handler.
  constructor(response: UwsResponse, method: string, onError: (error: unknown) => void) {
    this.#response = response;
    this.#method = method;
    this.#onError = onError;
    response.onAborted(() => {
      this.#open = false;
    });
  }

  readonly answer = (response: HttpResponse): void => {
    const prepared = prepareResponse(this.#method, response);
    this.take((open) => open.cork(() => write(open, prepared)));
  };

  readonly fail = (error: unknown): void => {
    this.#onError(error);
    this.answer(problem(500));
  };

  /** Hands the response to `use`, which must answer or upgrade it; not where it is answered, or the peer gone. */
  take(use: (response: UwsResponse) => void): void {
    if (!this.#open) return;
    this.#open = false;
    use(this.#response);
  }

  /** Reads the body. `done` is not called where the peer goes before its end, or sends more than `limit`. */
  readBody(request: HttpRequest, limit: number, done: (request: HttpRequest) => void): void {
    const { headers } = request;
    if ((headers.get('content-length') ?? '0') === '0' && !headers.has('transfer-encoding')) {
      done(request);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    this.#response.onData((chunk, isLast) => {
      size += chunk.byteLength;
      if (size > limit) return this.answer(problem(413));
      chunks.push(Buffer.from(chunk.slice(0))); // a copy: the chunk itself is taken back on return
      if (isLast) done({ ...request, body: Buffer.concat(chunks) });
    });
  }
}

function write(response: UwsResponse, { status, statusText, headers, contentLength, body }: PreparedResponse): void {
  response.writeStatus(`${status} ${statusText}`);
  for (const [name, value] of headers) response.writeHeader(name, value);
  if (body !== undefined) {
    response.end(body);
    return;
  }
  // Told the length as an argument, the library would wait for that many bytes, and cut the connection.
  if (contentLength !== undefined) response.writeHeader('content-length', String(contentLength));
  response.endWithoutBody();
}
