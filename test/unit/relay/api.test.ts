// The server API on operations that a test answers for: every operation, and every way to be refused.

import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Api } from '../../../relay/src/api/api.ts';
import type { Scope } from '../../../relay/src/api/api-key.ts';
import { createApiKey, readApiKeys, SCOPES } from '../../../relay/src/api/api-key.ts';
import { API_OPERATIONS } from '../../../relay/src/api/operations-table.ts';
import { EngineError } from '../../../relay/src/engine/engine.ts';
import { LayerError } from '../../../relay/src/layer/layer.ts';
import { FakeOperations } from '../../support/fake-operations.ts';

const USER = { id: 'bot', name: 'Bot' };
const HELLO = { user: USER, event: { type: 'message', text: 'hello' } };

interface Asked {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly from?: string;
}

let operations: FakeOperations;
let api: Api;
let key: string;
let faults: unknown[];
let now: number;

function start(scopes: readonly Scope[], more: { readonly rooms?: string; readonly ratePerSecond?: number } = {}): void {
  const made = createApiKey('test', scopes);
  key = made.key;
  operations = new FakeOperations();
  faults = [];
  now = 1_000_000;
  api = new Api({
    operations,
    keys: [{ ...made.entry, ...more }],
    version: '1.0.0',
    now: () => now,
    answered: () => undefined,
    onFault: (error) => faults.push(error),
  });
}

async function ask(
  method: string,
  address: string,
  { body, text, headers = {}, key: given = key, from = '192.0.2.1' }: Asked = {},
) {
  const [path = '', query = ''] = address.split('?');
  const response = await api.handle({
    method,
    path,
    query,
    headers: new Map(Object.entries({ authorization: `Bearer ${given}`, 'content-type': 'application/json', ...headers })),
    remoteAddress: from,
    body: new TextEncoder().encode(text ?? (body === undefined ? '' : JSON.stringify(body))),
  });
  if (!response) throw new Error('not answered');
  return { status: response.status, headers: response.headers, body: JSON.parse(String(response.body)) };
}

beforeEach(() => start(SCOPES));

