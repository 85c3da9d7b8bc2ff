import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoomGrant } from '../../../relay/src/auth/identity.ts';
import { matchesRoom, permits, readGrants } from '../../../relay/src/auth/permissions.ts';

describe('[AUT1] [P8] what an identity may do in a room', () => {
  const grants: readonly RoomGrant[] = [
    { rooms: 'team-*', allow: ['read', 'write'] },
    { rooms: 'lobby', allow: ['read'] },
    { rooms: '*-staff', allow: ['moderate'] },
  ];

  test.each([
    ['team-a', 'read', true],
    ['team-a', 'write', true],
    ['team-a', 'moderate', false],
    ['team-staff', 'moderate', true],
    ['team-staff', 'write', true],
    ['lobby', 'read', true],
    ['lobby', 'write', false],
    ['lobby2', 'read', false],
    ['Lobby', 'read', false],
    ['other', 'read', false],
  ] as const)('%s: %s %s', (room, action, expected) => {
    expect(permits({ grants }, room, action)).toBe(expected);
  });

  test('no grants, no rights; a right does not bring another along', () => {
    expect(permits({ grants: [] }, 'lobby', 'read')).toBe(false);
    expect(permits({ grants: [{ rooms: '*', allow: ['moderate'] }] }, 'lobby', 'read')).toBe(false);
  });
});

describe('patterns', () => {
  test.each([
    ['*', '', true],
    ['*', 'anything/at all', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*a*', 'bab', true],
    ['*ab*ab*', 'xabx', false],
    ['*ab*ab*', 'abab', true],
    ['a**b', 'ab', true],
    ['a.c', 'abc', false],
    ['[a-c]', 'b', false],
    ['team-*', 'team-', true],
    ['*.*', 'a.b', true],
  ])('%s for %j: %s', (pattern, room, expected) => {
    expect(matchesRoom(pattern, room)).toBe(expected);
  });

  /** What `*` means, by definition. */
  const oracle = (pattern: string, room: string): boolean => {
    if (pattern === '') return room === '';
    if (pattern[0] !== '*') return pattern[0] === room[0] && oracle(pattern.slice(1), room.slice(1));
    return oracle(pattern.slice(1), room) || (room !== '' && oracle(pattern, room.slice(1)));
  };

  test('any pattern and any name: as it is defined', () => {
    const few = (letters: readonly string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((parts) => parts.join(''));
    const pairs = fc.tuple(few(['a', 'b', '*', '*']), few(['a', 'b', '*']));
    fc.assert(
      fc.property(pairs, ([pattern, room]) => {
        expect(matchesRoom(pattern, room)).toBe(room === '' && pattern === '' ? true : oracle(pattern, room));
      }),
      { numRuns: 3_000 },
    );
  });

  test('what makes a backtracking matcher try for ever is settled by one walk', () => {
    const pattern = `${'*a'.repeat(99)}b`;
    expect(matchesRoom(pattern, 'a'.repeat(200))).toBe(false);
    expect(matchesRoom(`${pattern}*`, `${'a'.repeat(199)}b`)).toBe(true);
  });
});

describe('grants from outside', () => {
  test('an object of patterns, or a list; those of all rooms come first', () => {
    const expected = [
      { rooms: '*', allow: ['read'] },
      { rooms: 'lobby', allow: ['read', 'write'] },
    ];
    expect(readGrants({ lobby: ['read', 'write'], '*': 'read' })).toEqual({ ok: true, grants: expected });
    expect(readGrants([expected[1], expected[0]])).toEqual({ ok: true, grants: expected });
    expect(readGrants({})).toEqual({ ok: true, grants: [] });
  });

  test('a pattern is spelled as rooms are: in NFC', () => {
    expect(readGrants({ 'Cafe\u0301': 'read' })).toEqual({ ok: true, grants: [{ rooms: 'Caf\u00e9', allow: ['read'] }] });
  });

  test.each([
    ['a text', 'read'],
    ['nothing', null],
    ['a number', 7],
    ['an empty pattern', { '': 'read' }],
    ['a pattern of 201', { ['x'.repeat(201)]: 'read' }],
    ['another action', { a: 'delete' }],
    ['actions that are none', { a: { read: true } }],
    ['a list of what is no grant', [null]],
    ['a grant without rooms', [{ allow: ['read'] }]],
    ['101 patterns', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`r${n}`, 'read']))],
  ])('%s is refused with a reason', (_, value) => {
    expect(readGrants(value)).toEqual({ ok: false, reason: expect.any(String) });
  });
});
