// How many files come at a time, who is kept from sending them, and what a drain does to those under way: relays of their own,
// since each test exhausts or ends one.

import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Authenticator } from '@chat-room/relay';
import { describe, expect, test } from 'vitest';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { askUpload, putFile, type Ticket, ticketFor } from '../support/upload-client.ts';

const ROOM = 'lobby';

/** Who says that they are a moderator is one. */
const believing: Authenticator = ({ token = '' }) => ({
  outcome: 'identified',
  identity: {
    member: { id: token, name: token },
    grants: [
      {
        rooms: '*',
        allow: token === 'moderator' ? ['read', 'write', 'moderate'] : token === 'reader' ? ['read'] : ['read', 'write'],
      },
    ],
  },
});

/** An upload whose last byte does not come before it is told to. */
class Held {
  readonly answer: Promise<string>;
  readonly #socket: Socket;

  constructor(port: number, { url, ticket }: Ticket, bytes: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', () => undefined);
    this.answer = new Promise((resolve) => this.#socket.once('data', (data: Buffer) => resolve(String(data))));
    this.#socket.write(`PUT ${url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ticket}\r\nContent-Length: ${bytes}\r\n\r\n`);
    this.#socket.write('x'.repeat(bytes - 1));
  }

  finish(): Promise<string> {
    this.#socket.write('x');
    return this.answer;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

async function member(relay: RunningRelay, token: string): Promise<ProtocolClient> {
  const client = await ProtocolClient.open(relay.ws);
  await client.request({ type: 'connect', version: 1, token });
  await client.request({ type: 'join', room: ROOM });
  return client;
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { readonly code: string }).code];
}

/** Resolves once the relay is taking the body: until then a second one is refused for its length, and then for being the second. */
async function isUnderWay(relay: RunningRelay, ticket: Ticket): Promise<void> {
  let refusal: [number, string];
  do refusal = await codeOf(await putFile(relay.http, ticket, 'x'.repeat(1_000)));
  while (refusal[1] === 'too_large');
  expect(refusal).toEqual([409, 'already_uploaded']);
}

describe.each(['uws', 'ws'] as const)('uploads over %s', (transport) => {
  test('[AUT1, UPL1] who may only read, or is muted, gets no ticket; who is unmuted does', async () => {
    const relay = await startRelay({ transport, authenticate: believing });
    const [ada, reader, moderator] = await Promise.all(['ada', 'reader', 'moderator'].map((token) => member(relay, token)));
    if (!ada || !reader || !moderator) throw new Error('nobody came');
    const moderate = (key: string, action: object): Promise<unknown> =>
      moderator.request({ type: 'publish', room: ROOM, key, event: { type: 'moderation', action } });
    const ask = (client: ProtocolClient): Promise<unknown> => askUpload(client, { room: ROOM, bytes: 1 });
    expect(await ask(reader)).toMatchObject({ code: 'forbidden' });
    expect(await ask(ada)).toMatchObject({ type: 'upload' });
    await moderate('m', { type: 'mute', member: { id: 'ada', name: 'Ada' } });
    expect(await ask(ada)).toMatchObject({ code: 'muted' });
    await moderate('u', { type: 'unmute', member: { id: 'ada', name: 'Ada' } });
    expect(await ask(ada)).toMatchObject({ type: 'upload' });
    await Promise.all([ada, reader, moderator].map((client) => client.close()));
    await relay.stop();
  });

  test('[UPL3] a ticket is good for one body at a time, and a member sends eight', async () => {
    const relay = await startRelay({ transport, authenticate: believing });
    const [ada, bob] = await Promise.all([member(relay, 'ada'), member(relay, 'bob')]);
    const tickets = await Promise.all(Array.from({ length: 9 }, () => ticketFor(ada, { room: ROOM, bytes: 100 })));
    const held = tickets.slice(0, 8).map((ticket) => new Held(relay.port, ticket, 100));
    await Promise.all(tickets.slice(0, 8).map((ticket) => isUnderWay(relay, ticket)));
    const last = tickets[8] as Ticket;
    expect(await codeOf(await putFile(relay.http, last, 'x'.repeat(100)))).toEqual([429, 'too_many_uploads']);
    const other = await ticketFor(bob, { room: ROOM, bytes: 1 });
    expect((await putFile(relay.http, other, 'x')).status).toBe(201);
    for (const upload of held) expect(await upload.finish()).toContain('HTTP/1.1 201');
    expect((await putFile(relay.http, last, 'x'.repeat(100))).status).toBe(201);
    for (const upload of held) upload.destroy();
    await Promise.all([ada.close(), bob.close()]);
    await relay.stop();
  });

  test('[P7] a drain lets what is under way arrive', async () => {
    const relay = await startRelay({ transport });
    const ada = await ProtocolClient.connected(relay.ws);
    await ada.request({ type: 'join', room: ROOM });
    const ticket = await ticketFor(ada, { room: ROOM, bytes: 100 });
    const held = new Held(relay.port, ticket, 100);
    await isUnderWay(relay, ticket);
    const closing = relay.relay.close();
    await ada.closed;
    expect(await held.finish()).toContain('HTTP/1.1 201');
    await closing;
    held.destroy();
    const again = await startRelay({ transport, data: relay.data });
    expect(await (await fetch(again.http + ticket.url)).text()).toBe('x'.repeat(100));
    await again.stop();
    await relay.stop();
  });
});