describe('operations', () => {
  test('publish: the event is handed on, as whom it is said, and where it is stored is told', async () => {
    const answer = await ask('POST', '/api/v1/rooms/a%2Fb/events', { body: { ...HELLO, key: 'k1' } });
    expect(answer).toMatchObject({ status: 201, body: { room: 'a/b', position: { epoch: 'e', offset: 7 }, at: 1_000 } });
    expect(operations.calls).toEqual([{ name: 'publish', args: ['a/b', { from: USER, event: HELLO.event, key: 'k1' }] }]);
  });

  test('[PUB3] publish: the idempotency key may stand in the header', async () => {
    await ask('POST', '/api/v1/rooms/r/events', { body: HELLO, headers: { 'idempotency-key': 'from-header' } });
    expect(operations.calls[0]?.args[1]).toMatchObject({ key: 'from-header' });
    expect(await ask('POST', '/api/v1/rooms/r/events', { body: HELLO, headers: { 'idempotency-key': 'not one' } })).toMatchObject(
      {
        status: 400,
      },
    );
  });

  test('edit and delete: as events that name the message', async () => {
    await ask('PATCH', '/api/v1/rooms/r/messages/3', { body: { user: USER, text: 'better', epoch: 'e' } });
    await ask('DELETE', '/api/v1/rooms/r/messages/3');
    await ask('DELETE', '/api/v1/rooms/r/messages/4?user=ada&name=Ada&epoch=e');
    expect(operations.calls.map(({ args }) => args)).toEqual([
      ['r', { from: USER, event: { type: 'edit', target: 3, text: 'better' }, epoch: 'e' }],
      ['r', { from: { id: 'api:test', name: 'test' }, event: { type: 'delete', target: 3 } }],
      ['r', { from: { id: 'ada', name: 'Ada' }, event: { type: 'delete', target: 4 }, epoch: 'e' }],
    ]);
  });

  test('history: the page that is asked for, with the events as they are', async () => {
    const json = '{"offset":5,"at":1,"from":{"id":"ada","name":"Ada"},"key":"k","type":"message","text":"hi"}';
    operations.answers.history = () => ({ position: { epoch: 'e', offset: 9 }, start: 2, events: [{ json }] });
    const answer = await ask('GET', '/api/v1/rooms/r/events?before=6&limit=1');
    expect(answer.body).toEqual({ room: 'r', position: { epoch: 'e', offset: 9 }, start: 2, events: [JSON.parse(json)] });
    await ask('GET', '/api/v1/rooms/r/events?after=0');
    await ask('GET', '/api/v1/rooms/r/events');
    expect(operations.calls.map(({ args }) => args[1])).toEqual([
      { from: 'before', offset: 6, limit: 1 },
      { from: 'after', offset: 0, limit: 50 },
      { from: 'end', limit: 50 },
    ]);
    expect(await ask('GET', '/api/v1/rooms/r/events?before=1&after=1')).toMatchObject({ status: 400 });
  });

  test('members, rooms and figures: page by page', async () => {
    operations.answers.members = () => ({ members: [USER], count: 3, next: 'bot' });
    expect((await ask('GET', '/api/v1/rooms/r/members?after=a&limit=1')).body).toEqual({
      members: [USER],
      count: 3,
      next: 'bot',
    });
    await ask('GET', '/api/v1/rooms?after=x&limit=7');
    expect((await ask('GET', '/api/v1/rooms/r')).body).toMatchObject({ room: 'r', members: 0 });
    expect(operations.calls.map(({ name, args }) => [name, ...args])).toEqual([
      ['members', 'r', 'a', 1],
      ['rooms', 'x', 7],
      ['stats', 'r'],
    ]);
  });

  test('channels: send, and learn what became of it', async () => {
    const message = { type: 'direct', name: 'n', data: { any: ['thing'] } };
    expect(await ask('POST', '/api/v1/channels/abc.def/messages', { body: message })).toMatchObject({
      status: 200,
      body: { outcome: 'delivered' },
    });
    expect(operations.calls[0]).toEqual({ name: 'send', args: ['abc.def', message] });
    operations.answers.send = () => 'gone';
    expect(await ask('POST', '/api/v1/channels/x/messages', { body: message })).toMatchObject({
      status: 404,
      body: { code: 'channel_gone' },
    });
    operations.answers.send = () => 'full';
    expect(await ask('POST', '/api/v1/channels/x/messages', { body: message })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });

  test('disconnect: a channel, or all of a user', async () => {
    expect((await ask('DELETE', '/api/v1/channels/abc.def?reason=enough')).body).toEqual({ connections: 1 });
    expect((await ask('DELETE', '/api/v1/users/ada%40example.com/connections')).body).toEqual({ connections: 1 });
    expect(operations.calls.map(({ args }) => args)).toEqual([
      [{ channel: 'abc.def' }, 'enough'],
      [{ user: 'ada@example.com' }, 'kicked'],
    ]);
    operations.answers.disconnect = () => 0;
    expect(await ask('DELETE', '/api/v1/channels/nobody')).toMatchObject({ status: 404, body: { code: 'channel_gone' } });
    expect(await ask('DELETE', '/api/v1/users/nobody/connections')).toMatchObject({ status: 200, body: { connections: 0 } });
  });
});

describe('keys', () => {
  test.each(['', 'cr_test_wrong', 'cr_nobody_0123456789012345678901234567890123456789', 'x'.repeat(10_000)])(
    'one that is not known is 401: %#',
    async (given) => {
      expect(await ask('GET', '/api/v1/rooms', { key: given })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringContaining('Bearer'), 'content-type': 'application/problem+json' },
        body: { code: 'unauthorized', status: 401 },
      });
      expect(operations.calls).toEqual([]);
    },
  );

  test.each(API_OPERATIONS.map(({ id, method, path, scope }) => ({ id, method, path, scope })))(
    'each operation needs its scope: $id',
    async ({ method, path, scope }) => {
      start(SCOPES.filter((each) => each !== scope));
      const address = `/api/v1${path.replace('{offset}', '1').replaceAll(/\{\w+\}/g, 'x')}`;
      expect(await ask(method, address, { body: HELLO })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(operations.calls).toEqual([]);
    },
  );

  test('one that is for some rooms sees and does nothing in others', async () => {
    start(SCOPES, { rooms: 'team-*' });
    operations.answers.rooms = () => ({ rooms: [{ room: 'team-1' }, { room: 'other' }], next: 'other' });
    expect((await ask('GET', '/api/v1/rooms')).body).toEqual({ rooms: [{ room: 'team-1' }], next: 'other' });
    expect(await ask('POST', '/api/v1/rooms/team-1/events', { body: HELLO })).toMatchObject({ status: 201 });
    expect(await ask('POST', '/api/v1/rooms/other/events', { body: HELLO })).toMatchObject({ status: 403 });
  });

  test('a rate per key, and one per address for keys that are not accepted', async () => {
    start(SCOPES, { ratePerSecond: 2 });
    const statuses = async (count: number, asked?: Asked): Promise<number[]> =>
      Promise.all(Array.from({ length: count }, async () => (await ask('GET', '/api/v1/rooms', asked)).status));
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 429]);
    expect(await ask('GET', '/api/v1/rooms')).toMatchObject({ headers: { 'retry-after': '1' } });
    now += 1_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect((await statuses(21, { key: 'wrong' })).at(-1)).toBe(429);
    expect(await statuses(1, { key: 'wrong', from: '192.0.2.2' })).toEqual([401]);
    now += 10_000;
    expect(await statuses(1)).toEqual([200]); // a right key is never held up by wrong ones
  });

  test('what the configuration holds is not the key, and a wrong entry is one sentence', () => {
    const made = createApiKey('ci', ['publish']);
    expect(JSON.stringify(made.entry)).not.toContain(made.key);
    expect(readApiKeys([made.entry])).toEqual([made.entry]);
    for (const wrong of [
      [{}],
      [{ ...made.entry, scopes: ['all'] }],
      [made.entry, made.entry],
      [{ ...made.entry, hash: 'x' }],
      'x',
    ])
      expect(() => readApiKeys(wrong)).toThrow(/^apiKeys/);
    expect(() => createApiKey('not a name', [])).toThrow('no name');
  });
});

