import { describe, expect, test } from 'vitest';
import type { Selection } from '../../../widget/src/connection/selection.ts';
import { windowUrl } from '../../../widget/src/tools/popout.ts';

const GUEST = { url: 'wss://chat.example.com/ws', name: 'Ada & Bob', token: '', getToken: undefined };

function selection(identity: Selection['identity']): Selection {
  return { room: 'a room/1', client: undefined, identity, relay: GUEST.url };
}

describe('a window of its own', () => {
  test('is the page of the room at the relay, to which a guest takes the name along', () => {
    expect(windowUrl(selection(GUEST))).toBe('https://chat.example.com/chat/a%20room%2F1/#name=Ada+%26+Bob');
    expect(windowUrl(selection({ ...GUEST, name: '' }))).toBe('https://chat.example.com/chat/a%20room%2F1/');
  });

  test.each([
    ['a token', { ...GUEST, token: 'secret' }],
    ['tokens that the page gets', { ...GUEST, getToken: async () => 'secret' }],
    ['a client of the page', undefined],
  ])('is not offered to whom %s gives a name: that would have to stand in an address', (_, identity) => {
    expect(windowUrl(selection(identity))).toBeUndefined();
  });
});
