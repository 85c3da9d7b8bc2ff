// Rooms over a URL and against each adapter: joining, recovery, history, presence.

import { describe, expect, test } from 'vitest';
import { message, nativeSuite } from '../support/native-suite.ts';
import type { Frame } from '../support/protocol-client.ts';

nativeSuite((at) => {
  describe('join and recovery', () => {
    test('[JOI1] [EVT2] [PUB2] everyone in the room sees the same events at the same offsets', async () => {
      const room = at.freshRoom();
      const [ada, bob] = await Promise.all([at.joined(room, 'Ada'), at.joined(room, 'Bob')]);
      for (let i = 0; i < 20; i++)
        (i % 2 === 0 ? ada : bob).sendText(JSON.stringify({ id: 100 + i, ...message(room, `k${i}`, `m${i}`) }));
      const [seenByAda, seenByBob] = await Promise.all([ada.events(room, 20), bob.events(room, 20)]);
      expect(seenByAda).toEqual(seenByBob);
      expect(seenByAda.map((event) => event['offset'])).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      await Promise.all([ada.close(), bob.close()]);
    });

    test('[JOI2] without a position the reply has as many of the last events as asked for', async () => {
      const room = at.freshRoom();
      const writer = await at.connected();
      for (let i = 1; i <= 5; i++) await writer.request(message(room, `k${i}`, `m${i}`));
      const reader = await at.connected();
      const reply = await reader.request({ type: 'join', room, recent: 3 });
      expect(reply).toMatchObject({ recovery: { outcome: 'fresh' }, start: 1, position: { offset: 5 } });
      expect((reply['events'] as Frame[]).map((event) => event['text'])).toEqual(['m3', 'm4', 'm5']);
      expect(await reader.request({ type: 'join', room })).toMatchObject({ events: [] });
      await Promise.all([writer.close(), reader.close()]);
    });

    test('[JOI3] with a position the reply continues it without a gap', async () => {
      const room = at.freshRoom();
      const writer = await at.connected();
      for (let i = 1; i <= 400; i++) writer.sendText(JSON.stringify({ id: 1000 + i, ...message(room, `k${i}`, `m${i}`) }));
      const last = await writer.next((frame) => frame['id'] === 1400);
      const { epoch } = last['position'] as { epoch: string };
      const reader = await at.connected();
      const near = await reader.request({ type: 'join', room, position: { epoch, offset: 390 } });
      expect(near).toMatchObject({ recovery: { outcome: 'recovered' }, position: { offset: 400 } });
      expect((near['events'] as Frame[]).map((event) => event['offset'])).toEqual([
        391, 392, 393, 394, 395, 396, 397, 398, 399, 400,
      ]);
      const far = await reader.request({ type: 'join', room, position: { epoch, offset: 10 } });
      const offsets = (far['events'] as Frame[]).map((event) => event['offset'] as number);
      expect(far).toMatchObject({ recovery: { outcome: 'recovered' }, position: { offset: 400 } });
      expect(offsets).toEqual(Array.from({ length: 200 }, (_, i) => 11 + i));
      await Promise.all([writer.close(), reader.close()]);
    });

    test('[JOI4] a position of another epoch, or from the future, is lost, and said so', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      const { position } = await client.request(message(room, 'k1', 'm1'));
      const { epoch } = position as { epoch: string };
      const other = await client.request({ type: 'join', room, recent: 9, position: { epoch: 'other', offset: 1 } });
      expect(other).toMatchObject({ recovery: { outcome: 'lost', reason: 'epoch' }, position: { epoch, offset: 1 } });
      expect(other['events']).toHaveLength(1);
      const ahead = await client.request({ type: 'join', room, position: { epoch, offset: 2 } });
      expect(ahead).toMatchObject({ recovery: { outcome: 'lost', reason: 'ahead' }, events: [] });
      await client.close();
    });

    test('[JOI6] joining again answers again, and pushes are not doubled', async () => {
      const room = at.freshRoom();
      const client = await at.joined(room);
      expect(await client.request({ type: 'join', room })).toMatchObject({ type: 'joined' });
      await client.request(message(room, 'k1', 'once'));
      await client.request({ type: 'ping' });
      expect(client.inbox.filter((frame) => frame.type === 'events')).toHaveLength(1);
      await client.close();
    });

    test('[JOI7] after leave is answered no push of the room follows; leaving twice is ok', async () => {
      const room = at.freshRoom();
      const client = await at.joined(room);
      expect(await client.request({ type: 'leave', room })).toMatchObject({ type: 'ok' });
      expect(await client.request({ type: 'leave', room })).toMatchObject({ type: 'ok' });
      await client.request(message(room, 'k1', 'unheard'));
      await client.request({ type: 'ping' });
      expect(client.inbox.filter((frame) => frame.type === 'events')).toEqual([]);
      await client.close();
    });

    test('[JOI8] [LIM4] the hundred and first room is refused', async () => {
      const client = await at.connected();
      const prefix = at.freshRoom();
      for (let i = 0; i < 100; i++) await client.request({ type: 'join', room: `${prefix}-${i}` });
      expect(await client.request({ type: 'join', room: `${prefix}-100` })).toMatchObject({ code: 'too_many_rooms' });
      expect(await client.request({ type: 'join', room: `${prefix}-1` })).toMatchObject({ type: 'joined' });
      await client.close();
    });
  });

  describe('history', () => {
    test('[HIS1] [HIS3] pages go both ways, in rising order', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      for (let i = 1; i <= 9; i++) await client.request(message(room, `k${i}`, `m${i}`));
      const offsets = async (query: object): Promise<unknown[]> =>
        ((await client.request({ type: 'history', room, ...query }))['events'] as Frame[]).map((event) => event['offset']);
      expect(await offsets({ limit: 2 })).toEqual([8, 9]);
      expect(await offsets({ before: 8, limit: 3 })).toEqual([5, 6, 7]);
      expect(await offsets({ after: 2, limit: 3 })).toEqual([3, 4, 5]);
      expect(await offsets({ after: 9 })).toEqual([]);
      expect(await offsets({ before: 1 })).toEqual([]);
      expect(await client.request({ type: 'history', room, limit: 0 })).toMatchObject({
        start: 1,
        position: { offset: 9 },
        events: [],
      });
      await client.close();
    });

    test('[HIS2] a page ends early rather than pass its bytes, and holds one event', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      const text = 'x'.repeat(8_000);
      for (let i = 1; i <= 20; i++) await client.request(message(room, `k${i}`, text));
      const after = (await client.request({ type: 'history', room, after: 0, limit: 20 }))['events'] as Frame[];
      const before = (await client.request({ type: 'history', room, before: 21, limit: 20 }))['events'] as Frame[];
      expect(after[0]).toMatchObject({ offset: 1 });
      expect(before.at(-1)).toMatchObject({ offset: 20 });
      expect(after.length).toBe(before.length);
      expect(after.length).toBe(16);
      await client.close();
    });

    test('[HIS4] an epoch that is not the log’s is refused', async () => {
      const client = await at.connected();
      expect(await client.request({ type: 'history', room: at.freshRoom(), epoch: 'other' })).toMatchObject({
        code: 'epoch_changed',
        action: 'rejoin',
      });
      await client.close();
    });
  });

  describe('ephemeral events, typing, read positions, presence', () => {
    test('[EPH1] an ephemeral event reaches everyone in the room, the sender too, and is not kept', async () => {
      const room = at.freshRoom();
      const [ada, bob] = await Promise.all([at.joined(room, 'Ada'), at.joined(room, 'Bob')]);
      await ada.request({ type: 'ephemeral', room, name: 'cursor', data: { x: 1 } });
      const push = { type: 'ephemeral', room, name: 'cursor', data: { x: 1 } };
      expect(await bob.next('ephemeral')).toMatchObject(push);
      expect(await ada.next('ephemeral')).toMatchObject(push);
      expect(await ada.request({ type: 'history', room })).toMatchObject({ events: [] });
      await Promise.all([ada.close(), bob.close()]);
    });

    test('[EPH2] they need a joined room', async () => {
      const client = await at.connected();
      const room = at.freshRoom();
      expect(await client.request({ type: 'ephemeral', room, name: 'n', data: 1 })).toMatchObject({ code: 'not_joined' });
      expect(await client.request({ type: 'typing', room, active: true })).toMatchObject({ code: 'not_joined' });
      expect(await client.request({ type: 'read', room, position: { epoch: 'e', offset: 1 } })).toMatchObject({
        code: 'not_joined',
      });
      expect(await client.request({ type: 'presence', room })).toMatchObject({ code: 'not_joined' });
      await client.close();
    });

    test('[EPH3] typing is the whole truth, and a message ends it', async () => {
      const room = at.freshRoom();
      const [ada, bob] = await Promise.all([at.joined(room, 'Ada'), at.joined(room, 'Bob')]);
      await ada.request({ type: 'typing', room, active: true });
      expect(await bob.next('typing')).toMatchObject({ count: 1, members: [{ name: 'Ada' }] });
      await ada.request(message(room, 'k', 'done'));
      expect(await bob.next('typing')).toMatchObject({ count: 0, members: [] });
      await Promise.all([ada.close(), bob.close()]);
    });

    test('[EPH4] a read position only rises, not beyond the end, and is there after coming back', async () => {
      const room = at.freshRoom();
      const [ada, bob] = await Promise.all([at.joined(room, 'Ada'), at.joined(room, 'Bob')]);
      const { position } = await ada.request(message(room, 'k1', 'm1'));
      await ada.request(message(room, 'k2', 'm2'));
      const { epoch } = position as { epoch: string };
      await bob.request({ type: 'read', room, position: { epoch, offset: 99 } });
      expect(await ada.next('reads')).toMatchObject({ reads: { [bob.member.id]: 2 } });
      await bob.request({ type: 'read', room, position: { epoch, offset: 1 } });
      const again = await bob.request({ type: 'join', room });
      expect(again['reads']).toEqual({ [bob.member.id]: 2 });
      expect(await bob.request({ type: 'read', room, position: { epoch: 'other', offset: 1 } })).toMatchObject({
        code: 'epoch_changed',
      });
      await Promise.all([ada.close(), bob.close()]);
    });

    test('[PRE1] [PRE2] [PRE3] a member with two connections is listed once and leaves with the last', async () => {
      const room = at.freshRoom();
      const watcher = await at.joined(room, 'Watcher');
      await watcher.next('presenceChange');
      const first = await at.connected({ name: 'Ada' });
      const second = await at.connected({ name: 'Ada', resume: first.resume });
      const { id } = first.member;
      await first.request({ type: 'join', room });
      const snapshot = await second.request({ type: 'join', room });
      expect((snapshot['presence'] as { members: unknown[] }).members).toHaveLength(2);
      const came = await watcher.next('presenceChange');
      expect(came).toMatchObject({ joined: [{ id, name: 'Ada' }], left: [] });
      await first.cut();
      await second.close();
      expect(await watcher.next('presenceChange')).toMatchObject({
        version: (came['version'] as number) + 1,
        joined: [],
        left: [id],
      });
      expect(await watcher.request({ type: 'presence', room })).toMatchObject({
        presence: { scope: 'all', members: [{ name: 'Watcher' }] },
      });
      await watcher.close();
    });
  });
});
