// HTTP that nobody means well with: whatever is asked is answered as documented, nothing is answered 500, and nothing is
// logged as a fault. What the fuzzer found has a test of its own here, with the seed and the case.
import type { RelayParts } from '@chat-room/relay';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawSocket } from '../support/raw-socket.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';

const ignore = (): void => undefined;

describe.each(['uws', 'ws'] as const)('[P6] HTTP by strangers over %s', (transport) => {
  let relay: RunningRelay;
  let faults: unknown[];
  beforeEach(async () => {
    faults = [];
    // The part of a logger that a relay uses; the type has all of pino's.
    const logger = { info: ignore, warn: ignore, debug: ignore, error: (...fault: unknown[]) => faults.push(fault) };
    relay = await startRelay({ transport, logger: logger as unknown as NonNullable<RelayParts['logger']> });
  });
  afterEach(() => relay.stop());

  /** What a request is answered, byte for byte as it was written; status 0 where the connection ended without an answer. */
  async function asked(
    request: string | Uint8Array,
    method = 'GET',
  ): Promise<{ readonly status: number; readonly body: string }> {
    const socket = await RawSocket.connect(relay.port);
    await socket.write(request);
    let response = await socket.response(method);
    while (response.status === 100) response = await socket.response(method); // to `expect`: the answer itself comes behind it
    socket.reset();
    return response;
  }

  test('fuzz seed 20261123, case 846: an origin that no browser writes is not repeated', async () => {
    for (const method of ['OPTIONS', 'PUT']) {
      const head = `${method} /files/a/b HTTP/1.1\r\nhost: x\r\norigin: https://example.com\xe6\r\ncontent-length: 0\r\n\r\n`;
      const { status } = await asked(Buffer.from(head, 'latin1'));
      expect(status).toBe(method === 'OPTIONS' ? 204 : 401);
    }
    expect(faults).toEqual([]);
  });

  test('fuzz seed 20261123, case 46262: nobody is sent to an address that is not percent-encoded', async () => {
    const { status } = await asked(Buffer.from('GET /chat/caf\xe9 HTTP/1.1\r\nhost: x\r\n\r\n', 'latin1'));
    expect(status).toBe(transport === 'uws' ? 404 : 400); // node:http takes it for a violation
    expect(await asked('GET /chat/caf%C3%A9 HTTP/1.1\r\nhost: x\r\n\r\n')).toMatchObject({ status: 308 });
    expect(faults).toEqual([]);
  });

  test.each([
    ['two lengths', 'content-length: 0\r\ncontent-length: 39\r\n'],
    ['two lengths in one', 'content-length: 0, 39\r\n'],
    ['a length that is no number', 'content-length: 0x10\r\n'],
    ['a length below 0', 'content-length: -1\r\n'],
    ['a length and a coding', 'content-length: 0\r\ntransfer-encoding: chunked\r\n'],
    ['a coding that nobody knows', 'transfer-encoding: xchunked\r\n'],
    ['two codings', 'transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n'],
  ])('a request whose body may end in two places, by %s, ends the connection: none behind it is answered', async (_, fields) => {
    const socket = await RawSocket.connect(relay.port);
    await socket.write(`POST /api/v1/rooms HTTP/1.1\r\nhost: x\r\n${fields}\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`);
    expect([0, 400]).toContain((await socket.response()).status);
    await socket.ended();
    expect((await socket.response()).status).toBe(0);
    expect(faults).toEqual([]);
  });

  const segments = fc.constantFrom(
    'chat',
    'ws',
    'api',
    'v1',
    'rooms',
    'files',
    'events',
    'lobby',
    '..',
    '.',
    '',
    '%00',
    '%',
    '%zz',
    '%ed%a0%80',
    '%2e%2e',
    '__proto__',
    'x'.repeat(300),
    '大',
    '\\',
  );
  const paths = fc.array(segments, { minLength: 1, maxLength: 6 }).map((parts) => encodeNothing(`/${parts.join('/')}`));
  const queries = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => `?${printable(text)}`),
  );
  const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND');
  const names = fc.constantFrom(
    'accept',
    'accept-encoding',
    'authorization',
    'cookie',
    'content-type',
    'if-none-match',
    'if-range',
    'origin',
    'range',
    'x-request-id',
    'idempotency-key',
    'expect',
    'x-forwarded-for',
    'sec-websocket-key',
    'upgrade',
  );
  const values = fc.oneof(
    fc.constantFrom(
      '*',
      'gzip;q=NaN, br;q=-1',
      'Bearer ',
      'Bearer a.b.c',
      'bytes=0-',
      'bytes=-0',
      'bytes=5-2',
      'bytes=99999999999999999999-',
      '"',
      'W/"x", *',
      'null',
      '100-continue',
      'h2c',
    ),
    fc.string({ unit: 'binary', maxLength: 60 }).map(printable),
    fc.nat({ max: 12_000 }).map((length) => 'v'.repeat(length)),
  );
  const bodies = fc.oneof(fc.constant(''), fc.json(), fc.string({ unit: 'binary', maxLength: 200 }));
  const requests = fc.record({
    method: methods,
    path: paths,
    query: queries,
    headers: fc.array(fc.tuple(names, values), { maxLength: 4 }),
    body: bodies,
  });

  test('any path, query, method, header and body is answered, and with nothing that says a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query, headers, body }) => {
        const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const bytes = Buffer.from(body);
        const head = `${method} ${path}${query} HTTP/1.1\r\nhost: x\r\n${fields}content-length: ${bytes.length}\r\n\r\n`;
        const { status } = await asked(Buffer.concat([Buffer.from(head, 'latin1'), bytes]), method);
        expect(ANSWERS).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(faults).toEqual([]);
    expect(await asked('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')).toMatchObject({ status: 200 });
  });
});

/** What is documented: of HTTP itself, of pages and files, of the server API without a key. */
const ANSWERS = [
  200, 204, 206, 302, 304, 308, 400, 401, 403, 404, 405, 408, 411, 412, 413, 414, 415, 416, 417, 426, 431, 501, 505,
];

/** Without what ends a header's line, or the line of a request. */
function printable(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').replaceAll(/[ #]/g, '+');
}

/** As latin1: each character one byte, also where that is no URL. */
function encodeNothing(path: string): string {
  return Buffer.from(path).toString('latin1').replaceAll(' ', '+');
}
