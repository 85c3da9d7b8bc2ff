// HTTP as both adapters understand it: the same headers, the same refusals, the same answers to the byte.
import { STATUS_CODES } from 'node:http';
import type { BodySource, HttpRequest, HttpResponse } from './adapter.ts';

/** More header bytes than this are answered 431. */
export const MAX_HEADER_BYTES = 16_384;

/** An answer checked and ready to be written. */
export interface PreparedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined where the status has no `content-length`: 204 and 304. */
  readonly contentLength: number | undefined;
  /** Undefined where no body is written: 204, 304 and HEAD. */
  readonly body: string | Uint8Array | BodySource | undefined;
}

/** Adds a header as a recipient may join them (RFC 9110, 5.3). */
export function addHeader(headers: Map<string, string>, name: string, value: string): void {
  const key = name.toLowerCase();
  const earlier = headers.get(key);
  headers.set(key, earlier === undefined ? value : `${earlier}${key === 'cookie' ? '; ' : ', '}${value}`);
}

/** A fault as JSON (RFC 9457). */
export function problem(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Unknown', status }),
  };
}

/** Whether the client asks for a WebSocket, well-formed or not. */
export function asksForWebSocket(request: HttpRequest): boolean {
  return (
    request.headers.get('upgrade')?.toLowerCase() === 'websocket' &&
    /(^|,)\s*upgrade\s*(,|$)/i.test(request.headers.get('connection') ?? '')
  );
}

/** Why this request for a WebSocket cannot be granted (RFC 6455, 4.2.1), undefined where it can. */
export function upgradeRefusal(request: HttpRequest): HttpResponse | undefined {
  if (request.method !== 'GET') return problem(405, { allow: 'GET' });
  if (request.headers.get('sec-websocket-version') !== '13') return problem(426, { 'sec-websocket-version': '13' });
  if (!/^[+/0-9A-Za-z]{22}==$/.test(request.headers.get('sec-websocket-key') ?? '')) return problem(400);
  // Who asks for a WebSocket and for the end of the connection at once gets neither.
  if (/(^|,)\s*close\s*(,|$)/i.test(request.headers.get('connection') ?? '')) return problem(400);
  return undefined;
}

/**
 * Whether it can be read in two ways where the body of a request ends (RFC 9112, 6.3). A proxy in front may have read the
 * other way: what follows is then another's request, and must not be answered. node:http refuses such a request by itself.
 */
export function isAmbiguous({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  const length = headers.get('content-length');
  const coding = headers.get('transfer-encoding');
  return (length !== undefined && !/^\d+$/.test(length)) || (coding !== undefined && coding.toLowerCase() !== 'chunked');
}

/** Checks an answer and works out what of it is written. Throws where a header would break out of its line. */
export function prepareResponse(method: string, { status, headers, body }: HttpResponse): PreparedResponse {
  const entries = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  for (const [name, value] of entries) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw new TypeError(`The response header ${JSON.stringify(name)} holds a character that HTTP does not allow.`);
    }
  }
  const bodiless = status === 204 || status === 304;
  return {
    status,
    statusText: STATUS_CODES[status] ?? 'Unknown',
    headers: entries,
    contentLength: bodiless ? undefined : isSource(body) ? body.bytes : Buffer.byteLength(body),
    body: bodiless || method === 'HEAD' ? undefined : isSource(body) && body.bytes === 0 ? '' : body,
  };
}

/** True for a body that comes in pieces. */
export function isSource(body: HttpResponse['body'] | undefined): body is BodySource {
  return typeof body === 'object' && 'chunks' in body;
}

/** The pieces of a source, none of them empty. Rejects where they are not as many bytes as it says. */
export async function* piecesOf({ bytes, chunks }: BodySource): AsyncGenerator<Uint8Array, void, void> {
  let left = bytes;
  for await (const chunk of chunks) {
    left -= chunk.length;
    if (left < 0) break;
    if (chunk.length > 0) yield chunk;
  }
  if (left !== 0) throw new RangeError('The body of a response is not as long as its head says.');
}

/** Gives the result of `work`, which may be a promise, to `done`, in the same turn where it can. Whatever throws goes to `failed`. */
export function settle<T>(work: () => T | Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void {
  try {
    const value = work();
    if (value instanceof Promise) value.then(done).catch(failed);
    else done(value);
  } catch (error) {
    failed(error);
  }
}
