// The codec over every frame there is: what is encoded is read as it was, and what nobody would send changes nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientFrame, ServerFrame } from '../../sdk/src/protocol/index.ts';
import { decodeClientFrame, decodeServerFrame, encodeFrame, isName, isRoomName } from '../../sdk/src/protocol/index.ts';

type Frames<F extends { readonly type: string }> = { readonly [T in F['type']]: fc.Arbitrary<object> };

const word = fc.stringMatching(/^[a-z\d]{1,12}$/);
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((value) => isName(value, 64));
const room = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isRoomName);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }).filter((value) => value.trim() !== '');
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const offset = fc.integer({ min: 1, max: 1e12 });
const count = fc.nat({ max: 1e6 });
const time = fc.integer({ min: 0, max: 8.64e15 });
const data = fc.jsonValue({ maxDepth: 3 });
const position = fc.record({ epoch: word, offset });
const member = fc.record({ id: word, name });
const maybe = { requiredKeys: [] as never[] };

const moderation = fc.oneof(
  fc.record({ type: fc.constant('pin'), target: offset }),
  fc.record({ type: fc.constant('unpin') }),
  fc.record({ type: fc.constant('slowMode'), intervalMs: fc.nat({ max: 21_600_000 }) }),
  fc.record({ type: fc.constantFrom('mute', 'ban'), member, until: time }),
  fc.record({ type: fc.constantFrom('unmute', 'unban'), member }),
);
const body = fc.oneof(
  fc.record({ type: fc.constant('message'), text, data }),
  fc.record({ type: fc.constant('message'), text, replyTo: offset }),
  fc.record({ type: fc.constant('edit'), target: offset, text }),
  fc.record({ type: fc.constant('delete'), target: offset }),
  fc.record({
    type: fc.constant('reaction'),
    target: offset,
    reaction: fc.constantFrom('👍', ':)'),
    action: fc.constantFrom('add', 'remove'),
  }),
  fc.record({ type: fc.constant('custom'), name, data }),
  fc.record({ type: fc.constant('moderation'), action: moderation }),
);
const event = fc
  .tuple(fc.record({ offset, at: time, from: member, key: word }), body)
  .map(([head, rest]) => ({ ...head, ...rest }));
const events = fc.array(event, { maxLength: 4 });
const members = fc.array(member, { maxLength: 4 });
const presence = fc.oneof(
  fc.record({ scope: fc.constant('all'), version: count, members }),
  fc.record({ scope: fc.constant('sample'), version: count, count, members }),
);
const reads = fc.dictionary(word, offset, { maxKeys: 4 });
const recovery = fc.oneof(
  fc.record({ outcome: fc.constantFrom('fresh', 'recovered') }),
  fc.record({ outcome: fc.constant('lost'), reason: fc.constantFrom('epoch', 'trimmed', 'ahead') }),
);
const settings = fc.record({
  pinned: offset,
  slowModeMs: count,
  you: fc.record({ write: fc.boolean(), moderate: fc.boolean(), mutedUntil: time }),
});
const sanction = fc.record({ kind: fc.constantFrom('mute', 'ban'), member, until: time, at: time, by: member });

// Total: a new type of frame does not compile without its line here.
const client: Frames<ClientFrame> = {
  connect: fc.record(
    { id, version: fc.constant(1), token: word, user: fc.record({ name }, maybe), resume: word },
    { requiredKeys: ['id', 'version'] },
  ),
  join: fc.record({ id, room, position, recent: fc.integer({ min: 1, max: 200 }) }, { requiredKeys: ['id', 'room'] }),
  leave: fc.record({ id, room }),
  publish: fc.record({ id, room, key: word, epoch: word, event: body }),
  history: fc.record(
    { id, room, epoch: word, after: offset, limit: fc.integer({ min: 1, max: 200 }) },
    { requiredKeys: ['id', 'room'] },
  ),
  presence: fc.record({ id, room }),
  sanctions: fc.record({ id, room, after: word, limit: fc.integer({ min: 1, max: 200 }) }, { requiredKeys: ['id', 'room'] }),
  ephemeral: fc.record({ id, room, name, data }, { requiredKeys: ['room', 'name', 'data'] }),
  typing: fc.record({ id, room, active: fc.boolean() }, { requiredKeys: ['room', 'active'] }),
  read: fc.record({ id, room, position }, { requiredKeys: ['room', 'position'] }),
  ping: fc.record({ id }, maybe),
  upload: fc.record({ id, room, name, mediaType: fc.constantFrom('image/png', 'text/plain'), bytes: offset }),
  refresh: fc.record({ id, token: word }),
};
const server: Frames<ServerFrame> = {
  connected: fc.record({ id, version: fc.constant(1), member, channel: word, resume: word, pingMs: offset }),
  joined: fc.record({ id, room, position, start: offset, recovery, events, presence, reads, settings }),
  published: fc.record({ id, room, position, at: time }),
  history: fc.record({ id, room, position, start: offset, events }),
  presence: fc.record({ id, room, presence }, { requiredKeys: ['room', 'presence'] }),
  sanctions: fc.record({ id, room, sanctions: fc.array(sanction, { maxLength: 3 }), next: word }),
  upload: fc.record({ id, url: word, ticket: word }),
  ok: fc.record({ id }),
  pong: fc.record({ id }, maybe),
  error: fc.record({ id, code: word, action: fc.constantFrom('fix', 'retry', 'rejoin'), message: text, retryAfterMs: count }),
  events: fc.record({ room, events }),
  ephemeral: fc.record({ room, from: member, name, data }),
  typing: fc.record({ room, members, count }),
  reads: fc.record({ room, reads }),
  settings: fc.record({ room, settings }),
  presenceChange: fc.record({ room, version: count, joined: members, left: fc.array(word, { maxLength: 3 }) }),
  position: fc.record({ room, position, presenceVersion: count }),
  removed: fc.record({ room, code: word, message: text }),
  direct: fc.record({ name, data }),
  expiring: fc.record({ expiresInMs: count }),
  drain: fc.record({ retryAfterMs: count }),
};