describe('what is refused', () => {
  test.each([
    [{ body: { user: USER } }, 400, 'bad_request'],
    [{ body: { ...HELLO, more: 1 } }, 400, 'bad_request'],
    [{ body: { ...HELLO, event: { type: 'message', text: 'x'.repeat(8_193) } } }, 400, 'bad_request'],
    [{ body: { ...HELLO, event: { type: 'shout', text: 'x' } } }, 400, 'bad_request'],
    [{ body: { ...HELLO, event: { type: 'edit', target: 0, text: 'x' } } }, 400, 'bad_request'],
    [{ body: { ...HELLO, user: { id: '', name: 'x' } } }, 400, 'bad_request'],
    [{ text: '{"user":' }, 400, 'bad_json'],
    [{ text: '' }, 400, 'bad_json'],
    [{ body: HELLO, headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [{ text: JSON.stringify('x'.repeat(262_144)) }, 413, 'too_large'],
  ] as const)('a body that is not right: %#', async (asked, status, code) => {
    const answer = await ask('POST', '/api/v1/rooms/r/events', asked);
    expect(answer).toMatchObject({
      status,
      body: { code, status, type: `urn:chat-room:problem:${code}`, instance: '/api/v1/rooms/r/events' },
    });
    expect(operations.calls).toEqual([]);
  });

  test('each wrong field is pointed at', async () => {
    const answer = await ask('GET', '/api/v1/rooms/r/events?limit=1000&beyond=1');
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['/query/limit', '/query/beyond']),
    );
    const body = { user: { id: 1 }, event: HELLO.event };
    const pointers = (await ask('POST', '/api/v1/rooms/r/events', { body })).body.errors.map(
      ({ pointer }: { pointer: string }) => pointer,
    );
    expect(pointers).toContain('/body/user/id');
  });

  test.each(['%20padded', '..', '%FF', 'a%00b'])('a room that is none: %s', async (room) => {
    expect(await ask('GET', `/api/v1/rooms/${room}`)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/path/room' }] },
    });
  });

  test('no such path, and no such method', async () => {
    for (const path of ['/api', '/api/', '/api/v2/rooms', '/api/v1/rooms/a/b/c/d'])
      expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ask('PUT', '/api/v1/rooms/r/events')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS, POST' },
    });
    expect(await ask('POST', '/api/v1/openapi.json')).toMatchObject({ status: 405 });
  });

  test.each([
    ['key_reused', 409],
    ['epoch_changed', 409],
    ['not_found', 404],
    ['forbidden', 422],
    ['storage_unavailable', 503],
    ['overloaded', 503],
    ['draining', 503],
  ] as const)('[PUB4] [PUB9] what the log says no to: %s', async (protocolCode, status) => {
    operations.answers.publish = () => ({ ok: false, code: protocolCode, detail: 'because', retryAfterMs: 1_500 });
    const answer = await ask('POST', '/api/v1/rooms/r/events', { body: HELLO });
    expect(answer).toMatchObject({ status, body: { protocolCode, detail: 'because' } });
    if (status === 503) expect(answer.headers['retry-after']).toBe('2');
  });

  test.each([
    [new EngineError('store_failing', 'Redis is away.'), 503, 0],
    [new LayerError('layer_unavailable', 'Redis is away.'), 503, 0],
    [new LayerError('bad_message', 'Too large.'), 400, 0],
    [new Error('a secret of ours'), 500, 1],
  ])('what fails below: %s', async (error, status, logged) => {
    operations.answers.stats = () => Promise.reject(error);
    const answer = await ask('GET', '/api/v1/rooms/r');
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain('secret of ours');
    expect(faults).toHaveLength(logged);
  });

  test('requests are named: by the caller where that is a name', async () => {
    expect((await ask('GET', '/api/v1/rooms', { headers: { 'x-request-id': 'mine-1' } })).headers['x-request-id']).toBe('mine-1');
    const { headers, body } = await ask('GET', '/api/v1/nowhere', { headers: { 'x-request-id': 'no name\n' } });
    expect(headers['x-request-id']).toMatch(/^req_[\w-]{16}$/);
    expect(body.requestId).toBe(headers['x-request-id']);
  });

  test('[P6] whatever comes is answered, and what is no success is a problem', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'HEAD', 'BREW'),
      path: fc.oneof(
        fc.string(),
        fc.constantFrom('/rooms', '/rooms/r', '/rooms/r/events', '/rooms/r/messages/1', '/channels/c/messages'),
      ),
      query: fc.oneof(fc.webQueryParameters(), fc.constant('limit=5')),
      text: fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(HELLO))),
    });
    start(SCOPES, { ratePerSecond: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, text }) => {
        const answer = await ask(method, `/api/v1${path.replaceAll('?', '')}?${query}`, { text });
        if (answer.status >= 300) expect(answer.headers['content-type']).toBe('application/problem+json');
        expect(answer.status).not.toBe(500);
      }),
    );
    expect(faults).toEqual([]);
  });
});

describe('the description', () => {
  test('is valid OpenAPI 3.1, needs no key, and names every operation', async () => {
    const { status, body } = await ask('GET', '/api/v1/openapi.json', { key: '' });
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    expect(await new Validator().validate(structuredClone(body))).toMatchObject({ valid: true });
    const described = Object.entries<Record<string, { readonly operationId: string }>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    expect(described.toSorted()).toEqual(
      API_OPERATIONS.map(({ method, path, id }) => `${method} /api/v1${path} ${id}`).toSorted(),
    );
  });
});
