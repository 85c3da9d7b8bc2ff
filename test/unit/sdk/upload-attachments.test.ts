import type { JsonValue } from '@chat-room/sdk';
import { attachmentsOf } from '@chat-room/sdk/upload';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const FILE = { url: '/files/0mbcdefgh-abc_DEF/m%C3%A4p.png', name: 'mäp.png', mediaType: 'image/png', bytes: 5 };
const of = (...attachments: readonly unknown[]): unknown => attachmentsOf({ data: { attachments } as JsonValue });

describe('attachments', () => {
  test('[UPL8] what could have come from a relay is read, in its order, and what it also holds is left out', () => {
    const picture = { ...FILE, width: 640, height: 480 };
    expect(of(FILE, { ...picture, onclick: 'x' })).toEqual([FILE, picture]);
  });

  test.each([
    ['no data', undefined],
    ['data of another shape', 'attachments'],
    ['null', null],
    ['a list of its own', [FILE]],
    ['no list', { attachments: FILE }],
    ['none', { attachments: [] }],
  ])('[UPL8] %s is no attachment', (_, data) => expect(attachmentsOf({ data: data as JsonValue })).toEqual([]));

  test.each([
    'https://evil.example/files/a/b',
    '//evil.example/files/a/b',
    'javascript:alert(1)',
    'data:text/html,x',
    '/files/a',
    '/files/a/',
    '/files/../secret',
    '/files/a/../../secret',
    '/files/a/..',
    '/files/a/%2e%2e',
    '/files/a/b/c',
    '/files/a/b?c',
    '/files/a/b#c',
    '/files/a/b\\c',
    '/files/a/b c',
    '/files/a/b%',
    '/files/a/b\n',
    '\t/files/a/b',
    '/api/v1/rooms',
    5,
    null,
  ])('[UPL8] the address %j leads elsewhere: it is left out, and its neighbours are not', (url) =>
    expect(of({ ...FILE, url }, FILE)).toEqual([FILE]),
  );

  test.each([
    ['a name that is none', { name: '' }],
    ['a name that reorders text', { name: 'a\u202Egnp.exe' }],
    ['a name without end', { name: 'x'.repeat(256) }],
    ['a type that is none', { mediaType: 'image' }],
    ['a type of two lines', { mediaType: 'image/png\nx' }],
    ['fewer bytes than none', { bytes: -1 }],
    ['bytes that are no number', { bytes: '5' }],
    ['bytes without end', { bytes: Number.MAX_VALUE }],
  ])('[UPL8] %s', (_, wrong) => expect(of({ ...FILE, ...wrong }, FILE)).toEqual([FILE]));

  test.each([
    { width: 0, height: 1 },
    { width: 1, height: -1 },
    { width: 1.5, height: 1 },
    { width: 1e9, height: 1 },
    { width: 1 },
    { width: '1', height: '1' },
  ])('[UPL8] a size that no picture has is left out: %j', (size) => expect(of({ ...FILE, ...size })).toEqual([FILE]));

  test('[UPL8] ten are read, and no more', () => expect(of(...Array(11).fill(FILE))).toHaveLength(10));

  test('[P6] whatever stands there, what is read is safe', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(FILE), '/files/a/b', 'image/png', 640));
    const attachment = fc.record({ url: field, name: field, mediaType: field, bytes: field, width: field, height: field });
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ attachments: fc.array(fc.oneof(attachment, fc.jsonValue())) })),
        (data) => {
          for (const { url, bytes } of attachmentsOf({ data: data as JsonValue })) {
            expect(new URL(url, 'https://relay.example').pathname).toBe(url);
            expect(url).toMatch(/^\/files\/[\w-]+\/[^/]+$/);
            expect(bytes).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
