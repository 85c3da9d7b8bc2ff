// The plain protocol: the smallest WebSocket client that anyone can write takes part.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { message } from '../support/native-suite.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';

interface PlainClient {
  readonly socket: WebSocket;
  say(text: string): void;
  next(): Promise<unknown>;
  readonly closed: Promise<number>;
}

describe.each(['uws', 'ws'] as const)('plain protocol over %s', (transport) => {
  let relay: RunningRelay;
  beforeAll(async () => {
    relay = await startRelay({ transport, publishRate: 0 });
  });
  afterAll(() => relay.stop());

  const plain = async (room: string, query = ''): Promise<PlainClient> => {
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/ws/chat/${room}${query}`);
    const inbox: unknown[] = [];
    const waiting: ((message: unknown) => void)[] = [];
    socket.on('message', (data) => {
      const parsed: unknown = JSON.parse(String(data));
      const next = waiting.shift();
      if (next) next(parsed);
      else inbox.push(parsed);
    });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    return {
      socket,
      closed,
      say: (text) => socket.send(text),
      next: () => (inbox.length > 0 ? Promise.resolve(inbox.shift()) : new Promise((resolve) => waiting.push(resolve))),
    };
  };
  const statusOf = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${relay.port}${path}`);
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => reject(new Error('it was accepted')));
      socket.on('error', () => undefined);
    });

  test('[PLN1] [PLN2] what one says comes to everyone in the room, the sender too, in one order', async () => {
    const [ada, bob] = await Promise.all([plain('lobby-1/'), plain('lobby-1/')]);
    // A plain socket is told nothing when it is in: the first message that comes back says so.
    ada.say('{"message":"hello"}');
    expect(await ada.next()).toEqual({ message: 'hello' });
    bob.say('{"message":"ahoy"}');
    expect(await bob.next()).toSatisfy((first) => ['hello', 'ahoy'].includes((first as { message: string }).message));
    expect(await ada.next()).toEqual({ message: 'ahoy' });
    ada.socket.close();
    bob.socket.close();
  });

  test('[PLN1] [PLN2] it is the same room as the native one, under any name, with or without a last slash', async () => {
    const room = 'Größe/大廳 #1';
    const native = await ProtocolClient.connected(relay.ws, { name: 'Ada' });
    await native.request({ type: 'join', room });
    const client = await plain(encodeURIComponent(room), '?name=Bob');
    expect(await native.next((frame) => JSON.stringify(frame).includes('Bob'))).toMatchObject({ type: 'presenceChange' });
    client.say('{"message":"from plain"}');
    const [event] = await native.events(room, 1);
    expect(event).toMatchObject({ type: 'message', text: 'from plain', from: { name: 'Bob' }, offset: 1 });
    expect(await client.next()).toEqual({ message: 'from plain' });
    const epoch = ((await native.request(message(room, 'k', 'from native')))['position'] as { epoch: string }).epoch;
    expect(await client.next()).toEqual({ message: 'from native' });
    await native.request({
      type: 'publish',
      room,
      key: 'k2',
      epoch,
      event: { type: 'reaction', target: 1, reaction: '👍', action: 'add' },
    });
    await native.request(message(room, 'k3', 'last'));
    expect(await client.next()).toEqual({ message: 'last' });
    client.socket.close();
    await client.closed;
    expect(
      await native.next((frame) => frame.type === 'presenceChange' && (frame['left'] as string[]).length === 1),
    ).toBeTruthy();
    await native.close();
  });

  test.each([
    ['hello', 'bad_frame'],
    ['null', 'bad_frame'],
    ['{"message":7}', 'bad_frame'],
    ['{"message":""}', 'bad_frame'],
    ['{"text":"hello"}', 'bad_frame'],
    [JSON.stringify({ message: 'x'.repeat(8_193) }), 'too_large'],
  ])('[PLN3] %.20j is answered with an error, and the socket stays open', async (input, code) => {
    const client = await plain('lobby-3/');
    client.say(input);
    expect(await client.next()).toMatchObject({ error: { code, message: expect.any(String) } });
    client.say('{"message":"still here"}');
    expect(await client.next()).toEqual({ message: 'still here' });
    client.socket.close();
  });

  test('[PLN3] [CLS3] a binary message is refused; fifty refusals in a row close with 4503', async () => {
    const client = await plain('lobby-4/');
    client.socket.send(Buffer.from([1]));
    expect(await client.next()).toMatchObject({ error: { code: 'bad_frame' } });
    for (let i = 0; i < 49; i++) client.say('x');
    expect(await client.closed).toBe(4503);
  });

  test.each([
    '/ws/chat/%2E%2E%2Fetc/',
    '/ws/chat/a%2F..%2Fb/',
    '/ws/chat/%07/',
    `/ws/chat/${'x'.repeat(201)}/`,
    '/ws/chat/%E0%A4%A/',
    '/ws/chat/lobby/?name=%07',
  ])('[PLN4] %s is refused before the upgrade with HTTP 400', async (path) => {
    expect(await statusOf(path)).toBe(400);
  });

  test('[PLN5] [POS1] a plain reader that is too slow misses messages; the log has them, and nobody else misses any', async () => {
    const network = await startFaultProxy(relay.port);
    const slow = new WebSocket(`ws://127.0.0.1:${network.port}/ws/chat/slow/`);
    const heard: string[] = [];
    slow.on('message', (data) => heard.push((JSON.parse(String(data)) as { message: string }).message));
    await new Promise((resolve) => slow.on('open', resolve));
    slow.send('{"message":"here"}');
    await new Promise((resolve) => slow.once('message', resolve));
    const writer = await ProtocolClient.connected(relay.ws);
    await writer.request({ type: 'join', room: 'slow' });
    network.stall();
    const text = 'x'.repeat(8_000);
    for (let i = 0; i < 2_000; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, k) => writer.request(message('slow', `k${i + k}`, text))));
    }
    expect(await writer.events('slow', 2_000)).toHaveLength(2_000);
    network.resume();
    const last = new Promise((resolve) => slow.on('message', (data) => String(data).includes('the end') && resolve(undefined)));
    let isOver = false;
    void last.then(() => {
      isOver = true;
    });
    for (let i = 0; !isOver; i++) await writer.request(message('slow', `end${i}`, 'the end')); // until it reads live again
    expect(heard.filter((said) => said === text).length).toBeLessThan(2_000);
    slow.terminate();
    await writer.close();
    await network.close();
  });

  test('an address without a WebSocket answers an upgrade with 404', async () => {
    expect(await statusOf('/elsewhere')).toBe(404);
  });
});
