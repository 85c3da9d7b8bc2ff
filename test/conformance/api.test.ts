// The server API over HTTP on a real relay, beside clients that see what it does.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApiKey, SCOPES } from '../../relay/src/api/api-key.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';

const USER = { id: 'bot', name: 'Bot' };

describe.each(['uws', 'ws'] as const)('the server API over %s', (transport) => {
  const { key, entry } = createApiKey('test', SCOPES);
  let relay: RunningRelay;
  let rooms = 0;
  const freshRoom = (): string => `team/${++rooms} é`;
  beforeAll(async () => {
    relay = await startRelay({ transport, apiKeys: [entry] });
  });
  afterAll(() => relay.stop());

  async function call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${relay.http}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  const eventsOf = (room: string): string => `/rooms/${encodeURIComponent(room)}/events`;
  const say = (room: string, text: string, more: object = {}) =>
    call('POST', eventsOf(room), { user: USER, event: { type: 'message', text }, ...more });

  test('[PUB1] [PUB3] what it publishes reaches the members, once for its key, and stands in the history', async () => {
    const room = freshRoom();
    const ada = await ProtocolClient.connected(relay.ws, { name: 'Ada' });
    await ada.request({ type: 'join', room });
    const first = await say(room, 'hello', { key: 'k' });
    expect(first).toMatchObject({ status: 201, body: { room, position: { offset: 1 } } });
    expect((await say(room, 'hello', { key: 'k' })).body).toEqual(first.body);
    expect(await say(room, 'other', { key: 'k' })).toMatchObject({ status: 409, body: { protocolCode: 'key_reused' } });
    await say(room, 'more');
    expect((await ada.events(room, 2)).map((event) => [event['text'], event['from']])).toEqual([
      ['hello', USER],
      ['more', USER],
    ]);
    const { body } = await call('GET', `${eventsOf(room)}?after=1`);
    expect(body).toMatchObject({ start: 1, position: { offset: 2 }, events: [{ offset: 2, text: 'more' }] });
    await ada.close();
  });

  test('[PUB6] [EVT5] it edits its own messages and deletes anybody’s', async () => {
    const room = freshRoom();
    const ada = await ProtocolClient.connected(relay.ws, { name: 'Ada' });
    await ada.request({ type: 'publish', room, key: 'k', event: { type: 'message', text: 'rude' } });
    await say(room, 'mine');
    const messages = `/rooms/${encodeURIComponent(room)}/messages`;
    expect(await call('PATCH', `${messages}/2`, { user: USER, text: 'mine, edited' })).toMatchObject({ status: 200 });
    expect(await call('PATCH', `${messages}/1`, { user: USER, text: 'not mine' })).toMatchObject({ status: 422 });
    expect(await call('DELETE', `${messages}/1`)).toMatchObject({ status: 200, body: { position: { offset: 4 } } });
    expect(await call('DELETE', `${messages}/1`)).toMatchObject({ status: 404, body: { protocolCode: 'not_found' } });
    const { body } = await call('GET', eventsOf(room));
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual(['redacted', 'message', 'edit', 'delete']);
    expect(JSON.stringify(body)).not.toContain('rude');
    await ada.close();
  });

  test('it sees rooms and members, page by page', async () => {
    const room = freshRoom();
    await say(room, 'hello');
    const people = await Promise.all(['Ada', 'Bob', 'Cy'].map((name) => ProtocolClient.connected(relay.ws, { name })));
    for (const person of people) await person.request({ type: 'join', room });
    const names: string[] = [];
    for (let after = '', more = true; more; ) {
      const { body } = await call('GET', `/rooms/${encodeURIComponent(room)}/members?limit=2${after && `&after=${after}`}`);
      expect(body.count).toBe(3);
      names.push(...body.members.map(({ name }: { name: string }) => name));
      after = body.next ?? '';
      more = after !== '';
    }
    expect(names.toSorted()).toEqual(['Ada', 'Bob', 'Cy']);
    const { body: figures } = await call('GET', `/rooms/${encodeURIComponent(room)}`);
    expect(figures).toMatchObject({ room, members: 3, connections: 3, position: { offset: 1 } });
    const { body: list } = await call('GET', '/rooms?limit=200');
    expect(list.rooms.map((each: { room: string }) => each.room)).toContain(room);
    await Promise.all(people.map((person) => person.close()));
  });

  test('[CHN1] [CLS2] it sends to a channel and disconnects it, and learns that it is gone', async () => {
    const client = await ProtocolClient.open(relay.ws);
    const { channel } = (await client.request({ type: 'connect', version: 1 })) as unknown as { channel: string };
    const message = { type: 'direct', name: 'invitation', data: { table: 7 } };
    expect(await call('POST', `/channels/${channel}/messages`, message)).toMatchObject({
      status: 200,
      body: { outcome: 'delivered' },
    });
    expect(await client.next('direct')).toEqual(message);
    expect(await call('DELETE', `/channels/${channel}?reason=enough`)).toMatchObject({ status: 200, body: { connections: 1 } });
    expect(await client.closed).toBe(4502);
  });

  test('[P6] cursors, rooms, channels and users that nobody made are answered', async () => {
    for (const odd of ['\0', '\0\0', '\uffff', '(', '[', '*', '{x}', 'x'.repeat(170), '💬'.repeat(40), '../..', 'a.b.c', '%']) {
      const text = encodeURIComponent(odd);
      const statuses = await Promise.all([
        call('GET', `/rooms?after=${text}`),
        call('GET', `/rooms/${text}`),
        call('GET', `/rooms/${text}/events?after=7`),
        call('GET', `/rooms/r/members?after=${text}`),
        call('POST', `/channels/${text}/messages`, { type: 'odd' }),
        call('DELETE', `/channels/${text}`),
        call('DELETE', `/users/${text}/connections`),
      ]);
      expect(statuses.map(({ status }) => status).filter((status) => ![200, 400, 404].includes(status))).toEqual([]);
    }
  });

  test('keys, descriptions and everything beside them', async () => {
    expect(await call('GET', '/rooms', undefined, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
    const description = await fetch(`${relay.http}/api/v1/openapi.json`);
    expect(description.headers.get('content-type')).toBe('application/json');
    expect(await description.json()).toMatchObject({ openapi: '3.1.0' });
    const response = await fetch(`${relay.http}/api/v1/openapi.json`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    const metrics = await (await fetch(`${relay.http}/metrics`)).text();
    expect(metrics).toMatch(/chat_room_api_requests_total\{status="4xx"\} \d/);
  });
});
