import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathOfRoom, roomOfPath } from '../../../demo/src/room-path.ts';
import { toRoomName } from '../../../sdk/src/protocol/room-name.ts';

describe('the path of a room', () => {
  test.each(['lobby', 'комната 日本語', '👋', 'a/b ?#%', '100%', '<img src=x onerror=alert(1)>', '..x', '%2e'])(
    '%j comes back from its path',
    (room) => {
      expect(roomOfPath(pathOfRoom(room))).toBe(room);
    },
  );

  test('any room comes back, also through what a browser makes of its address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const room = toRoomName(text);
        fc.pre(room !== undefined);
        expect(roomOfPath(new URL(pathOfRoom(room), 'https://chat.example.com').pathname)).toBe(room);
      }),
    );
  });

  test.each([
    '/chat/',
    '/chat//',
    '/chat/%E0%A4%A/',
    '/chat/%00/',
    '/chat/%2E%2E/',
    '/chat/%20/',
    '/elsewhere/lobby/',
    '/chat/%ED%A0%80/',
  ])('%s names no room', (path) => {
    expect(roomOfPath(path)).toBeUndefined();
  });

  test('another spelling of a name leads to the same room', () => {
    expect(roomOfPath('/chat/%20cafe%CC%81/')).toBe('café');
  });
});
