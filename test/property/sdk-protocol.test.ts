import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientFrame, EventBody } from '../../sdk/src/protocol/index.ts';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeFrame,
  MAX_DATA_BYTES,
  MAX_DATA_DEPTH,
  MAX_EVENT_NAME_LENGTH,
  MAX_FRAME_BYTES,
  MAX_KEY_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAGE_EVENTS,
  MAX_REACTION_BYTES,
  MAX_ROOM_LENGTH,
  MAX_TEXT_BYTES,
  MAX_TOKEN_BYTES,
  toRoomName,
} from '../../sdk/src/protocol/index.ts';

const types = fc.constantFrom(
  'connect',
  'join',
  'leave',
  'publish',
  'history',
  'presence',
  'ephemeral',
  'typing',
  'read',
  'ping',
  'refresh',
  'connected',
  'joined',
  'published',
  'ok',
  'pong',
  'error',
  'events',
  'reads',
  'presenceChange',
  'position',
  'removed',
  'direct',
  'expiring',
  'drain',
  '__proto__',
  'toString',
);
const fieldNames = fc.constantFrom(
  'id',
  'room',
  'version',
  'position',
  'events',
  'event',
  'key',
  'members',
  'presence',
  'reads',
  'recovery',
  'from',
  'data',
  'token',
  'name',
  'expiresInMs',
);
const anything = fc.anything({ withNullPrototype: false, maxDepth: 4 });
const almostFrame = fc
  .tuple(types, fc.dictionary(fieldNames, anything))
  .map(([type, fields]) => JSON.stringify({ ...fields, type }));

