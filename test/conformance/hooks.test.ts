// Webhooks and the hook before publishes on a real relay: whatever way an event takes into a log.

import { randomBytes } from 'node:crypto';
import type { PublishVerdict } from '@chat-room/relay';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpEndpoint } from '../support/http-endpoint.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { SocketReader } from '../support/socket-reader.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const say = (text: string) => ({
  type: 'publish',
  room: 'lobby',
  key: text.replaceAll(' ', '-'),
  event: { type: 'message', text },
});

describe('webhooks', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.stop());

  test('tell, signed, of who comes, what is said by either protocol, who goes, and that nobody is left', async () => {
    const relay = await startRelay({
      webhooks: [{ url: receiver.url, secrets: [SECRET], events: ['message', 'join', 'leave', 'room-empty'], rooms: 'lob*' }],
    });
    const ada = await ProtocolClient.connected(relay.ws, { name: 'Ada' });
    for (const room of ['lobby', 'elsewhere']) await ada.request({ type: 'join', room });
    await ada.request(say('hello'));
    await ada.request(say('hello')); // a repeat is not another event
    const plain = await SocketReader.open(`ws://127.0.0.1:${relay.port}/ws/chat/lobby/?name=Bob`);
    plain.socket.send('{"message":"plainly"}');
    await receiver.until(4);
    plain.socket.close();
    await receiver.until(5);
    await ada.close();
    const told = await receiver.until(7);
    expect(told.map(({ body }) => [body.type, body.data.room, body.data.member?.name ?? body.data.event?.text])).toEqual([
      ['member.joined', 'lobby', 'Ada'],
      ['message.published', 'lobby', 'hello'],
      ['member.joined', 'lobby', 'Bob'],
      ['message.published', 'lobby', 'plainly'],
      ['member.left', 'lobby', 'Bob'],
      ['member.left', 'lobby', 'Ada'],
      ['room.emptied', 'lobby', undefined],
    ]);
    for (const { headers, text } of told) {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
      const signed = { 'webhook-id': String(id), 'webhook-timestamp': String(at), 'webhook-signature': String(signature) };
      expect(() => new Webhook(SECRET).verify(text, signed)).not.toThrow();
    }
    const metrics = await (await fetch(`${relay.http}/metrics`)).text();
    expect(metrics).toContain('chat_room_webhooks_total{outcome="delivered"} 7');
    await relay.stop();
  });
});

describe('the hook before publishes', () => {
  test('[PUB7] changes and refuses what comes, by the native protocol, the plain one, and an operation', async () => {
    const beforePublish = ({ event }: { readonly event: { readonly type: string; readonly text?: string } }): PublishVerdict => {
      if (event.text?.includes('spam')) return { verdict: 'refuse', code: 'forbidden', message: 'No spam here.' };
      if (event.text?.includes('duck'))
        return { verdict: 'change', event: { type: 'message', text: event.text.replace('duck', '****') } };
      return { verdict: 'pass' };
    };
    const relay = await startRelay({ beforePublish });
    const ada = await ProtocolClient.connected(relay.ws, { name: 'Ada' });
    await ada.request({ type: 'join', room: 'lobby' });
    expect(await ada.request(say('spam'))).toMatchObject({
      type: 'error',
      code: 'forbidden',
      message: expect.stringContaining('No spam'),
    });
    expect(await ada.request(say('a duck'))).toMatchObject({ type: 'published', position: { offset: 1 } });
    expect(await ada.request(say('a duck'))).toMatchObject({ type: 'published', position: { offset: 1 } });
    const plain = await SocketReader.open(`ws://127.0.0.1:${relay.port}/ws/chat/lobby/`);
    plain.socket.send('{"message":"more spam"}');
    expect(JSON.parse(String(await plain.next()))).toMatchObject({ error: { code: 'forbidden' } });
    const event = { type: 'message', text: 'spam by operation' } as const;
    expect(await relay.relay.operations.publish('lobby', { from: ada.member, event })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    await ada.request(say('fine'));
    expect((await ada.events('lobby', 2)).map(({ text }) => text)).toEqual(['a ****', 'fine']);
    plain.socket.terminate();
    await ada.close();
    await relay.stop();
  });

  test.each([
    ['refuse', { type: 'error', code: 'internal', action: 'retry' }],
    ['pass', { type: 'published' }],
  ] as const)('over HTTP: an endpoint that fails is answered as the policy says: %s', async (onFailure, expected) => {
    const endpoint = await HttpEndpoint.start();
    const relay = await startRelay({ beforePublish: { url: endpoint.url, onFailure } });
    const ada = await ProtocolClient.connected(relay.ws);
    endpoint.say({ verdict: 'change', event: { type: 'message', text: 'asked first' } });
    await ada.request({ type: 'join', room: 'lobby' });
    expect(await ada.request(say('one'))).toMatchObject({ type: 'published' });
    expect(await ada.events('lobby', 1)).toMatchObject([{ text: 'asked first' }]);
    endpoint.say('not json', 500);
    expect(await ada.request(say('two'))).toMatchObject(expected);
    await ada.close();
    await relay.stop();
    await endpoint.stop();
  });
});
