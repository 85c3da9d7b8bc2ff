// The relay's HTTP side, over real sockets and against both adapters.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay, temporaryDir } from '../support/relay-fixture.ts';

const WIDGET = `export const widget = '${'x'.repeat(2_000)}';`;

function writePages(): string {
  const dir = temporaryDir();
  for (const name of ['assets', 'docs/sdk']) mkdirSync(join(dir, name), { recursive: true });
  const files = {
    'index.html': '<title>start</title>',
    'room.html': '<title>room</title>',
    'docs/sdk/index.html': '<title>sdk</title>',
    'widget.js': WIDGET,
    'sdk.js': '1',
    'assets/site.css': 'a{}',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
  writeFileSync(join(dir, 'widget.js.br'), brotliCompressSync(WIDGET));
  writeFileSync(join(dir, 'widget.js.gz'), gzipSync(WIDGET));
  return dir;
}

describe.each(['uws', 'ws'] as const)('HTTP over %s', (transport) => {
  let relay: RunningRelay;
  const publicDir = writePages();
  beforeAll(async () => {
    relay = await startRelay({ transport, publicDir, origins: ['https://friend.example'] });
  });
  afterAll(async () => {
    await relay.stop();
    rmSync(publicDir, { recursive: true });
  });
  const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> =>
    fetch(relay.http + path, { headers, redirect: 'manual', ...init });

  test.each([
    ['/', 'start'],
    ['/chat/', 'start'],
    ['/docs/sdk/', 'sdk'],
    ['/chat/lobby/', 'room'],
    ['/chat/%E5%A4%A7%E5%BB%B3/', 'room'],
    ['/chat/%2E%2E%2Fetc/', 'room'],
  ])('%s is a page under a strict policy', async (path, title) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([200, `<title>${title}</title>`]);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('an address without its last slash is sent to the one with it', async () => {
    for (const path of ['/chat', '/chat/lobby', '/docs/sdk']) {
      const response = await get(path);
      expect([response.status, response.headers.get('location')]).toEqual([308, `${path}/`]);
    }
  });

  test.each([
    ['br', 'gzip, deflate, br', 'br'],
    ['gzip', 'gzip', 'gzip'],
    ['gzip where br is refused', 'gzip, br;q=0', 'gzip'],
    ['nothing', 'identity', null],
  ])('the widget is served with %s, an ETag, and open to every origin', async (_, accepted, encoding) => {
    const response = await get('/widget.js', { 'accept-encoding': accepted });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(response.headers.get('cache-control')).toContain('max-age');
    expect(await response.text()).toBe(WIDGET);
    const etag = response.headers.get('etag') ?? '';
    const again = await get('/widget.js', { 'accept-encoding': accepted, 'if-none-match': etag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  });

  test('HEAD tells the length and sends no body', async () => {
    const response = await get('/sdk.js', {}, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '1', '']);
  });

  test.each(['/nothing', '/index.html', '/assets/../relay.lock', '/%2e%2e/relay.lock', '/assets/', '/chat/a/b/'])(
    '%s is 404',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test('other methods are 405 and say what is allowed', async () => {
    const response = await get('/', {}, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('alive and ready', async () => {
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  });

  test('metrics tell of connections, rooms, publishes, deliveries, recoveries, commits and the loop', async () => {
    const client = await ProtocolClient.connected(relay.ws);
    await client.request({ type: 'join', room: 'metered' });
    await client.request({ type: 'publish', room: 'metered', key: 'k', event: { type: 'message', text: 'm' } });
    await client.request({ type: 'fly' });
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    const value = (name: string): number => Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('chat_room_connections')).toBe(1);
    expect(value('chat_room_rooms')).toBe(1);
    expect(value('chat_room_publishes_total')).toBe(1);
    expect(value('chat_room_deliveries_total')).toBe(1);
    expect(value('chat_room_drops_total')).toBe(0);
    expect(value('chat_room_joins_total{outcome="fresh"}')).toBe(1);
    expect(value('chat_room_refusals_total{code="unknown_type"}')).toBe(1);
    expect(value('chat_room_commit_seconds_count')).toBeGreaterThan(0);
    expect(text).toContain('chat_room_loop_delay_seconds_bucket');
    await client.close();
  });

  test.each([
    ['no origin: a program', undefined, 101],
    ["the relay's own pages", 'own', 101],
    ['an allowed origin', 'https://friend.example', 101],
    ['another origin', 'https://foe.example', 403],
    ['an opaque origin', 'null', 403],
  ])('an upgrade with %s', async (_, origin, status) => {
    const headers = origin === undefined ? {} : { origin: origin === 'own' ? relay.http : origin };
    const socket = new WebSocket(relay.ws, { headers });
    const got = await new Promise((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(got).toBe(status);
    socket.terminate();
  });

  test('a subprotocol that is not ours is refused; none at all is served', async () => {
    const statusFor = (protocols: string[]): Promise<unknown> =>
      new Promise((resolve) => {
        const socket = new WebSocket(relay.ws, protocols);
        socket.on('open', () => {
          resolve(socket.protocol);
          socket.terminate();
        });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => undefined);
      });
    expect(await statusFor(['other.v1'])).toBe(400);
    expect(await statusFor([])).toBe('');
    expect(await statusFor(['other.v1', 'chat-room.v1'])).toBe('chat-room.v1');
  });
});
