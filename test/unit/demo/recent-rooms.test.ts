import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { forgetRooms, parseRooms, recentRooms, rememberRoom, withRoom } from '../../../demo/src/recent-rooms.ts';
import { rememberVisitorName, visitorName } from '../../../demo/src/visitor-name.ts';

/** As much of a Storage as the pages use. */
function fakeStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

beforeEach(() => vi.stubGlobal('localStorage', fakeStorage()));
afterEach(() => vi.unstubAllGlobals());

describe('recent rooms', () => {
  test('the latest stands first, and each stands once', () => {
    for (const room of ['a', 'b', 'a']) rememberRoom(room);
    expect(recentRooms()).toEqual(['a', 'b']);
    forgetRooms();
    expect(recentRooms()).toEqual([]);
  });

  test('no more are kept than eight', () => {
    const rooms = ['1', '2', '3', '4', '5', '6', '7', '8'];
    expect(withRoom(rooms, '9')).toEqual(['9', '1', '2', '3', '4', '5', '6', '7']);
  });

  test.each([undefined, '', '{', 'null', '{"0":"a"}', '[1, null, "..", ""]'])('%j holds none', (text) => {
    expect(parseRooms(text)).toEqual([]);
  });
});

describe('the name of the visitor', () => {
  test('is kept without the space around it', () => {
    rememberVisitorName('  Ada ');
    expect(visitorName()).toBe('Ada');
  });

  test('is forgotten where the box was emptied', () => {
    rememberVisitorName('Ada');
    rememberVisitorName(' ');
    expect(visitorName()).toBeUndefined();
  });
});

test('where a browser refuses storage nothing is remembered and nothing breaks', () => {
  vi.stubGlobal('localStorage', undefined);
  rememberRoom('lobby');
  rememberVisitorName('Ada');
  expect([recentRooms(), visitorName()]).toEqual([[], undefined]);
});
