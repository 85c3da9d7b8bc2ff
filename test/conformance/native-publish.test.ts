// Publishing over a URL and against each adapter.

import { describe, expect, test } from 'vitest';
import { message, nativeSuite } from '../support/native-suite.ts';
import type { Frame, ProtocolClient } from '../support/protocol-client.ts';

nativeSuite((at) => {
  describe('publish', () => {
    test('[PUB1] [PUB3] the same key and event again is answered with the first position and stored once', async () => {
      const room = at.freshRoom();
      const client = await at.joined(room);
      const first = await client.request(message(room, 'key', 'hello'));
      const again = await client.request(message(room, 'key', 'hello'));
      expect(again).toMatchObject({ type: 'published', position: first['position'], at: first['at'] });
      const { events } = await client.request({ type: 'history', room });
      expect(events).toHaveLength(1);
      await client.close();
    });

    test('[PUB3] [CON7] a resumed guest keeps its keys; another member may use the same one', async () => {
      const room = at.freshRoom();
      const ada = await at.connected({ name: 'Ada' });
      const first = await ada.request(message(room, 'key', 'hello'));
      const resume = ada.resume;
      await ada.cut();
      const back = await at.connected({ name: 'Ada', resume });
      expect((await back.request(message(room, 'key', 'hello')))['position']).toEqual(first['position']);
      const bob = await at.connected({ name: 'Bob' });
      expect(await bob.request(message(room, 'key', 'hello'))).toMatchObject({ position: { offset: 2 } });
      await Promise.all([back.close(), bob.close()]);
    });

    test('[PUB4] the same key with another event is refused', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      await client.request(message(room, 'key', 'hello'));
      expect(await client.request(message(room, 'key', 'other'))).toMatchObject({ code: 'key_reused', action: 'fix' });
      await client.close();
    });

    test('[PUB5] [PUB6] edits and deletions: author only, of a message that is there, in this epoch', async () => {
      const room = at.freshRoom();
      const [ada, bob] = await Promise.all([at.joined(room, 'Ada'), at.joined(room, 'Bob')]);
      const { position } = await ada.request(message(room, 'k1', 'helo'));
      const { epoch } = position as { epoch: string };
      const act = (client: ProtocolClient, key: string, event: object, at = epoch): Promise<Frame> =>
        client.request({ type: 'publish', room, key, epoch: at, event });
      expect(await act(bob, 'b1', { type: 'edit', target: 1, text: 'mine' })).toMatchObject({ code: 'forbidden' });
      expect(await act(bob, 'b2', { type: 'delete', target: 1 })).toMatchObject({ code: 'forbidden' });
      expect(await act(ada, 'a1', { type: 'edit', target: 1, text: 'hello' }, 'other')).toMatchObject({
        code: 'epoch_changed',
        action: 'rejoin',
      });
      expect(await act(ada, 'a2', { type: 'edit', target: 9, text: 'hello' })).toMatchObject({ code: 'not_found' });
      expect(await act(ada, 'a3', { type: 'edit', target: 1, text: 'hello' })).toMatchObject({ position: { offset: 2 } });
      expect(await act(bob, 'b3', { type: 'reaction', target: 1, reaction: '👍', action: 'add' })).toMatchObject({
        position: { offset: 3 },
      });
      expect(await act(ada, 'a4', { type: 'delete', target: 1 })).toMatchObject({ position: { offset: 4 } });
      expect(await act(ada, 'a5', { type: 'edit', target: 1, text: 'again' })).toMatchObject({ code: 'not_found' });
      await Promise.all([ada.close(), bob.close()]);
    });

    test('[EVT1] [EVT5] once deleted, a message and its edits read as redacted, in history and in a join', async () => {
      const room = at.freshRoom();
      const ada = await at.connected({ name: 'Ada' });
      const { position } = await ada.request(message(room, 'k1', 'a secret'));
      const { epoch } = position as { epoch: string };
      await ada.request({ type: 'publish', room, key: 'k2', epoch, event: { type: 'edit', target: 1, text: 'another secret' } });
      await ada.request({ type: 'publish', room, key: 'k3', epoch, event: { type: 'delete', target: 1 } });
      const history = await ada.request({ type: 'history', room });
      const join = await ada.request({ type: 'join', room, recent: 10 });
      for (const { events } of [history, join] as unknown as { events: Frame[] }[]) {
        expect(events.map((event) => [event.type, event['was']])).toEqual([
          ['redacted', 'message'],
          ['redacted', 'edit'],
          ['delete', undefined],
        ]);
        expect(JSON.stringify(events)).not.toContain('secret');
      }
      await ada.close();
    });

    test('[PUB7] publishes of one connection are stored in the order in which they were sent', async () => {
      const room = at.freshRoom();
      const client = await at.connected();
      for (let i = 0; i < 50; i++) client.sendText(JSON.stringify({ id: 500 + i, ...message(room, `k${i}`, `m${i}`) }));
      for (let i = 0; i < 50; i++) {
        expect(await client.next((frame) => frame['id'] === 500 + i)).toMatchObject({ position: { offset: i + 1 } });
      }
      await client.close();
    });
  });
});