/** As it comes out of a text: JSON knows no -0 and no prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('[FRM1] what is encoded is decoded as it was', () => {
  test.each(Object.entries(client))('client frame %s', (type, fields) => {
    fc.assert(
      fc.property(fields, (rest) => {
        const frame = { ...rest, type } as ClientFrame;
        expect(decodeClientFrame(encodeFrame(frame))).toEqual({ ok: true, frame: plain(frame) });
      }),
    );
  });

  // The client reads leniently (FRM6): what it does not need may be missing, nothing may be another.
  test.each(Object.entries(server))('server frame %s', (type, fields) => {
    fc.assert(
      fc.property(fields, (rest) => {
        const frame = { ...rest, type } as ServerFrame;
        expect(decodeServerFrame(encodeFrame(frame))).toEqual(plain(frame));
      }),
    );
  });
});

describe('[FRM5] what nobody would send', () => {
  const strange = fc.constantFrom(
    ...['null', '-1', '-0', '1.5', '1e308', '1e309', '-1e400', '9007199254740993', '9'.repeat(500), '""', '"\\u0000"'],
    ...['"\\ud800"', '"\\udfff\\ud800"', '"\\u202e"', '{}', '[]', '{"__proto__":{"ok":true}}', '{"constructor":null}'],
    ...[
      '{"toString":1,"valueOf":2,"then":3}',
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `${'{"a":'.repeat(5_000)}0${'}'.repeat(5_000)}`,
    ],
  );
  /** A frame as text, with one of its fields, or another one, replaced. */
  const bent = (frames: Frames<ClientFrame> | Frames<ServerFrame>): fc.Arbitrary<string> =>
    fc
      .oneof(...Object.entries(frames).map(([type, fields]) => fields.map((rest) => ({ ...rest, type }) as object)))
      .chain((frame) =>
        fc
          .tuple(fc.constantFrom(...Object.keys(frame), '__proto__', 'constructor', 'hasOwnProperty'), strange)
          .map(([field, value]) => {
            const others = Object.entries(frame).filter(([key]) => key !== field);
            return `{${others.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)},`).join('')}${JSON.stringify(field)}:${value}}`;
          }),
      );

  test('a field that is huge, deep, half a character or a prototype is refused or ignored, and nothing is thrown', () => {
    fc.assert(
      fc.property(bent(client), (text) => {
        const decoded = decodeClientFrame(text);
        if (!decoded.ok) expect(['bad_frame', 'unknown_type', 'too_large', 'bad_room']).toContain(decoded.code);
        else expect(Object.getPrototypeOf(decoded.frame)).toBe(Object.prototype);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(bent(server), (text) => {
        const frame = decodeServerFrame(text);
        if (frame) expect(Object.getPrototypeOf(frame)).toBe(Object.prototype);
      }),
      { numRuns: 2_000 },
    );
    expect(({} as { readonly ok?: unknown }).ok).toBeUndefined();
  });

  test('what was accepted is accepted again as it was read: decoding settles in one step', () => {
    fc.assert(
      fc.property(bent(client), (text) => {
        const once = decodeClientFrame(text);
        if (!once.ok) return;
        expect(decodeClientFrame(encodeFrame(once.frame))).toEqual({ ok: true, frame: plain(once.frame) });
      }),
      { numRuns: 2_000 },
    );
  });
});
