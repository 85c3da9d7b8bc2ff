// One HTTP exchange over uWebSockets.js. Its request lives on the stack and is dead when the callback returns, and a
// response may be touched only until it is aborted or answered: both facts end here.
import { SocketAddress } from 'node:net';
import type { BodyReceiver, BodySource, HttpRequest, HttpResponse } from './adapter.ts';
import { BodyInterrupted, BodyStream } from './body-stream.ts';
import { addHeader, isSource, type PreparedResponse, piecesOf, prepareResponse, problem, settle } from './http.ts';
import { plainAddress } from './rules.ts';
import type { UwsRequest, UwsResponse } from './uws-binding.ts';
import { UwsBodySender } from './uws-body-sender.ts';

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
  if (bytes.length === 4) return dotted(bytes, 0);
  if (bytes.length !== 16) return '';
  if (isMapped(bytes)) return dotted(bytes, 12);
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
  return plainAddress(new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address);
}

/** An IPv4 address over an IPv6 socket: `::ffff:` and four bytes. */
function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

function dotted(bytes: Uint8Array, from: number): string {
  return `${bytes[from]}.${bytes[from + 1]}.${bytes[from + 2]}.${bytes[from + 3]}`;
}

/** A response that is answered once at the most, and never after the peer has gone. */
export class UwsExchange {
  readonly #response: UwsResponse;
  readonly #method: string;
  readonly #onError: (error: unknown) => void;
  #open = true;
  #isAnswered = false;
  #onAborted: (() => void) | undefined;

  // The library ends the process over a callback that returns with neither an answer nor an abort handler.
  constructor(response: UwsResponse, method: string, onError: (error: unknown) => void) {
    this.#response = response;
    this.#method = method;
    this.#onError = onError;
    response.onAborted(() => {
      this.#open = false;
      this.#onAborted?.();
    });
  }

  readonly answer = (response: HttpResponse): void => {
    const prepared = prepareResponse(this.#method, response);
    const { body } = prepared;
    if (isSource(body)) void this.#answerInPieces(prepared, body);
    else this.take((open) => open.cork(() => write(open, prepared)));
  };

  readonly fail = (error: unknown): void => {
    this.#onError(error);
    this.answer(problem(500));
  };

  /** Hands the response to `use`, which must answer or upgrade it; not where it is answered, or the peer gone. */
  take(use: (response: UwsResponse) => void): void {
    if (!this.#open || this.#isAnswered) return;
    this.#open = false;
    use(this.#response);
  }

  /** Lets `receive` read the body as it comes, and answers what it resolves with. */
  receiveBody(request: HttpRequest, receive: BodyReceiver): void {
    const whenOpen = (use: (response: UwsResponse) => void) => (): void => {
      if (this.#open) use(this.#response);
    };
    const body = new BodyStream({
      resume: whenOpen((response) => response.resume()),
      pause: whenOpen((response) => response.pause()),
      stalled: whenOpen((response) => response.close()),
    });
    this.#onAborted = () => body.interrupt(new BodyInterrupted('peer_gone'));
    if (hasNoBody(request)) body.finish();
    else
      this.#response.onData((chunk, isLast) => {
        body.push(new Uint8Array(chunk.slice(0))); // a copy: the chunk itself is taken back on return
        if (isLast) body.finish();
      });
    settle(
      () => receive(body),
      (response) => {
        body.discard(); // a socket that is answered while it is not read would never be read again
        this.answer(response);
      },
      (error) => {
        body.discard();
        if (!(error instanceof BodyInterrupted)) this.fail(error);
      },
    );
  }

  async #answerInPieces(prepared: PreparedResponse, source: BodySource): Promise<void> {
    if (!this.#open || this.#isAnswered) return;
    try {
      await this.#sendPieces(prepared, source);
    } catch (error) {
      if (this.#isAnswered) this.#onError(error);
      else this.fail(error);
      if (this.#open) this.#response.close();
    }
  }

  /** The first piece is there before the head is written: until then a source that fails can be answered 500. */
  async #sendPieces(prepared: PreparedResponse, source: BodySource): Promise<void> {
    let sender: UwsBodySender | undefined;
    for await (const piece of piecesOf(source)) {
      if (!this.#open) return;
      sender ??= this.#beginPieces(prepared, source.bytes);
      await sender.send(piece);
      if (!sender.isEnded) continue;
      this.#open = false;
      return;
    }
  }

  #beginPieces(prepared: PreparedResponse, totalBytes: number): UwsBodySender {
    this.#isAnswered = true;
    const sender = new UwsBodySender(this.#response, totalBytes);
    this.#onAborted = () => sender.abort();
    this.#response.cork(() => writeHead(this.#response, prepared));
    return sender;
  }

  /** Reads the body. `done` is not called where the peer goes before its end, or sends more than `limit`. */
  readBody(request: HttpRequest, limit: number, done: (request: HttpRequest) => void): void {
    if (hasNoBody(request)) {
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

function hasNoBody({ headers }: HttpRequest): boolean {
  return (headers.get('content-length') ?? '0') === '0' && !headers.has('transfer-encoding');
}

function writeHead(response: UwsResponse, { status, statusText, headers }: PreparedResponse): void {
  response.writeStatus(`${status} ${statusText}`);
  for (const [name, value] of headers) response.writeHeader(name, value);
}

function write(response: UwsResponse, prepared: PreparedResponse): void {
  const { contentLength, body } = prepared;
  writeHead(response, prepared);
  if (body !== undefined) {
    response.end(isSource(body) ? NO_BYTES : body);
    return;
  }
  // Told the length as an argument, the library would wait for that many bytes, and cut the connection.
  if (contentLength !== undefined) response.writeHeader('content-length', String(contentLength));
  response.endWithoutBody();
}
