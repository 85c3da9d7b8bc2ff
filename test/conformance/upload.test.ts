// Files on their way in, over a URL and against each adapter.

import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Condition } from '../support/condition.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { png, SVG } from '../support/sample-files.ts';
import { askUpload, putFile, type Ticket, ticketFor, upload } from '../support/upload-client.ts';

const MAX_BYTES = 300_000;
const MINUTE_MS = 60_000;

/** Every file below a directory, but for none where it is not there. */
function filesBelow(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe.each(['uws', 'ws'] as const)('uploads over %s', (transport) => {
  let relay: RunningRelay;
  let now = 1_790_000_000_000;
  let rooms = 0;
  beforeAll(async () => {
    relay = await startRelay({
      transport,
      publishRate: 0,
      maxUploadBytes: MAX_BYTES,
      uploadTypes: ['image/*', 'text/plain'],
      origins: ['https://friend.example'],
      now: () => now,
    });
  });
  afterAll(() => relay.stop());

  const joined = async (room: string): Promise<ProtocolClient> => {
    const client = await ProtocolClient.connected(relay.ws);
    await client.request({ type: 'join', room });
    return client;
  };
  /** Somebody with a ticket for so many bytes. */
  const asked = async (bytes: number): Promise<Ticket & { readonly client: ProtocolClient }> => {
    const room = `room-${++rooms}`;
    const client = await joined(room);
    return { client, ...(await ticketFor(client, { room, bytes })) };
  };
  const code = async (response: Response): Promise<[number, string]> => [
    response.status,
    ((await response.json()) as { readonly code: string }).code,
  ];
  const stored = (): readonly string[] => filesBelow(join(relay.data, 'files'));

  describe('the frame', () => {
    test('[UPL1] a room that is not joined, a size and a type that are not taken are refused', async () => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      expect(await askUpload(client, { room: 'elsewhere', bytes: 1 })).toMatchObject({ code: 'not_joined' });
      expect(await askUpload(client, { room, bytes: MAX_BYTES + 1 })).toMatchObject({ code: 'too_large', action: 'fix' });
      expect(await askUpload(client, { room, bytes: 1, mediaType: 'application/x-msdownload' })).toMatchObject({
        code: 'bad_media_type',
        action: 'fix',
      });
      expect(await askUpload(client, { room, bytes: MAX_BYTES })).toMatchObject({ type: 'upload' });
      await client.close();
    });

    test.each([
      ['a type with parameters', { mediaType: 'text/plain; charset=utf-8' }],
      ['a type in capitals', { mediaType: 'Text/Plain' }],
      ['a type of two lines', { mediaType: 'text/plain\r\nx: y' }],
      ['a name of 256 code units', { name: 'x'.repeat(256) }],
      ['half a surrogate pair in its name', { name: '\ud83d.txt' }],
      ['a size below nothing', { bytes: -1 }],
      ['a size with a fraction', { bytes: 1.5 }],
    ])('[UPL1, LIM3] %s is a bad frame', async (_, wrong) => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      expect(await askUpload(client, { room, bytes: 1, ...wrong })).toMatchObject({ code: 'bad_frame' });
      await client.close();
    });

    test('[UPL1, LIM5] twenty at once, and then one every two seconds', async () => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      const replies = await Promise.all(Array.from({ length: 21 }, () => askUpload(client, { room, bytes: 1 })));
      expect(replies.filter(({ type }) => type === 'upload')).toHaveLength(20);
      expect(replies.at(-1)).toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000 });
      now += 2_000;
      expect(await askUpload(client, { room, bytes: 1 })).toMatchObject({ type: 'upload' });
      await client.close();
    });
  });

  describe('the body', () => {
    test('[UPL3, UPL4] is stored, and answered with the attachment', async () => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      const attachment = await upload(relay.http, client, room, png(640, 480), { name: 'map.png', mediaType: 'image/png' });
      expect(attachment).toEqual({
        url: expect.stringMatching(/^\/files\/[\w-]{33}\/map\.png$/),
        name: 'map.png',
        mediaType: 'image/png',
        bytes: png(1, 1).length,
        width: 640,
        height: 480,
      });
      expect(Buffer.from(await (await fetch(relay.http + attachment.url)).arrayBuffer()).equals(png(640, 480))).toBe(true);
      await client.close();
    });

    test.each([0, 1, MAX_BYTES])('[UPL3] of %i bytes is taken whole', async (bytes) => {
      const { client, ...ticket } = await asked(bytes);
      const response = await putFile(relay.http, ticket, Buffer.alloc(bytes, 'x'));
      expect([response.status, await response.json()]).toMatchObject([201, { bytes }]);
      const back = await fetch(relay.http + ticket.url);
      expect(await back.text()).toBe('x'.repeat(bytes));
      await client.close();
    });

    test('[UPL3] a longer or a shorter one than was said is refused by its length, before it is sent', async () => {
      const before = stored();
      const { client, ...ticket } = await asked(100);
      expect(await code(await putFile(relay.http, ticket, Buffer.alloc(101)))).toEqual([413, 'too_large']);
      expect(await code(await putFile(relay.http, ticket, Buffer.alloc(99)))).toEqual([400, 'length_mismatch']);
      expect(stored()).toEqual(before);
      await client.close();
    });

    test.each([
      ['longer', 250_000, 413, 'too_large'],
      ['shorter', 150_000, 400, 'length_mismatch'],
    ])(
      '[UPL3] one without a length that turns out %s leaves nothing, and the ticket is good for another',
      async (_, bytes, ...problem) => {
        const before = stored();
        const { client, ...ticket } = await asked(200_000);
        const body = new ReadableStream({
          start(controller) {
            for (let i = 0; i < bytes; i += 10_000) controller.enqueue(Buffer.alloc(10_000, 'x'));
            controller.close();
          },
        });
        const response = await fetch(relay.http + ticket.url, {
          method: 'PUT',
          body,
          duplex: 'half',
          headers: { authorization: `Bearer ${ticket.ticket}` },
        } as RequestInit);
        expect(await code(response)).toEqual(problem);
        expect(stored()).toEqual(before);
        expect((await putFile(relay.http, ticket, Buffer.alloc(200_000))).status).toBe(201);
        await client.close();
      },
    );

    test('[UPL3] an upload that is broken off leaves nothing', async () => {
      const before = stored();
      const { client, url, ticket } = await asked(200_000);
      const socket = connect(relay.port, '127.0.0.1');
      socket.write(`PUT ${url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ticket}\r\nContent-Length: 200000\r\n\r\n`);
      socket.write(Buffer.alloc(100_000));
      await until(() => stored().length > before.length);
      socket.resetAndDestroy();
      await until(() => stored().length === before.length);
      await client.close();
    });

    test('[UPL2] no ticket, a changed one, another file’s and an old one are answered 401', async () => {
      const before = stored();
      const [mine, other] = [await asked(4), await asked(4)];
      const refused = [401, 'unauthorized'];
      const put = (url: string, authorization?: string): Promise<[number, string]> =>
        fetch(relay.http + url, { method: 'PUT', body: 'body', ...(authorization && { headers: { authorization } }) }).then(code);
      const last = mine.ticket.slice(-2, -1) === 'A' ? 'B' : 'A';
      const changed = mine.ticket.slice(0, -2) + last + mine.ticket.slice(-1);
      const [payload = '', signature] = mine.ticket.split('.');
      const larger = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"bytes":4', '"bytes":9')).toString(
        'base64url',
      );
      expect(await put(mine.url)).toEqual(refused);
      expect(await put(mine.url, 'Bearer')).toEqual(refused);
      expect(await put(mine.url, `Bearer ${changed}`)).toEqual(refused);
      expect(await put(mine.url, `Bearer ${larger}.${signature}`)).toEqual(refused);
      expect(await put(mine.url, `Bearer ${other.ticket}`)).toEqual(refused);
      expect(await put(`${mine.url}.exe`, `Bearer ${mine.ticket}`)).toEqual(refused);
      expect(await put(`${mine.url}?ticket=${mine.ticket}`)).toEqual(refused);
      now += 5 * MINUTE_MS;
      expect(await put(mine.url, `Bearer ${mine.ticket}`)).toEqual(refused);
      expect(stored()).toEqual(before);
      await Promise.all([mine.client.close(), other.client.close()]);
    });

    test('[UPL2] a ticket is used once', async () => {
      const { client, ...ticket } = await asked(4);
      expect((await putFile(relay.http, ticket, 'body')).status).toBe(201);
      expect(await code(await putFile(relay.http, ticket, 'evil'))).toEqual([409, 'already_uploaded']);
      expect(await (await fetch(relay.http + ticket.url)).text()).toBe('body');
      await client.close();
    });

    test('[UPL5] what is no picture of the kind it says is refused; what can’t be told is kept as said', async () => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      const send = async (body: Buffer, mediaType: string): Promise<Response> =>
        putFile(relay.http, await ticketFor(client, { room, bytes: body.length, mediaType }), new Uint8Array(body));
      expect(await code(await send(Buffer.from('MZ\x90 program'), 'image/png'))).toEqual([415, 'bad_media_type']);
      expect(await code(await send(Buffer.from('%PDF-1.7 a type that is not taken'), 'text/plain'))).toEqual([
        415,
        'bad_media_type',
      ]);
      expect(await (await send(png(1, 1), 'image/webp')).json()).toMatchObject({ mediaType: 'image/png', width: 1 });
      expect(await (await send(SVG, 'image/svg+xml')).json()).toMatchObject({ mediaType: 'image/svg+xml' });
      await client.close();
    });

    test('[UPL4] names are made safe, and come back whole from the URL', async () => {
      const room = `room-${++rooms}`;
      const client = await joined(room);
      const cases = {
        '../../etc/passwd': 'passwd',
        '..\\..\\boot.ini': 'boot.ini',
        'invoice\u202Efdp.exe': 'invoicefdp.exe',
        'a\r\nx-evil: 1".txt': 'ax-evil_ 1_.txt',
        '写真 100%.txt': '写真 100%.txt',
        '..': 'file',
        '': 'file',
      };
      for (const [name, safe] of Object.entries(cases)) {
        const attachment = await upload(relay.http, client, room, Buffer.from('x'), { name });
        expect(attachment.name).toBe(safe);
        expect(decodeURIComponent(attachment.url.split('/')[3] ?? '')).toBe(safe);
        const response = await fetch(relay.http + attachment.url);
        expect([response.status, response.headers.get('x-evil')]).toEqual([200, null]);
        expect(response.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent(safe)}`);
      }
      await client.close();
    });
  });

  test('pages of allowed origins may send, others not', async () => {
    const { client, url, ticket } = await asked(4);
    const preflight = (origin: string): Promise<Response> =>
      fetch(relay.http + url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    const allowed = await preflight('https://friend.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://foe.example')).headers.get('access-control-allow-methods')).not.toContain('PUT');
    const put = (origin: string): Promise<Response> => putFile(relay.http, { url, ticket }, 'body', { origin });
    expect(await code(await put('https://foe.example'))).toEqual([403, 'forbidden_origin']);
    const response = await put('https://friend.example');
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([201, 'https://friend.example']);
    await client.close();
  });

  test('[UPL10] what is taken is told, and counted', async () => {
    const limits = await fetch(`${relay.http}/files/`);
    expect(limits.headers.get('access-control-allow-origin')).toBe('*');
    expect(await limits.json()).toEqual({ maxBytes: MAX_BYTES, types: ['image/*', 'text/plain'] });
    const metrics = await (await fetch(`${relay.http}/metrics`)).text();
    expect(metrics).toMatch(/^chat_room_uploads_total\{outcome="stored"\} [1-9]/m);
    expect(metrics).toMatch(/^chat_room_uploads_total\{outcome="interrupted"\} 1$/m);
    expect(metrics).toMatch(/^chat_room_uploaded_bytes_total [1-9]/m);
  });
});

test.each(['uws', 'ws'] as const)('[UPL1, UPL10] a relay without uploads over %s says so', async (transport) => {
  const relay = await startRelay({ transport, maxUploadBytes: 0 });
  const client = await ProtocolClient.connected(relay.ws);
  await client.request({ type: 'join', room: 'r' });
  expect(await askUpload(client, { room: 'r', bytes: 0 })).toMatchObject({ code: 'forbidden' });
  expect(await (await fetch(`${relay.http}/files/`)).json()).toMatchObject({ maxBytes: 0 });
  await client.close();
  await relay.stop();
});

/** The relay runs in this process: each turn of the loop may change what is asked. */
async function until(isSo: () => boolean): Promise<void> {
  const condition = new Condition();
  const looking = setInterval(() => condition.changed(), 5);
  await condition.until(() => isSo() || undefined);
  clearInterval(looking);
}
