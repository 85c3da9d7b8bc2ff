// What a file is taken for, and how large a picture is, by its first bytes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageSize, shownSize } from '../../../relay/src/files/image-size.ts';
import { judge, sniff, TypeList } from '../../../relay/src/files/media-types.ts';
import * as samples from '../../support/sample-files.ts';

const { avif, gif, jpeg, png, webp } = samples;
const EVERYTHING = new TypeList(['*/*']);

const judged = (claimed: string, head: Uint8Array, allowed = EVERYTHING): string => {
  const verdict = judge(claimed, sniff(head), allowed);
  return verdict.ok ? `${verdict.disposition} ${verdict.mediaType}` : 'refused';
};

describe('kinds', () => {
  test.each([
    ['image/png', png(1, 1), 'inline image/png'],
    ['image/jpeg', jpeg(1, 1), 'inline image/jpeg'],
    ['image/gif', gif(1, 1), 'inline image/gif'],
    ['image/webp', webp('VP8 ', 1, 1), 'inline image/webp'],
    ['image/avif', avif(1, 1), 'inline image/avif'],
    ['video/mp4', samples.MP4, 'inline video/mp4'],
    ['audio/mp4', samples.MP4, 'inline audio/mp4'],
    ['video/webm', samples.WEBM, 'inline video/webm'],
    ['audio/webm', samples.WEBM, 'inline audio/webm'],
    ['audio/mpeg', samples.MP3, 'inline audio/mpeg'],
    ['audio/mpeg', Buffer.from([0xff, 0xfb, 0x90, 0x64]), 'inline audio/mpeg'],
    ['audio/ogg', samples.OGG, 'inline audio/ogg'],
    ['audio/wav', samples.WAV, 'inline audio/wav'],
    ['application/pdf', samples.PDF, 'attachment application/pdf'],
  ])('[UPL5] %s is shown by its bytes', (claimed, head, verdict) => expect(judged(claimed, head)).toBe(verdict));

  test.each([
    ['a picture of another kind', 'image/jpeg', png(1, 1), 'inline image/png'],
    ['a picture that is said to be text', 'text/plain', png(1, 1), 'inline image/png'],
    ['a film that is said to be a picture', 'image/png', samples.MP4, 'inline video/mp4'],
    ['a page that is said to be a picture', 'image/png', samples.HTML, 'refused'],
    ['a drawing with a script that is said to be a picture', 'image/gif', samples.SVG, 'refused'],
    ['nothing that is said to be a film', 'video/mp4', Buffer.alloc(0), 'refused'],
    ['a drawing', 'image/svg+xml', samples.SVG, 'attachment image/svg+xml'],
    ['a page', 'text/html', samples.HTML, 'attachment text/html'],
    ['anything else', 'application/zip', Buffer.from('PK'), 'attachment application/zip'],
  ])('[UPL5, UPL7] %s', (_, claimed, head, verdict) => expect(judged(claimed, head)).toBe(verdict));

  test.each([
    ['*/*', 'a/b', true],
    ['image/*', 'image/png', true],
    ['image/*', 'imagex/png', false],
    ['image/png', 'image/png', true],
    ['image/png', 'image/jpeg', false],
  ])('[UPL1] the list %s has %s: %s', (pattern, type, has) => expect(new TypeList([pattern]).includes(type)).toBe(has));

  test('[UPL5] what the bytes show must be on the list, whatever was said', () => {
    const pictures = new TypeList(['image/*', 'text/plain']);
    expect(judged('text/plain', samples.PDF, pictures)).toBe('refused');
    expect(judged('application/zip', Buffer.from('PK'), pictures)).toBe('refused');
    expect(judged('text/plain', Buffer.from('hello'), pictures)).toBe('attachment text/plain');
  });
});

describe('sizes', () => {
  const size = { width: 640, height: 480 };

  test.each([
    ['image/png', png(640, 480)],
    ['image/gif', gif(640, 480)],
    ['image/webp', webp('VP8 ', 640, 480)],
    ['image/webp', webp('VP8L', 640, 480)],
    ['image/webp', webp('VP8X', 640, 480)],
    ['image/avif', avif(640, 480)],
  ])('[UPL6] of %s', (mediaType, head) => expect(imageSize(mediaType, head)).toEqual(size));

  test('[UPL6] as it is shown', () => {
    expect(imageSize('image/avif', avif(640, 480, 1))).toEqual({ width: 480, height: 640 });
    expect(imageSize('image/avif', avif(640, 480, 2))).toEqual(size);
    for (const orientation of [1, 2, 3, 4]) expect(shownSize(640, 480, orientation)).toEqual(size);
    for (const orientation of [5, 6, 7, 8]) expect(shownSize(640, 480, orientation)).toEqual({ width: 480, height: 640 });
  });

  test('[P6] one that no picture has is none', () => {
    expect(imageSize('image/png', png(0, 480))).toBeUndefined();
    expect(imageSize('image/png', png(640, 70_000))).toBeUndefined();
    expect(imageSize('image/heic', png(640, 480))).toBeUndefined();
    expect(imageSize('image/png', png(640, 480).subarray(0, 20))).toBeUndefined();
  });

  const anyHead = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc
      .tuple(
        fc.constantFrom(png(9, 9), gif(9, 9), webp('VP8 ', 9, 9), webp('VP8L', 9, 9), webp('VP8X', 9, 9), avif(9, 9), jpeg(9, 9)),
        fc.nat(200),
        fc.uint8Array({ maxLength: 64 }),
      )
      .map(([sample, cut, tail]) => Buffer.concat([sample.subarray(0, cut), tail])),
  );

  test('[P6] no bytes throw, and what is told is a size', () => {
    fc.assert(
      fc.property(anyHead, fc.constantFrom('image/png', 'image/gif', 'image/webp', 'image/avif'), (head, mediaType) => {
        sniff(head);
        const told = imageSize(mediaType, head);
        if (!told) return;
        for (const side of [told.width, told.height]) expect(side > 0 && side <= 65_535 && Number.isInteger(side)).toBe(true);
      }),
    );
  });
});
