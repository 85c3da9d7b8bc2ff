// Consumers of one's own on a real relay, over real sockets: what a communicator can't show.

import type { Admission, ConnectRequest } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Condition } from '../support/condition.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { SocketReader } from '../support/socket-reader.ts';

/** Channels whose consumers have been told that they are gone. */
const leftChannels = new Set<string>();
const left = new Condition();

class Echo extends Consumer<{ readonly name: string }> {
  override async connect({ query }: ConnectRequest): Promise<Admission | undefined> {
    if (query === 'status') return { accept: false, status: 451, message: 'Not here.' };
    if (query === 'code') return { accept: false, code: 4403, message: 'not you' };
    if (query === 'slow') await new Promise((resolve) => setImmediate(resolve));
    await this.groupAdd(`echo-${this.params.name}`);
    return undefined;
  }

  override disconnect(): void {
    leftChannels.add(this.channel);
    left.changed();
  }

  override async receive(data: string | Uint8Array): Promise<void> {
    if (data === 'fail') throw new Error('as asked');
    if (data === 'who') this.send(JSON.stringify({ channel: this.channel, member: this.identity.member }));
    else if (data === 'all') await this.groupSend(`echo-${this.params.name}`, { type: 'send', text: 'to all' });
    else if (data === 'bytes') await this.groupSend(`echo-${this.params.name}`, { type: 'send', base64: 'AQID' });
    else this.send(data);
  }
}

describe.each(['uws', 'ws'] as const)('consumers over %s', (transport) => {
  let relay: RunningRelay;
  let names = 0;
  beforeAll(async () => {
    relay = await startRelay({ transport, routes: [route('/ws/echo/:name', Echo)] });
  });
  afterAll(() => relay.stop());

  const url = (query = '', name = `n${++names}`): string => `ws://127.0.0.1:${relay.port}/ws/echo/${name}${query}`;
  const statusOf = (address: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const socket = new WebSocket(address);
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      socket.on('error', () => undefined);
    });

  test.each(['', '?slow'])('text and bytes go in and come out (%s)', async (query) => {
    const client = await SocketReader.open(url(query));
    client.socket.send('hello');
    client.socket.send(new Uint8Array([7, 8]));
    expect(await client.next()).toBe('hello');
    expect(await client.next()).toEqual(Buffer.from([7, 8]));
    client.socket.terminate();
  });

  test('a group’s `send` reaches every socket in it, as text or bytes, and no other', async () => {
    const [ada, bob] = await Promise.all([SocketReader.open(url('', 'g')), SocketReader.open(url('?slow', 'g'))]);
    const eve = await SocketReader.open(url());
    ada.socket.send('all');
    ada.socket.send('bytes');
    for (const client of [ada, bob])
      expect([await client.next(), await client.next()]).toEqual(['to all', Buffer.from([1, 2, 3])]);
    eve.socket.send('mine');
    expect(await eve.next()).toBe('mine');
    for (const { socket } of [ada, bob, eve]) socket.terminate();
  });

  test('guests are told apart, and a channel can be sent to by its name from outside', async () => {
    const client = await SocketReader.open(url('?name=Ada'));
    client.socket.send('who');
    const { channel, member } = JSON.parse(String(await client.next())) as { channel: string; member: { name: string } };
    expect(member).toMatchObject({ id: expect.stringMatching(/^g_/), name: 'Ada' });
    expect(await relay.relay.layer.send(channel, { type: 'send', text: 'psst' })).toBe('delivered');
    expect(await client.next()).toBe('psst');
    client.socket.close();
    await left.until(() => (leftChannels.has(channel) ? true : undefined));
    expect(await relay.relay.layer.send(channel, { type: 'send', text: 'psst' })).toBe('gone');
  });

  test('a refusal is an HTTP status, or a close code', async () => {
    expect(await statusOf(url('?status'))).toBe(451);
    expect(await (await SocketReader.open(url('?code'))).closed).toBe(4403);
    expect(await statusOf(`ws://127.0.0.1:${relay.port}/ws/nothing/here`)).toBe(404);
  });

  test('[P6] an exception closes that connection with 4004; others, and the chat, go on', async () => {
    const [failing, other] = await Promise.all([SocketReader.open(url()), SocketReader.open(url())]);
    const chat = await ProtocolClient.connected(relay.ws);
    failing.socket.send('fail');
    expect(await failing.closed).toBe(4004);
    other.socket.send('still here');
    expect(await other.next()).toBe('still here');
    expect(await chat.request({ type: 'join', room: 'r' })).toMatchObject({ type: 'joined' });
    other.socket.terminate();
    await chat.close();
  });

  test('[CHN1] a client of the native protocol is a channel too', async () => {
    const client = await ProtocolClient.open(relay.ws);
    const { channel } = (await client.request({ type: 'connect', version: 1 })) as unknown as { channel: string };
    expect(await relay.relay.layer.send(channel, { type: 'direct', name: 'invitation', data: { room: 'x' } })).toBe('delivered');
    expect(await client.next('direct')).toEqual({ type: 'direct', name: 'invitation', data: { room: 'x' } });
    await client.close();
  });

  test('[CLS2] who is disconnected by operation is closed with 4502: one channel, or all of a user', async () => {
    const clients = await Promise.all([SocketReader.open(url()), SocketReader.open(url())]);
    for (const { socket } of clients) socket.send('who');
    const [one, two] = await Promise.all(
      clients.map(async (client) => JSON.parse(String(await client.next())) as { channel: string; member: { id: string } }),
    );
    expect(await relay.relay.operations.disconnect({ channel: one?.channel ?? '' }, 'enough')).toBe(1);
    expect(await clients[0]?.closed).toBe(4502);
    expect(await relay.relay.operations.disconnect({ user: two?.member.id ?? '' }, 'enough')).toBe(1);
    expect(await clients[1]?.closed).toBe(4502);
    expect(await relay.relay.operations.disconnect({ user: 'nobody' }, 'enough')).toBe(0);
    expect(await relay.relay.operations.disconnect({ channel: 'nobody' }, 'enough')).toBe(0);
  });

  test('[DRN1] a drain closes consumers’ connections with 4000', async () => {
    const draining = await startRelay({ transport, routes: [route('/ws/echo/:name', Echo)] });
    const client = await SocketReader.open(`ws://127.0.0.1:${draining.port}/ws/echo/x`);
    await draining.stop();
    expect(await client.closed).toBe(4000);
  });
});
