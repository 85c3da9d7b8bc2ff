// A relay that speaks TLS itself, over either adapter: what goes over a bare socket goes over this one too.

import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRelay } from '@chat-room/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay, temporaryDir } from '../support/relay-fixture.ts';

const file = (name: string): string => fileURLToPath(new URL(`../support/tls/${name}`, import.meta.url));
const TLS = { tlsCert: file('localhost-cert.pem'), tlsKey: file('localhost-key.pem') };
const CA = readFileSync(TLS.tlsCert);
/** Far more than the buffers of a connection take at once. */
const LARGE = 'x'.repeat(20_000_000);

function writePages(): string {
  const dir = temporaryDir();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'sdk.js'), LARGE);
  return dir;
}

async function read(url: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const [response] = await once(get(url, { ca: CA }), 'response');
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, body };
}

describe.each(['uws', 'ws'] as const)('TLS over %s', (transport) => {
  const publicDir = writePages();
  let relay: RunningRelay;
  beforeAll(async () => {
    relay = await startRelay({ transport, publicDir, ...TLS });
  });
  afterAll(async () => {
    await relay.stop();
    rmSync(publicDir, { recursive: true });
  });
  const url = (path: string): string => `https://localhost:${relay.port}${path}`;

  test('pages are answered, large ones whole', async () => {
    expect(await read(url('/healthz'))).toEqual({ status: 200, body: 'ok\n' });
    expect((await read(url('/sdk.js'))).body === LARGE).toBe(true);
  });

  test('[P1] a room works over it, in order, with what is said by many at once', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = new WebSocket(`wss://localhost:${relay.port}/ws/chat/r/`, { ca: CA });
        const heard: string[] = [];
        socket.on('message', (data) => heard.push(JSON.parse(data.toString()).message));
        await once(socket, 'open');
        return { socket, heard };
      }),
    );
    for (const { socket } of sockets) for (let i = 0; i < 20; i++) socket.send(JSON.stringify({ message: 'é'.repeat(500) }));
    for (const { socket, heard } of sockets) while (heard.length < 100) await once(socket, 'message');
    expect(new Set(sockets.map(({ heard }) => JSON.stringify(heard))).size).toBe(1);
    for (const { socket } of sockets) socket.terminate();
  });

  test('[P6] who speaks without TLS is not answered, and harms nobody', async () => {
    const stranger = connect(relay.port, '127.0.0.1');
    stranger.on('error', () => undefined);
    stranger.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    let bytes = '';
    stranger.on('data', (chunk) => {
      bytes += chunk;
    });
    await once(stranger, 'close');
    expect(bytes).not.toContain('ok\n');
    expect((await read(url('/healthz'))).status).toBe(200);
  });
});

test('the address that it tells is one of TLS', async () => {
  const data = temporaryDir();
  const relay = createRelay({ ...TLS, data, port: 0, host: '127.0.0.1', logLevel: 'silent', publicDir: data });
  expect((await relay.listen()).url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
  await relay.close();
  rmSync(data, { recursive: true, force: true });
});

describe('files that can not be used are refused with one sentence, before anything listens', () => {
  const dir = temporaryDir();
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  copyFileSync(TLS.tlsCert, join(dir, 'copy.pem'));
  writeFileSync(join(dir, 'text.pem'), 'hello');
  test.each([
    ['a certificate without its key', { tlsCert: TLS.tlsCert }, '--tls-cert and --tls-key go together: name both.'],
    ['a key without its certificate', { tlsKey: TLS.tlsKey }, '--tls-cert and --tls-key go together: name both.'],
    ['a file that is not there', { ...TLS, tlsCert: join(dir, 'none.pem') }, "can't be used: ENOENT"],
    ['a file that is no key', { ...TLS, tlsKey: join(dir, 'copy.pem') }, "can't be used: "],
    ['a file that is no certificate', { ...TLS, tlsCert: join(dir, 'text.pem') }, "can't be used: "],
  ])('%s', (_, options, sentence) => {
    expect(() => createRelay({ ...options, data: dir })).toThrow(sentence);
  });
});
