// What the server API takes: the bounds are the protocol's, and no scope is a way around another.

import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApiKey, readApiKeys } from '../../../relay/src/api/api-key.ts';
import { NOTHING, operation } from '../../../relay/src/api/operation.ts';
import { INPUT_COMPONENTS } from '../../../relay/src/api/schemas.ts';
import { ApiRig } from '../../support/api-rig.ts';

const USER = { id: 'bot', name: 'Bot' };
const EVENTS = '/rooms/r/events';
const MESSAGE = { type: 'message', text: 'hello' };
const say = (event: unknown, more: object = {}) => ({ body: { user: USER, event, ...more } });
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

let rig: ApiRig;
beforeEach(() => {
  rig = new ApiRig();
});

async function expectRefused(pointer: string, ...asked: Parameters<ApiRig['ask']>): Promise<void> {
  const answer = await rig.ask(...asked);
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  expect(rig.operations.calls).toEqual([]);
  expect(rig.faults).toEqual([]);
}

describe('events', () => {
  test.each([
    [{ type: 'message', text: ' ' }],
    [{ type: 'message', text: '\ud800' }],
    [{ type: 'message', text: 'x', replyto: 1 }],
    [{ type: 'custom', name: 'padded ', data: 1 }],
    [{ type: 'custom', name: 'big', data: 'x'.repeat(16_385) }],
    [{ type: 'reaction', target: 1, reaction: 'x'.repeat(65), action: 'add' }],
    [{ type: 'typing' }],
    ['message'],
    [null],
  ])('[EVT1] [LIM2] what a client could not publish is pointed at: %#', (event) =>
    expectRefused('/body/event', 'POST', EVENTS, say(event)),
  );

  test('what is wrong is said by the protocol, and of the right type alone', async () => {
    const { body } = await rig.ask('POST', EVENTS, say({ type: 'reaction', target: 1, reaction: '👍', action: 'toggle' }));
    expect(body.errors).toEqual([{ pointer: '/body/event', detail: 'action: not valid' }]);
  });

  test('the text of an edit has the same bound', () =>
    expectRefused('/body/text', 'PATCH', '/rooms/r/messages/1', { body: { user: USER, text: 'x'.repeat(8_193) } }));

  test('[P6] a body that is nested without end is refused, not followed', async () => {
    const text = (depth: number): string =>
      `{"user":{"id":"a","name":"a"},"event":{"type":"custom","name":"n","data":${nested(depth)}}}`;
    expect(await rig.ask('POST', EVENTS, { text: text(32) })).toMatchObject({ status: 201 });
    rig.operations.calls.length = 0;
    await expectRefused('/body', 'POST', EVENTS, { text: text(100_000) });
    await expectRefused('/body', 'POST', '/channels/c.d/messages', { text: `{"type":"any","data":${nested(100_000)}}` });
  });

  test('the description takes what is taken, and nothing more', async () => {
    const described = Compile(INPUT_COMPONENTS.Event.description);
    const taken = [
      { type: 'message', text: 'hi', replyTo: 3, data: { a: [1] } },
      { type: 'edit', target: 1, text: 'x' },
      { type: 'delete', target: 1 },
      { type: 'reaction', target: 1, reaction: '👍', action: 'remove' },
      { type: 'custom', name: 'n', data: null },
    ];
    for (const event of taken) {
      expect([(await rig.ask('POST', EVENTS, say(event))).status, described.Check(event)]).toEqual([201, true]);
      const strange = { ...event, strange: 1 };
      expect([(await rig.ask('POST', EVENTS, say(strange))).status, described.Check(strange)]).toEqual([400, false]);
    }
  });
});

describe('names', () => {
  test.each(['', ' padded', 'two\nlines', '\u202eback', '\ud800', 'x'.repeat(256)])(
    'a member whose id or name is none does not get into a log: %#',
    async (text) => {
      await expectRefused('/body/user/id', 'POST', EVENTS, { body: { user: { id: text, name: 'A' }, event: MESSAGE } });
      await expectRefused('/body/user/name', 'POST', EVENTS, { body: { user: { id: 'a', name: text }, event: MESSAGE } });
      if (text !== '\ud800') await expectRefused('/query/user', 'DELETE', `/rooms/r/messages/1?user=${encodeURIComponent(text)}`);
    },
  );

  test('whoever deletes has a valid name, however long the id is', async () => {
    await rig.ask('DELETE', `/rooms/r/messages/1?user=${'u'.repeat(255)}`);
    expect(rig.operations.calls[0]?.args[1]).toMatchObject({ from: { id: 'u'.repeat(255), name: 'test' } });
  });

  test('[LIM2] a room that is not in NFC is none; a pattern of rooms is made one that is', async () => {
    await expectRefused('/path/room', 'GET', `/rooms/${encodeURIComponent('e\u0301')}`);
    const { entry } = createApiKey('k', ['publish']);
    expect(readApiKeys([{ ...entry, rooms: 'e\u0301*' }])[0]?.rooms).toBe('\u00e9*');
  });
});

