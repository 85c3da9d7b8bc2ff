// Files by the SDK, in Node, against a real relay on each adapter. In a browser: see test/e2e/upload.e2e.ts.

import { ChatClient } from '@chat-room/sdk';
import { attachmentsOf, uploadFile, uploadLimits } from '@chat-room/sdk/upload';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { png } from '../support/sample-files.ts';

describe.each(['uws', 'ws'] as const)('the SDK sends files over %s', (transport) => {
  let relay: RunningRelay;
  let client: ChatClient;
  beforeAll(async () => {
    relay = await startRelay({ transport, maxUploadBytes: 1_000_000, uploadTypes: ['image/*', 'text/plain'] });
    client = new ChatClient({ url: relay.ws, user: { name: 'Ada' } });
    await client.room('lobby').join();
  });
  afterAll(async () => {
    await client.close();
    await relay.stop();
  });
  const picture = (width = 640): File => new File([new Uint8Array(png(width, 480))], 'my map.png', { type: 'image/png' });

  test('[UPL3, UPL8] a file that is sent is referred to by a message, and everybody finds it', async () => {
    const room = client.room('lobby');
    const progress: number[] = [];
    const attachment = await uploadFile(room, picture(), { baseUrl: relay.ws, onProgress: (part) => progress.push(part) });
    expect(attachment).toMatchObject({ name: 'my map.png', mediaType: 'image/png', width: 640, height: 480 });
    expect([progress[0], progress.at(-1)]).toEqual([0, 1]);
    await room.send('see', { data: { attachments: [{ ...attachment }] } });
    const reader = new ChatClient({ url: relay.ws });
    const { messages } = await reader.room('lobby').history();
    const [found] = attachmentsOf(messages.at(-1) ?? {});
    expect(found).toEqual(attachment);
    const response = await fetch(relay.http + found?.url);
    expect(Buffer.from(await response.arrayBuffer()).equals(png(640, 480))).toBe(true);
    await reader.close();
  });

  test('a blob has no name and no type of its own', async () => {
    const room = client.room('lobby');
    const text = new Blob(['hello'], { type: 'TEXT/Plain; charset=UTF-8' });
    expect(await uploadFile(room, text, { baseUrl: relay.http })).toMatchObject({ name: 'file', mediaType: 'text/plain' });
    expect(await uploadFile(room, text, { baseUrl: relay.http, name: 'b.txt' })).toMatchObject({ name: 'b.txt', bytes: 5 });
    await expect(uploadFile(room, new Blob(['x']), { baseUrl: relay.http })).rejects.toMatchObject({ code: 'bad_media_type' });
    const long = `${'ü'.repeat(300)}.txt`;
    expect((await uploadFile(room, text, { baseUrl: relay.http, name: long })).name).toMatch(/ü\.txt$/);
  });

  test('[UPL1, UPL5] what is refused says why, and whether it may go well later', async () => {
    const room = client.room('lobby');
    const send = (file: Blob, baseUrl = relay.http): Promise<unknown> => uploadFile(room, file, { baseUrl });
    await expect(send(new Blob([new Uint8Array(1_000_001)], { type: 'text/plain' }))).rejects.toMatchObject({
      name: 'ChatError',
      code: 'too_large',
      action: 'fix',
    });
    await expect(send(new Blob(['no picture'], { type: 'image/png' }))).rejects.toMatchObject({
      code: 'bad_media_type',
      action: 'fix',
    });
    await expect(send(picture(), 'http://127.0.0.1:9')).rejects.toMatchObject({ code: 'unreachable', action: 'retry' });
    await expect(uploadFile(client.room('elsewhere'), picture(), { baseUrl: relay.http })).rejects.toMatchObject({
      code: 'not_joined',
    });
  });

  test('one that is given up rejects with the reason', async () => {
    const room = client.room('lobby');
    const early = AbortSignal.abort(new Error('not any more'));
    await expect(uploadFile(room, picture(), { baseUrl: relay.http, signal: early })).rejects.toThrow('not any more');
    const controller = new AbortController();
    const sending = uploadFile(room, picture(), {
      baseUrl: relay.http,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('too late')),
    });
    await expect(sending).rejects.toThrow('too late');
  });

  test('[UPL10] the relay is asked what it takes', async () => {
    expect(await uploadLimits(relay.ws)).toEqual({ maxBytes: 1_000_000, types: ['image/*', 'text/plain'] });
    await expect(uploadLimits('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'unreachable' });
  });
});
