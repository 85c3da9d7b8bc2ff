// Connecting, and input that must be refused, over a URL and against each adapter.

import { describe, expect, test } from 'vitest';
import { message, nativeSuite } from '../support/native-suite.ts';

nativeSuite((at) => {
  describe('connect', () => {
    test('[CON1] a frame before connect is refused, and a second connect too', async () => {
      const client = await at.open();
      expect(await client.request({ type: 'join', room: 'r' })).toMatchObject({
        type: 'error',
        code: 'not_connected',
        action: 'fix',
      });
      expect(await client.request({ type: 'connect', version: 1 })).toMatchObject({ type: 'connected', version: 1 });
      expect(await client.request({ type: 'connect', version: 1 })).toMatchObject({ type: 'error', code: 'already_connected' });
      await client.close();
    });

    test('[CON2] frames sent without waiting for connected are handled after it, in order', async () => {
      const client = await at.open();
      const room = at.freshRoom();
      client.sendText('{"type":"connect","id":1,"version":1}');
      client.sendText(JSON.stringify({ type: 'join', id: 2, room }));
      client.sendText(JSON.stringify({ type: 'typing', id: 3, room, active: true }));
      client.sendText(JSON.stringify({ type: 'leave', id: 4, room }));
      client.sendText(JSON.stringify({ type: 'typing', id: 5, room, active: true }));
      const replies = [];
      for (let id = 1; id <= 5; id++) replies.push((await client.next((frame) => frame['id'] === id)).type);
      expect(replies).toEqual(['connected', 'joined', 'ok', 'ok', 'error']);
      await client.close();
    });

    test.each([0, 2, 999])('[CON3] version %i is refused and the socket closed with 4500', async (version) => {
      const client = await at.open();
      client.sendText(JSON.stringify({ type: 'connect', id: 1, version }));
      const code = version === 0 ? 'bad_frame' : 'unsupported_version';
      expect(await client.next('error')).toMatchObject({ code });
      if (version === 0) await client.close();
      else expect(await client.closed).toBe(4500);
    });

    test('[CON4] resume makes the same guest again; one that is forged makes a new one', async () => {
      const first = await at.connected({ name: 'Ada' });
      const { member, resume } = first;
      await first.close();
      const again = await at.connected({ name: 'Ada L.', resume });
      expect(again.member).toEqual({ id: member.id, name: 'Ada L.' });
      const forged = await at.connected({ resume: `${member.id}.forged` });
      expect(forged.member.id).not.toBe(member.id);
      await Promise.all([again.close(), forged.close()]);
    });

    test('[CON5] a token that nobody vouches for is refused, and the socket closed with 4501', async () => {
      const client = await at.open();
      client.sendText(JSON.stringify({ type: 'connect', id: 1, version: 1, token: 'nobody' }));
      expect(await client.next('error')).toMatchObject({ code: 'unauthorized', action: 'fix' });
      expect(await client.closed).toBe(4501);
    });
  });

  describe('bad input', () => {
    test.each([
      ['not JSON', 'hello', 'bad_frame'],
      ['an array', '[]', 'bad_frame'],
      ['null', 'null', 'bad_frame'],
      ['no type', '{"id":1}', 'bad_frame'],
      ['a type that is no string', '{"type":7,"id":1}', 'bad_frame'],
      ['an unknown type', '{"type":"fly","id":1}', 'unknown_type'],
      ["an object's own words as type", '{"type":"__proto__","id":1}', 'unknown_type'],
      ['toString as type', '{"type":"toString","id":1}', 'unknown_type'],
      ['no id', '{"type":"join","room":"r"}', 'bad_frame'],
      ['an id of 0', '{"type":"join","id":0,"room":"r"}', 'bad_frame'],
      ['an id that is a text', '{"type":"join","id":"1","room":"r"}', 'bad_frame'],
      ['half a position', '{"type":"join","id":1,"room":"r","position":{"epoch":"e"}}', 'bad_frame'],
      ['a negative offset', '{"type":"history","id":1,"room":"r","before":-1}', 'bad_frame'],
      ['before and after at once', '{"type":"history","id":1,"room":"r","before":5,"after":1}', 'bad_frame'],
      ['a page beyond the limit', '{"type":"history","id":1,"room":"r","limit":201}', 'bad_frame'],
      ['no key', '{"type":"publish","id":1,"room":"r","event":{"type":"message","text":"x"}}', 'bad_frame'],
      [
        'a key with a space',
        '{"type":"publish","id":1,"room":"r","key":"a b","event":{"type":"message","text":"x"}}',
        'bad_frame',
      ],
      ['an unknown event', '{"type":"publish","id":1,"room":"r","key":"k","event":{"type":"redacted"}}', 'unknown_type'],
      ['an empty text', '{"type":"publish","id":1,"room":"r","key":"k","event":{"type":"message","text":"  "}}', 'bad_frame'],
      [
        'a lone surrogate',
        '{"type":"publish","id":1,"room":"r","key":"k","event":{"type":"message","text":"\\ud800"}}',
        'bad_frame',
      ],
      [
        'a target without epoch',
        '{"type":"publish","id":1,"room":"r","key":"k","event":{"type":"delete","target":1}}',
        'bad_frame',
      ],
    ])('[FRM1] [FRM5] [ERR1] %s is refused, and the connection lives on', async (_, text, code) => {
      const client = await at.connected();
      client.sendText(text);
      expect(await client.next('error')).toMatchObject({ code, action: 'fix' });
      expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await client.close();
    });

    test.each([
      ['empty', ''],
      ['too long', 'x'.repeat(201)],
      ['a control character', 'a\u0007b'],
      ['a line separator', 'a\u2028b'],
      ['a direction override', 'a\u202eb'],
      ['a dot segment', '../etc'],
      ['a dot segment inside', 'a/../b'],
      ['only dots', '..'],
      ['a lone surrogate', 'a\ud800'],
      ['white space at the end', 'a '],
      ['not normalised', 'e\u0301'],
    ])('[LIM2] a room name that is %s is refused', async (_, room) => {
      const client = await at.connected();
      expect(await client.request({ type: 'join', room })).toMatchObject({ type: 'error', code: 'bad_room', action: 'fix' });
      await client.close();
    });

    test.each(['x'.repeat(200), '大廳', 'صالة', 'https://example.com/a/b', 'a.b...c', '👩‍👩‍👧‍👦'])(
      '[LIM2] %s is a room name',
      async (room) => {
        const client = await at.connected();
        expect(await client.request({ type: 'join', room })).toMatchObject({ type: 'joined', room });
        await client.close();
      },
    );

    test.each([
      ['a name of 65 code units', { type: 'connect', version: 1, user: { name: 'x'.repeat(65) } }],
      ['a name with a control character', { type: 'connect', version: 1, user: { name: 'A\u0000' } }],
      ['an empty name', { type: 'connect', version: 1, user: { name: '' } }],
      ['a token beyond 8,192 bytes', { type: 'connect', version: 1, token: 'x'.repeat(8_193) }],
    ])('[LIM1] [LIM3] a connect with %s is refused, and may be tried again', async (_, frame) => {
      const client = await at.open();
      expect(await client.request(frame)).toMatchObject({ type: 'error', action: 'fix' });
      expect(await client.request({ type: 'connect', version: 1, user: { name: 'x'.repeat(64) } })).toMatchObject({
        type: 'connected',
      });
      await client.close();
    });

    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    test.each([
      ['data of 16,384 bytes', { type: 'custom', name: 'n', data: 'x'.repeat(16_382) }, 'published'],
      ['data one byte larger', { type: 'custom', name: 'n', data: 'x'.repeat(16_383) }, 'too_large'],
      ['data 32 deep', { type: 'custom', name: 'n', data: nested(32) }, 'published'],
      ['data 33 deep', { type: 'custom', name: 'n', data: nested(33) }, 'bad_frame'],
      ['an event name of 65 code units', { type: 'custom', name: 'x'.repeat(65), data: 1 }, 'bad_frame'],
    ])('[LIM1] [LIM3] %s', async (_, event, expected) => {
      const client = await at.connected();
      const reply = await client.request({ type: 'publish', room: at.freshRoom(), key: 'k', event });
      expect(reply.type === 'error' ? reply['code'] : reply.type).toBe(expected);
      await client.close();
    });

    test('[LIM1] a key of 64 characters is taken, one of 65 is refused', async () => {
      const client = await at.connected();
      const publish = (key: string): Promise<{ readonly type: string }> =>
        client.request({ type: 'publish', room: 'keys', key, event: { type: 'message', text: 'm' } });
      expect(await publish('k'.repeat(64))).toMatchObject({ type: 'published' });
      expect(await publish('k'.repeat(65))).toMatchObject({ type: 'error', code: 'bad_frame' });
      await client.close();
    });

    test('[LIM1] a text of 8,192 bytes is stored, one byte more is refused', async () => {
      const client = await at.connected();
      const room = at.freshRoom();
      const text = `${'é'.repeat(4_095)}ab`;
      expect(await client.request(message(room, 'k1', text))).toMatchObject({ type: 'published' });
      expect(await client.request(message(room, 'k2', `${text}c`))).toMatchObject({
        type: 'error',
        code: 'too_large',
        action: 'fix',
      });
      await client.close();
    });

    test('[LIM1] a frame of 65,536 bytes is read, one byte more is refused, and the socket stays open', async () => {
      const client = await at.connected();
      const frame = (bytes: number): string => {
        const head = '{"type":"ping","id":7,"pad":"';
        return `${head}${'x'.repeat(bytes - head.length - 2)}"}`;
      };
      client.sendText(frame(65_536));
      expect(await client.next('pong')).toMatchObject({ id: 7 });
      client.sendText(frame(65_537));
      expect(await client.next('error')).toMatchObject({ code: 'too_large' });
      expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await client.close();
    });

    test('[CLS3] a frame above 262,144 bytes closes that socket alone', async () => {
      const [loud, other] = await Promise.all([at.connected(), at.connected()]);
      loud.sendText(JSON.stringify({ type: 'ping', pad: 'x'.repeat(262_145) }));
      expect([1006, 1009]).toContain(await loud.closed);
      expect(await other.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await other.close();
    });

    test('[CLS3] fifty refused frames in a row close with 4503; a good one in between starts the count anew', async () => {
      const client = await at.connected();
      for (let i = 0; i < 49; i++) client.sendText('x');
      expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      for (let i = 0; i < 50; i++) client.sendText('x');
      expect(await client.closed).toBe(4503);
    });

    test('[FRM2] [ERR1] each request has exactly one reply, which carries its id, whatever becomes of it', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      const frames = [
        { type: 'join', room },
        { type: 'join', room: '..' },
        { type: 'publish', room, key: 'k', event: { type: 'message', text: 'm' } },
        { type: 'publish', room, key: 'k', event: { type: 'message', text: 'other' } },
        { type: 'history', room },
        { type: 'history', room, epoch: 'other' },
        { type: 'presence', room },
        { type: 'ephemeral', room, name: 'n', data: 1 },
        { type: 'typing', room, active: true },
        { type: 'read', room, position: { epoch: 'other', offset: 1 } },
        { type: 'ping' },
        { type: 'fly' },
        { type: 'leave', room },
      ];
      for (const [i, frame] of frames.entries()) client.sendText(JSON.stringify({ ...frame, id: 50 + i }));
      const ids = frames.map((_, i) => 50 + i);
      const first = await Promise.all(ids.map((id) => client.next((frame) => frame['id'] === id)));
      expect(first.map((reply) => reply['id'])).toEqual(ids);
      await client.request({ type: 'ping' });
      expect(client.inbox.filter((frame) => ids.includes(frame['id'] as number))).toEqual([]);
      await client.close();
    });

    test('[CLS3] frames that are read and refused never close, however many come at once', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      const publishes = Array.from({ length: 80 }, (_, i) =>
        client.request({ type: 'publish', room, key: 'same', event: { type: 'message', text: `m${i}` } }),
      );
      const replies = await Promise.all(publishes);
      expect(replies.filter((reply) => reply['code'] === 'key_reused')).toHaveLength(79);
      expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await client.close();
    });

    test('[FRM7] a binary message is refused, and the socket stays open', async () => {
      const client = await at.connected();
      client.socket.send(Buffer.from([1, 2, 3]));
      expect(await client.next('error')).toMatchObject({ code: 'bad_frame' });
      expect(await client.request({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await client.close();
    });

    test('[FRM3] a notice without id is answered only when it is refused; a ping always', async () => {
      const room = at.freshRoom();
      const client = await at.joined(room);
      client.sendText(JSON.stringify({ type: 'typing', room, active: true }));
      client.sendText(JSON.stringify({ type: 'typing', room: 'elsewhere', active: true }));
      const error = await client.next('error');
      expect(error).toMatchObject({ code: 'not_joined', action: 'rejoin' });
      expect(error['id']).toBeUndefined();
      client.sendText('{"type":"ping"}');
      expect(await client.next('pong')).toEqual({ type: 'pong' });
      await client.close();
    });
  });
});