describe('messages to channels', () => {
  const send = (body: unknown) => ['POST', '/channels/a.b/messages', { body }] as const;

  test('`close` is refused: to disconnect needs its own scope', () =>
    expectRefused('/body', ...send({ type: 'close', code: 4502, reason: 'out' })));

  test.each([
    [{ type: 'direct' }],
    [{ type: 'direct', name: 'n' }],
    [{ type: 'direct', name: 'n', data: 1, id: 7 }],
    [{ type: 'direct', name: 'n', data: 'x'.repeat(16_385) }],
    [{ type: 'send' }],
    [{ type: 'send', text: 'a', base64: 'YQ==' }],
    [{ type: 'send', text: 1 }],
    [{ type: 'Not a name' }],
    [{}],
    [[]],
  ])('[CHN1] one that nobody could read is refused: %j', (message) => expectRefused('/body', ...send(message)));

  test.each([[{ type: 'send', text: 'a' }], [{ type: 'send', base64: 'YQ==' }], [{ type: 'lineAdded', line: { n: 1 } }]])(
    'others go as they are: %j',
    async (message) => {
      expect(await rig.ask(...send(message))).toMatchObject({ status: 200 });
      expect(rig.operations.calls[0]?.args[1]).toEqual(message);
    },
  );
});

describe('requests', () => {
  test('[PUB3] the idempotency key may be quoted, and two that differ are refused', async () => {
    const header = (key: string) => ({ headers: { 'idempotency-key': key } });
    await rig.ask('POST', EVENTS, { ...say(MESSAGE), ...header('"k-1"') });
    await rig.ask('POST', EVENTS, { ...say(MESSAGE, { key: 'k-2' }), ...header('k-2') });
    expect(rig.operations.calls.map(({ args }) => (args[1] as { key: string }).key)).toEqual(['k-1', 'k-2']);
    rig.operations.calls.length = 0;
    await expectRefused('/headers/idempotency-key', 'POST', EVENTS, { ...say(MESSAGE, { key: 'k-1' }), ...header('k-2') });
  });

  test('a parameter that is given twice is refused', () => expectRefused('/query/limit', 'GET', `${EVENTS}?limit=1&limit=2`));

  test('a field too many is named, once and not at any length', async () => {
    const long = 'x'.repeat(100_000);
    const { body } = await rig.ask('POST', EVENTS, say(MESSAGE, { [long]: 1 }));
    expect(body.errors).toEqual([{ pointer: `/body/${long}`.slice(0, 200), detail: 'unknown' }]);
  });

  test('HEAD is answered as GET is, OPTIONS with what there is, and no page of another site is let in', async () => {
    const head = await rig.ask('HEAD', EVENTS);
    expect([head.status, rig.operations.calls[0]?.name]).toEqual([200, 'history']);
    const options = await rig.ask('OPTIONS', '/rooms/r', { headers: { authorization: '' } });
    expect(options).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS, PATCH' } });
    expect(Object.keys(options.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await rig.ask('OPTIONS', '/nowhere')).toMatchObject({ status: 404 });
  });

  test('each answer says what is left of the rate, the refusal too', async () => {
    rig = new ApiRig({ ratePerSecond: 1 });
    const left = async () => {
      const { status, headers } = await rig.ask('GET', '/rooms');
      return [status, headers['ratelimit-limit'], headers['ratelimit-remaining'], headers['ratelimit-reset']];
    };
    expect(await left()).toEqual([200, '2', '1', '1']);
    expect(await left()).toEqual([200, '2', '0', '2']);
    expect(await left()).toEqual([429, '2', '0', '2']);
    rig.now += 1_000;
    expect(await left()).toEqual([200, '2', '0', '2']);
  });

  test('each answer is told of with the names of request, operation and key, and never the key', async () => {
    await rig.ask('GET', '/rooms', { headers: { 'x-request-id': 'mine' } });
    await rig.ask('GET', '/rooms', { headers: { authorization: 'Bearer wrong', 'x-request-id': 'other' } });
    expect(rig.answers).toEqual([
      { requestId: 'mine', status: 200, operation: 'listRooms', key: 'test' },
      { requestId: 'other', status: 401, operation: 'listRooms' },
    ]);
  });
});

test('an operation without a handler, or whose handler gives something else, does not compile', () => {
  const spec = {
    id: 'x',
    method: 'GET',
    path: '/x',
    summary: '',
    description: '',
    scope: 'rooms',
    parameters: NOTHING,
    query: Type.Object({ limit: Type.Integer() }),
    body: undefined,
    status: 200,
    result: Type.Object({ n: Type.Integer() }),
    problems: [],
  } as const;
  // @ts-expect-error: no handler
  operation(spec);
  // @ts-expect-error: not what its schema says
  operation({ ...spec, handle: async () => ({ n: 'text' }) });
  const { result: _, ...unsaid } = spec;
  // @ts-expect-error: no schema of the result
  operation({ ...unsaid, handle: async () => ({ n: 1 }) });
  expect(operation({ ...spec, handle: async ({ query }) => ({ n: query.limit }) }).id).toBe('x');
});
