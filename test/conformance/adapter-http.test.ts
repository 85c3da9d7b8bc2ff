// HTTP, the same for both adapters: no request ends without an answer, and none ends the process.
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../relay/src/adapter/adapter.ts';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import { Condition } from '../support/condition.ts';
import { type RawResponse, RawSocket } from '../support/raw-socket.ts';

const TEXT = { 'content-type': 'text/plain' };

async function ask(port: number, method: string, path: string, more = ''): Promise<RawResponse> {
  const socket = await RawSocket.connect(port);
  await socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
  const response = await socket.response(method);
  socket.destroy();
  return response;
}

describe.each(TRANSPORTS)('%s: requests', (transport) => {
  test('a handler sees method, path, query, headers, address and body, and its answer arrives', async () => {
    let seen: HttpRequest | undefined;
    const request = (incoming: HttpRequest): HttpResponse => {
      seen = incoming;
      return { status: 201, headers: { ...TEXT, 'x-made': 'yes' }, body: 'grüß dich' };
    };
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    const more = 'X-One: 1\r\nX-Two: a\r\nx-two: b\r\nCookie: c=1\r\ncookie: d=2\r\nContent-Length: 4\r\n\r\nbody';
    const socket = await RawSocket.connect(rig.port);
    await socket.write(`PUT /p%C3%A4th/x?a=1&b=%20 HTTP/1.1\r\nHost: localhost\r\n${more}`);
    const response = await socket.response();
    expect(seen).toMatchObject({ method: 'PUT', path: '/p%C3%A4th/x', query: 'a=1&b=%20', remoteAddress: '127.0.0.1' });
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      host: 'localhost',
      'x-one': '1',
      'x-two': 'a, b',
      cookie: 'c=1; d=2',
    });
    expect(Buffer.from(seen?.body ?? []).toString()).toBe('body');
    expect(response).toMatchObject({ status: 201, body: 'grüß dich' });
    expect(response.headers.get('x-made')).toBe('yes');
    expect(response.headers.get('content-length')).toBe('11');
  });

  test('a request without query and body has empty ones', async () => {
    let seen: HttpRequest | undefined;
    const request = (incoming: HttpRequest): HttpResponse => {
      seen = incoming;
      return { status: 200, headers: {}, body: new Uint8Array([104, 105]) };
    };
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    expect((await ask(rig.port, 'GET', '/')).body).toBe('hi');
    expect(seen).toMatchObject({ query: '', path: '/' });
    expect(seen?.body.length).toBe(0);
  });

  test.each([
    ['HEAD', 200, '3'],
    ['GET', 204, undefined],
    ['GET', 304, undefined],
  ])('%s answered %i has no body, and the connection can be used again', async (method, status, length) => {
    const request = ({ path }: HttpRequest): HttpResponse => ({
      status: path === '/a' ? status : 200,
      headers: TEXT,
      body: 'abc',
    });
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    const socket = await RawSocket.connect(rig.port);
    await socket.write(`${method} /a HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const first = await socket.response(method);
    expect(first.status).toBe(status);
    expect(first.headers.get('content-length')).toBe(length);
    await socket.write('GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await socket.response()).toMatchObject({ status: 200, body: 'abc' });
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s reaches the handler, which may answer 404', async (method) => {
    const rig = await AdapterRig.start(transport, {
      handlers: { request: ({ method: m }) => ({ status: 404, headers: TEXT, body: m }) },
    });
    expect(await ask(rig.port, method, '/none')).toMatchObject({ status: 404, body: method });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    ['answers a header that breaks out of its line', () => ({ status: 200, headers: { a: 'b\r\nc: d' }, body: '' })],
  ])(
    'a handler that %s is answered 500 as JSON, and told to the operator',
    async (_, request: () => HttpResponse | Promise<HttpResponse>) => {
      const rig = await AdapterRig.start(transport, { handlers: { request } });
      const response = await ask(rig.port, 'GET', '/');
      expect(response.status).toBe(500);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(JSON.parse(response.body)).toMatchObject({ status: 500, title: 'Internal Server Error' });
      expect(rig.errors).toMatchObject([{ where: 'request' }]);
    },
  );

  test('an asynchronous handler may answer after others', async () => {
    const gate = new Condition();
    let isOpen = false;
    const request = async ({ path }: HttpRequest): Promise<HttpResponse> => {
      if (path === '/slow') await gate.until(() => isOpen || undefined);
      return { status: 200, headers: {}, body: path };
    };
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    const slow = ask(rig.port, 'GET', '/slow');
    expect((await ask(rig.port, 'GET', '/fast')).body).toBe('/fast');
    isOpen = true;
    gate.changed();
    expect((await slow).body).toBe('/slow');
  });

  test('a client that goes while an asynchronous handler works harms nobody', async () => {
    const gate = new Condition();
    let state: 'idle' | 'working' | 'released' | 'done' = 'idle';
    const request = async ({ path }: HttpRequest): Promise<HttpResponse> => {
      if (path === '/next') return { status: 200, headers: {}, body: 'alive' };
      state = 'working';
      gate.changed();
      await gate.until(() => (state === 'released' ? true : undefined));
      state = 'done';
      gate.changed();
      return { status: 200, headers: {}, body: 'too late' };
    };
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    const socket = await RawSocket.connect(rig.port);
    await socket.write('GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await gate.until(() => (state === 'working' ? true : undefined));
    socket.reset();
    await socket.ended();
    expect((await ask(rig.port, 'GET', '/next')).body).toBe('alive');
    state = 'released';
    gate.changed();
    await gate.until(() => (state === 'done' ? true : undefined));
    expect((await ask(rig.port, 'GET', '/next')).body).toBe('alive');
    expect(rig.errors).toEqual([]);
  });

  test('a body over the limit is answered 413, and the handler not called', async () => {
    let calls = 0;
    const request = (): HttpResponse => {
      calls += 1;
      return { status: 200, headers: {}, body: '' };
    };
    const rig = await AdapterRig.start(transport, { options: { maxRequestBytes: 1000 }, handlers: { request } });
    expect((await ask(rig.port, 'POST', '/', `Content-Length: 5000\r\n\r\n${'a'.repeat(5000)}`)).status).toBe(413);
    expect(calls).toBe(0);
    expect((await ask(rig.port, 'POST', '/', `Content-Length: 1000\r\n\r\n${'a'.repeat(1000)}`)).status).toBe(200);
  });

  test('a body in pieces is put together', async () => {
    const request = ({ body }: HttpRequest): HttpResponse => ({ status: 200, headers: {}, body });
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    const socket = await RawSocket.connect(rig.port);
    await socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nab');
    for (const piece of ['c', 'de', 'f']) await socket.write(piece);
    expect((await socket.response()).body).toBe('abcdef');
  });

  test('a body in chunked coding is decoded', async () => {
    const request = ({ body }: HttpRequest): HttpResponse => ({ status: 200, headers: {}, body });
    const rig = await AdapterRig.start(transport, { handlers: { request } });
    expect((await ask(rig.port, 'POST', '/', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n')).body).toBe(
      'abcde',
    );
  });

  test('headers of 8 KB that arrive in two pieces are served', async () => {
    const rig = await AdapterRig.start(transport);
    const socket = await RawSocket.connect(rig.port);
    await socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a'.repeat(4_096)}`);
    await ask(rig.port, 'GET', '/'); // by now the first piece has been read
    await socket.write(`${'a'.repeat(4_096)}\r\n\r\n`);
    expect((await socket.response()).status).toBe(200);
  });

  test.each([8, 20, 64, 200])('headers of %i KB are served or refused, and the next request is served', async (size) => {
    const rig = await AdapterRig.start(transport);
    const refused = await ask(rig.port, 'GET', '/', `X-Big: ${'a'.repeat(size * 1024)}\r\n`);
    // 0: the connection was cut while the client still wrote.
    expect([0, 200, 400, 431]).toContain(refused.status);
    if (size === 8) expect(refused.status).toBe(200);
    expect((await ask(rig.port, 'GET', '/')).body).toBe('ok');
  });

  test.each([
    ['bytes that are no HTTP', '\u0000\u0001garbage\r\n\r\n'],
    ['an HTTP version from the future', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a request without a host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  ])('%s do not end the process', async (_, bytes) => {
    const rig = await AdapterRig.start(transport);
    const socket = await RawSocket.connect(rig.port);
    await socket.write(Buffer.from(bytes, 'latin1'));
    socket.end();
    await socket.ended();
    expect((await ask(rig.port, 'GET', '/')).body).toBe('ok');
  });

  test('half a request and a reset', async () => {
    const rig = await AdapterRig.start(transport);
    for (const bytes of ['GET / HT', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc']) {
      const socket = connect(rig.port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.resetAndDestroy();
      expect((await ask(rig.port, 'GET', '/')).body).toBe('ok');
    }
    expect(rig.errors).toEqual([]);
  });
});