describe('[FRM1] whatever arrives is read or refused, and nothing throws', () => {
  test.each([
    ['text', fc.string({ unit: 'binary' })],
    ['JSON', fc.json()],
    ['almost a frame', almostFrame],
  ] as const)('%s', (_, texts) => {
    fc.assert(
      fc.property(texts as fc.Arbitrary<string>, (text) => {
        const client = decodeClientFrame(text);
        if (!client.ok) expect(['bad_frame', 'unknown_type', 'too_large', 'bad_room']).toContain(client.code);
        const server = decodeServerFrame(text);
        if (server) expect(typeof server.type).toBe('string');
      }),
      { numRuns: 500 },
    );
  });

  test('nesting as deep as a frame can hold it', () => {
    const deep = `{"type":"ephemeral","room":"r","name":"n","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expect(decodeClientFrame(deep)).toMatchObject({ ok: false });
    expect(() => decodeServerFrame(deep)).not.toThrow();
  });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }).filter((value) => value.trim() !== '');
const offset = fc.integer({ min: 1, max: 1e9 });
const body = fc.oneof(
  fc.record({ type: fc.constant('message' as const), text }),
  fc.record({ type: fc.constant('edit' as const), target: offset, text }),
  fc.record({ type: fc.constant('delete' as const), target: offset }),
  fc.record({ type: fc.constant('custom' as const), name: fc.constant('move'), data: fc.jsonValue({ maxDepth: 3 }) }),
) as fc.Arbitrary<EventBody>;

test('[FRM5] a frame that was encoded is read as it was, and fields that nobody knows are ignored', () => {
  fc.assert(
    fc.property(offset, body, fc.string(), (id, event, extra) => {
      const frame: ClientFrame = { type: 'publish', id, room: 'lobby', key: 'k', epoch: 'e', event };
      const decoded = decodeClientFrame(encodeFrame({ ...frame, extra } as ClientFrame));
      expect(decoded).toEqual({ ok: true, frame: JSON.parse(JSON.stringify(frame)) });
    }),
  );
});

test('[EVT1] an event goes through the log and the client as it was', () => {
  fc.assert(
    fc.property(offset, body, (at, event) => {
      const stored = { offset: at, at, from: { id: 'm', name: 'Ada' }, key: 'k', ...event };
      const frame = { type: 'events', room: 'r', events: [stored] };
      expect(decodeServerFrame(JSON.stringify(frame))).toEqual(JSON.parse(JSON.stringify(frame)));
    }),
  );
});

describe('limits: the last value that fits, and the first that does not', () => {
  const code = (frame: object): string => {
    const decoded = decodeClientFrame(JSON.stringify(frame));
    return decoded.ok ? 'ok' : decoded.code;
  };
  const publish = (event: object): object => ({ type: 'publish', id: 1, room: 'r', key: 'k', epoch: 'e', event });
  const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);
  const padded = (bytes: number): string => {
    const empty = JSON.stringify({ type: 'ping', pad: '' });
    return JSON.stringify({ type: 'ping', pad: 'x'.repeat(bytes - empty.length) });
  };

  test.each<[string, (size: number) => object, number, string]>([
    ['text', (n) => publish({ type: 'message', text: 'x'.repeat(n) }), MAX_TEXT_BYTES, 'too_large'],
    ['data', (n) => publish({ type: 'custom', name: 'n', data: 'x'.repeat(n - 2) }), MAX_DATA_BYTES, 'too_large'],
    ['depth of data', (n) => publish({ type: 'custom', name: 'n', data: nested(n) }), MAX_DATA_DEPTH, 'bad_frame'],
    [
      'reaction',
      (n) => publish({ type: 'reaction', target: 1, reaction: 'x'.repeat(n), action: 'add' }),
      MAX_REACTION_BYTES,
      'too_large',
    ],
    ['token', (n) => ({ type: 'connect', id: 1, version: 1, token: 'x'.repeat(n) }), MAX_TOKEN_BYTES, 'too_large'],
    ['token of a refresh', (n) => ({ type: 'refresh', id: 1, token: 'x'.repeat(n) }), MAX_TOKEN_BYTES, 'too_large'],
    ['resume', (n) => ({ type: 'connect', id: 1, version: 1, resume: 'x'.repeat(n) }), MAX_TOKEN_BYTES, 'too_large'],
    ['name', (n) => ({ type: 'connect', id: 1, version: 1, user: { name: 'x'.repeat(n) } }), MAX_NAME_LENGTH, 'bad_frame'],
    ['event name', (n) => ({ type: 'ephemeral', room: 'r', name: 'x'.repeat(n), data: 1 }), MAX_EVENT_NAME_LENGTH, 'bad_frame'],
    [
      'key',
      (n) => ({ type: 'publish', id: 1, room: 'r', key: 'x'.repeat(n), event: { type: 'message', text: 'x' } }),
      MAX_KEY_LENGTH,
      'bad_frame',
    ],
    ['room', (n) => ({ type: 'leave', id: 1, room: 'x'.repeat(n) }), MAX_ROOM_LENGTH, 'bad_room'],
    ['page', (n) => ({ type: 'history', id: 1, room: 'r', limit: n }), MAX_PAGE_EVENTS, 'bad_frame'],
    ['recent', (n) => ({ type: 'join', id: 1, room: 'r', recent: n }), MAX_PAGE_EVENTS, 'bad_frame'],
  ])('[LIM1] [LIM2] [LIM3] [LIM4] %s', (_, frame, limit, refusal) => {
    expect(code(frame(limit))).toBe('ok');
    expect(code(frame(limit + 1))).toBe(refusal);
  });

  test('[LIM1] bytes are UTF-8', () => {
    const frame = (n: number): object => publish({ type: 'message', text: '😀'.repeat(n) });
    expect(code(frame(MAX_TEXT_BYTES / 4))).toBe('ok');
    expect(code(frame(MAX_TEXT_BYTES / 4 + 1))).toBe('too_large');
  });

  test('[LIM1] a frame', () => {
    expect(decodeClientFrame(padded(MAX_FRAME_BYTES))).toMatchObject({ ok: true });
    expect(decodeClientFrame(padded(MAX_FRAME_BYTES + 1))).toMatchObject({ ok: false, code: 'too_large' });
  });
});

test('[LIM2] a name that was found valid stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 210 }), (typed) => {
      const name = toRoomName(typed);
      if (name !== undefined) expect(toRoomName(name)).toBe(name);
    }),
  );
});
