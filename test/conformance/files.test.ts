// Files on their way out, and how long they live: over a URL and against each adapter.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { S3_KEYS, startS3 } from '../support/s3-server.ts';
import * as samples from '../support/sample-files.ts';
import { askUpload, type SentAttachment, upload } from '../support/upload-client.ts';

const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));

describe.each(['uws', 'ws'] as const)('files over %s', (transport) => {
  let relay: RunningRelay;
  let rooms = 0;
  beforeAll(async () => {
    relay = await startRelay({ transport, publishRate: 0, uploadTypes: ['*/*'] });
  });
  afterAll(() => relay.stop());

  interface Person {
    readonly room: string;
    readonly client: ProtocolClient;
    send(body: Uint8Array, mediaType: string, name?: string): Promise<SentAttachment>;
  }

  const person = async (room = `room-${++rooms}`): Promise<Person> => {
    const client = await ProtocolClient.connected(relay.ws);
    await client.request({ type: 'join', room });
    const send = (body: Uint8Array, mediaType: string, name = 'a.bin'): Promise<SentAttachment> =>
      upload(relay.http, client, room, body, { mediaType, name });
    return { room, client, send };
  };
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(relay.http + path, { method, headers });

  describe('given out', () => {
    test.each([
      ['image/png', samples.png(1, 1)],
      ['image/jpeg', samples.jpeg(1, 1)],
      ['image/gif', samples.gif(1, 1)],
      ['image/webp', samples.webp('VP8L', 1, 1)],
      ['image/avif', samples.avif(1, 1)],
      ['video/mp4', samples.MP4],
      ['audio/mpeg', samples.MP3],
    ])('[UPL7] %s may be shown, under a policy that lets nothing run', async (mediaType, body) => {
      const { client, send } = await person();
      const { url } = await send(body, mediaType);
      const response = await get(url);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': mediaType,
        'content-disposition': `inline; filename="a.bin"; filename*=UTF-8''a.bin`,
        'content-length': String(body.length),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      await client.close();
    });

    test.each([
      ['image/svg+xml', samples.SVG],
      ['text/html', samples.HTML],
      ['text/plain', samples.HTML],
      ['application/pdf', samples.PDF],
      ['application/octet-stream', Buffer.from('MZ')],
      ['application/xhtml+xml', samples.HTML],
      ['text/javascript', Buffer.from('alert(1)')],
    ])('[UPL7] %s is never shown', async (mediaType, body) => {
      const { client, send } = await person();
      const { headers } = await get((await send(body, mediaType, 'page.html')).url);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toMatch(/^attachment; /);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      await client.close();
    });

    test('[UPL7] by ranges', async () => {
      const { client, send } = await person();
      const { url } = await send(CONTENT, 'application/zip');
      const etag = (await get(url)).headers.get('etag') ?? '';
      const part = async (range: string, more: Record<string, string> = {}): Promise<readonly unknown[]> => {
        const response = await get(url, { range, ...more });
        const body = Buffer.from(await response.arrayBuffer());
        return [response.status, response.headers.get('content-range'), body.length, CONTENT.indexOf(body)];
      };
      expect(await part('bytes=0-9')).toEqual([206, 'bytes 0-9/100000', 10, 0]);
      expect(await part('bytes=100-349')).toEqual([206, 'bytes 100-349/100000', 250, 100]);
      expect(await part('bytes=0-')).toEqual([206, 'bytes 0-99999/100000', 100_000, 0]);
      expect((await part('bytes=-5')).slice(0, 3)).toEqual([206, 'bytes 99995-99999/100000', 5]);
      expect((await part('bytes=99990-200000')).slice(0, 3)).toEqual([206, 'bytes 99990-99999/100000', 10]);
      expect(await part('bytes=-200000')).toEqual([206, 'bytes 0-99999/100000', 100_000, 0]);
      expect((await part('bytes=0-9', { 'if-range': etag }))[0]).toBe(206);
      for (const whole of ['bytes=9-0', 'bytes=-', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=a-b'])
        expect(await part(whole)).toEqual([200, null, 100_000, 0]);
      expect((await part('bytes=0-9', { 'if-range': '"another"' }))[0]).toBe(200);
      for (const none of ['bytes=100000-', 'bytes=100000-100001', 'bytes=-0'])
        expect((await part(none)).slice(0, 2)).toEqual([416, 'bytes */100000']);
      await client.close();
    });

    test('[UPL7] HEAD tells the same without the bytes; who has it is not sent it again', async () => {
      const { client, send } = await person();
      const { url } = await send(CONTENT, 'application/zip');
      const [whole, head] = [await get(url), await get(url, { range: 'bytes=0-9' }, 'HEAD')];
      await whole.arrayBuffer();
      const told = ({ status, headers }: Response): unknown => [status, headers.get('content-length'), headers.get('etag')];
      expect(told(head)).toEqual(told(whole));
      expect(await head.text()).toBe('');
      const etag = whole.headers.get('etag') ?? '';
      for (const held of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await get(url, { 'if-none-match': held });
        expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
      }
      expect((await get(url, { 'if-none-match': '"x"' })).status).toBe(200);
      await client.close();
    });

    test('[UPL4] only under its own id and name', async () => {
      const { client, send } = await person();
      const { url } = await send(CONTENT, 'application/zip', 'né.zip');
      const [, , id = '', name = ''] = url.split('/');
      expect((await get(`/files/${id}/n%C3%A9.zip`)).status).toBe(200);
      for (const path of [
        `/files/${id}/other.zip`,
        `/files/${id}/`,
        `/files/${id}`,
        `/files/${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}/${name}`,
        `/files/../relay.lock`,
        `/files/%2e%2e/relay.lock`,
        `/files/${id}/..%2f..%2frelay.lock`,
        `/files/${id}/%`,
      ])
        expect([path, (await get(path)).status]).toEqual([path, 404]);
      expect((await get(url, {}, 'DELETE')).status).toBe(405);
      expect((await get(url, {}, 'POST')).headers.get('allow')).toBe('GET, HEAD, PUT');
      await client.close();
    });

    test('[UPL6] a picture shows no place where it was taken', async () => {
      const { client, send } = await person();
      const body = samples.jpeg(640, 480, { exif: samples.exif(6, 'GPS 48.8583 N') });
      const attachment = await send(body, 'image/jpeg', 'tower.jpg');
      expect(attachment).toMatchObject({ width: 480, height: 640, bytes: body.length });
      const kept = Buffer.from(await (await get(attachment.url)).arrayBuffer());
      expect([kept.length, kept.includes('GPS')]).toEqual([body.length, false]);
      await client.close();
    });
  });

  describe('in messages', () => {
    const say = async ({ client, room }: Person, key: string, ...attachments: unknown[]): Promise<number> => {
      const event = { type: 'message', text: 'see', data: { attachments } };
      const { position } = await client.request({ type: 'publish', room, key, event });
      return (position as { readonly offset: number }).offset;
    };
    const remove = async ({ client, room }: Person, key: string, target: number): Promise<unknown> => {
      const { position } = await client.request({ type: 'history', room });
      const { epoch } = position as { readonly epoch: string };
      return client.request({ type: 'publish', room, key, epoch, event: { type: 'delete', target } });
    };
    const status = async ({ url }: SentAttachment): Promise<number> => (await get(url)).status;

    test('[UPL8, UPL9] files go with the message that refers to them, when its deletion is acknowledged', async () => {
      const ada = await person();
      const [one, two, other] = await Promise.all([1, 2, 3].map(() => ada.send(Buffer.from('x'), 'text/plain')));
      if (!one || !two || !other) throw new Error('nothing was sent');
      const target = await say(ada, 'k1', one, two);
      await say(ada, 'k2', other);
      expect(await remove(ada, 'd1', target)).toMatchObject({ type: 'published' });
      expect([await status(one), await status(two), await status(other)]).toEqual([404, 404, 200]);
      await ada.client.close();
    });

    test('[UPL9] nobody takes the files of others along', async () => {
      const ada = await person();
      const eve = await person(ada.room);
      const file = await ada.send(Buffer.from('x'), 'text/plain');
      await say(ada, 'k', file);
      await remove(eve, 'd', await say(eve, 'k', file));
      expect(await status(file)).toBe(200);
      await Promise.all([ada.client.close(), eve.client.close()]);
    });

    test.each([
      ['no list', { attachments: 'x' }],
      ['values that are none', { attachments: [null, 1, 'x', [], { url: 5 }, { url: '/files/../x' }] }],
      ['an id that nobody made', { attachments: [{ url: `/files/${'a'.repeat(33)}/x` }] }],
      ['no object', 'attachments'],
    ])('[P6, UPL8] what is malformed is data like any other: %s', async (_, data) => {
      const ada = await person();
      const event = { type: 'message', text: 'see', data };
      expect(await ada.client.request({ type: 'publish', room: ada.room, key: 'k', event })).toMatchObject({ type: 'published' });
      await ada.client.close();
    });
  });
});

test.each(['uws', 'ws'] as const)('[UPL9] a relay over %s removes what no message refers to after a day', async (transport) => {
  let now = 1_790_000_000_000;
  const relay = await startRelay({ transport, now: () => now });
  const client = await ProtocolClient.connected(relay.ws);
  await client.request({ type: 'join', room: 'r' });
  const { url } = await upload(relay.http, client, 'r', Buffer.from('x'));
  expect((await fetch(relay.http + url)).status).toBe(200);
  await relay.relay.close();
  now += 24 * 3_600_000 + 1;
  const again = await startRelay({ transport, now: () => now, data: relay.data });
  // A relay that starts begins with a sweep.
  while (!(await (await fetch(`${again.http}/metrics`)).text()).includes('chat_room_removed_files_total 1'));
  expect((await fetch(again.http + url)).status).toBe(404);
  await again.stop();
  await relay.stop();
});

test.each(['uws', 'ws'] as const)(
  '[UPL2] files in a bucket over %s: relays that share it give out what the other took',
  async (transport) => {
    const s3 = await startS3();
    const { accessKeyId, secretAccessKey } = S3_KEYS;
    const files = `s3://chat/some/where?endpoint=${s3.url}&region=eu-test-1`;
    const options = { transport, files, filesAccessKeyId: accessKeyId, filesSecretAccessKey: secretAccessKey };
    const [one, two] = [await startRelay(options), await startRelay(options)];
    const client = await ProtocolClient.connected(one.ws);
    await client.request({ type: 'join', room: 'r' });
    const { url } = await upload(one.http, client, 'r', CONTENT, { mediaType: 'application/zip', name: 'a.zip' });
    expect([...s3.objects.keys()].every((key) => key.startsWith('some/where/'))).toBe(true);
    const response = await fetch(two.http + url, { headers: { range: 'bytes=10-19' } });
    expect(Buffer.from(await response.arrayBuffer()).equals(CONTENT.subarray(10, 20))).toBe(true);
    s3.behave('full');
    const { url: full, ticket } = await askUpload(client, { room: 'r', bytes: 1 });
    const refused = await fetch(`${one.http}${full}`, {
      method: 'PUT',
      body: 'x',
      headers: { authorization: `Bearer ${ticket}` },
    });
    expect([refused.status, await refused.json()]).toMatchObject([507, { code: 'storage_full' }]);
    await client.close();
    await Promise.all([one.stop(), two.stop()]);
  },
);
