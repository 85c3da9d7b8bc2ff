// Files and a real relay in a process of its own: beside the chat, on a full disk, and from a real browser.

import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Attachment, UploadRoom, uploadFile } from '@chat-room/sdk/upload';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { Person } from '../support/person.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { exif, pngChunk } from '../support/sample-files.ts';
import { putFile, ticketFor, upload } from '../support/upload-client.ts';

const MIB = 1024 * 1024;

let data: string;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const args = (...more: string[]): string[] => ['--port', '0', '--host', '127.0.0.1', '--data', data, ...more];
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const joined = async (ws: string): Promise<ProtocolClient> => {
  const client = await ProtocolClient.connected(ws);
  await client.request({ type: 'join', room: 'lobby' });
  return client;
};
const filesIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));

describe('10 MiB', () => {
  test.each(['uws', 'ws'])('[UPL3] come whole over %s while others chat, and are given back whole', async (transport) => {
    const relay = await spawnRelay({ args: args('--transport', transport, '--publish-rate', '0') });
    const sender = await joined(relay.ws);
    const [ada, bob] = [new Person('Ada', relay.port), new Person('Bob', relay.port)];
    await Promise.all([ada.room.join(), bob.room.join()]);
    const body = randomBytes(10 * MIB);
    const { url, ticket } = await ticketFor(sender, { room: 'lobby', bytes: body.length, mediaType: 'application/zip' });

    const socket = connect(relay.port, '127.0.0.1');
    const answer = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(String(bytes))));
    socket.write(`PUT ${url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ticket}\r\nContent-Length: ${body.length}\r\n\r\n`);
    for (let part = 0; part < 10; part++) {
      // A part of the file, then a word of each: neither waits for the other.
      socket.write(body.subarray(part * MIB, (part + 1) * MIB));
      ada.say(`ada ${part}`);
      bob.say(`bob ${part}`);
      await Promise.all([ada.hears(2 * part + 2), bob.hears(2 * part + 2)]);
    }
    expect(await answer).toContain('HTTP/1.1 201');
    socket.destroy();

    const back = await Promise.all(Array.from({ length: 8 }, () => fetch(relay.http + url).then((response) => response.bytes())));
    expect(new Set(back.map(digest))).toEqual(new Set([digest(body)]));
    await Promise.all([ada.client.close(), bob.client.close(), sender.close()]);
    expect((await relay.kill('SIGTERM')).code).toBe(0);
  });

  test('[P2] that were taken are there after the relay was killed, and half of one is not', async () => {
    const relay = await spawnRelay({ args: args() });
    const sender = await joined(relay.ws);
    const body = randomBytes(MIB);
    const { url } = await upload(relay.http, sender, 'lobby', body, { name: 'a.zip', mediaType: 'application/zip' });
    const half = await ticketFor(sender, { room: 'lobby', bytes: 2 * MIB });
    const socket = connect(relay.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const head = `PUT ${half.url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${half.ticket}\r\nContent-Length: ${2 * MIB}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(head, () => socket.write(body, () => resolve())));
    await relay.kill('SIGKILL');

    const again = await spawnRelay({ args: args() });
    expect(digest(await (await fetch(again.http + url)).bytes())).toBe(digest(body));
    expect((await fetch(again.http + half.url)).status).toBe(404);
    const back = await joined(again.ws);
    expect((await putFile(again.http, half, Buffer.alloc(2 * MIB))).status).toBe(201); // the ticket outlives the relay
    await back.close();
    await again.kill('SIGTERM');
  });
});

describe('a full disk', () => {
  test('[P6, UPL3] files are refused with one log line and leave nothing, the chat goes on, and it heals by itself', async () => {
    const relay = await spawnRelay({ args: args(), maxFileKiB: 4_096 });
    const client = await joined(relay.ws);
    const send = async (bytes: number): Promise<[number, unknown]> => {
      const ticket = await ticketFor(client, { room: 'lobby', bytes });
      const response = await putFile(relay.http, ticket, Buffer.alloc(bytes, 'x'));
      return [response.status, await response.json()];
    };
    expect(await send(MIB)).toMatchObject([201, { bytes: MIB }]);
    const before = filesIn(join(data, 'files'));
    for (let i = 0; i < 3; i++) expect(await send(5 * MIB)).toMatchObject([507, { code: 'storage_full' }]);
    expect(filesIn(join(data, 'files'))).toEqual(before);
    expect(relay.log.filter(({ msg }) => msg.includes('no room left for files'))).toHaveLength(1);
    const event = { type: 'message', text: 'still here' };
    expect(await client.request({ type: 'publish', room: 'lobby', key: 'k', event })).toMatchObject({ type: 'published' });

    execFileSync('prlimit', ['--pid', String(relay.pid), '--fsize=unlimited:']);
    expect(await send(5 * MIB)).toMatchObject([201, { bytes: 5 * MIB }]);
    await relay.logged(({ msg }) => msg === 'files are stored again');
    await client.close();
    await relay.kill('SIGTERM');
  });
});

describe('a browser', () => {
  test('[UPL2, UPL6, UPL7] sends a picture from a page of another origin that may, tells how far it is, and shows it', async () => {
    const pages = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>page</title>'),
    );
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const relay = await spawnRelay({ args: args('--origins', origin) });
    const client = await joined(relay.ws);
    const browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({ content: await uploadBundle() });
    await page.exposeFunction(
      'askTicket',
      (file: { readonly name: string; readonly mediaType: string; readonly bytes: number }) =>
        ticketFor(client, { room: 'lobby', ...file }),
    );
    const sent = await page.evaluate(
      async ({ baseUrl, exifBytes, commentBytes }) => {
        const { upload, askTicket } = globalThis as unknown as {
          readonly upload: { readonly uploadFile: typeof uploadFile };
          readonly askTicket: (request: unknown) => Promise<unknown>;
        };
        const room: UploadRoom = { request: askTicket };
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
        canvas.getContext('2d')?.fillRect(8, 8, 16, 16);
        const progress: number[] = [];
        /** A picture of the canvas with something put into it, as it comes back. */
        const send = async (type: string, place: number, bytes: readonly number[]) => {
          const plain = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type));
          if (!plain) throw new Error('no picture');
          const file = new File([plain.slice(0, place), new Uint8Array(bytes), plain.slice(place)], 'map', { type });
          const attachment = await upload.uploadFile(room, file, { baseUrl, onProgress: (part) => progress.push(part) });
          const image = new Image();
          image.src = baseUrl + attachment.url;
          await image.decode();
          const fetched = await (await fetch(baseUrl + attachment.url)).text();
          const shown = { width: image.naturalWidth, height: image.naturalHeight };
          return { attachment: attachment as Attachment, shown, tells: fetched.includes('GPS') };
        };
        // As a phone would have taken it: on its side, and with the place where it was.
        const photo = await send('image/jpeg', 2, exifBytes);
        const drawing = await send('image/png', 33, commentBytes);
        const refused = await upload
          .uploadFile(room, new File(['no picture'], 'no.png', { type: 'image/png' }), { baseUrl })
          .catch((error: { readonly code: string }) => error.code);
        return { photo, drawing, last: progress.at(-1), refused };
      },
      { baseUrl: relay.http, exifBytes: [...exif(6, 'GPS 48.8583 N')], commentBytes: [...pngChunk('tEXt', 'GPS 48.8583 N')] },
    );
    const [upright, onItsSide] = [
      { width: 64, height: 48 },
      { width: 48, height: 64 },
    ];
    expect(sent).toMatchObject({
      photo: { attachment: { mediaType: 'image/jpeg', ...onItsSide }, shown: onItsSide, tells: false },
      drawing: { attachment: { mediaType: 'image/png', ...upright }, shown: upright, tells: false },
      last: 1,
      refused: 'bad_media_type',
    });
    await browser.close();
    await client.close();
    await relay.kill('SIGTERM');
    await new Promise((resolve) => pages.close(resolve));
  });
});

/** The module as a page has it once it is bundled. */
async function uploadBundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../sdk/src/upload/index.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'upload' });
  return outputFiles[0]?.text ?? '';
}
