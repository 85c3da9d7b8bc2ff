import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkCleaner } from '../../../relay/src/files/chunk-cleaner.ts';
import { png, pngChunk, webpWith } from '../../support/sample-files.ts';

const SECRET = 'GPS 48.8583 N 2.2944 E';

/** Cleans a file that comes in pieces of so many bytes. */
function clean(kind: 'png' | 'webp', file: Uint8Array, pieceBytes = file.length || 1): Buffer {
  const cleaner = new ChunkCleaner(kind);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += pieceBytes) pieces.push(Buffer.from(cleaner.push(file.subarray(at, at + pieceBytes))));
  return Buffer.concat([...pieces, cleaner.end()]);
}

/** Types of the chunks of a PNG. Throws where a checksum is wrong. */
function chunksOf(file: Buffer): readonly string[] {
  const types: string[] = [];
  for (let at = 8; at < file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) throw new Error('a checksum is wrong');
    types.push(file.toString('latin1', at + 4, at + 8));
    at = end + 4;
  }
  return types;
}

describe('a PNG on its way in', () => {
  test.each(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'])('[UPL6] loses %s and stays a PNG of the same length', (type) => {
    const file = png(64, 48, pngChunk('IDAT', 'pixels'), pngChunk(type, SECRET), pngChunk('sRGB', [0]));
    const cleaned = clean('png', file);
    expect([cleaned.length, cleaned.includes(SECRET)]).toEqual([file.length, false]);
    expect(chunksOf(cleaned)).toEqual(['IHDR', 'IDAT', 'xxXx', 'sRGB', 'IEND']);
    expect(cleaned.includes('pixels')).toBe(true);
    expect(clean('png', cleaned).equals(cleaned)).toBe(true);
  });

  test('[UPL6] loses what hangs on behind it', () => {
    const file = Buffer.concat([png(64, 48), Buffer.from(SECRET)]);
    expect(clean('png', file).equals(Buffer.concat([png(64, 48), Buffer.alloc(SECRET.length)]))).toBe(true);
  });

  test('[UPL6] that tells nothing stays as it is', () => {
    const file = png(64, 48, pngChunk('iCCP', 'profile'), pngChunk('IDAT', 'pixels'), pngChunk('IDAT', ''));
    expect(clean('png', file).equals(file)).toBe(true);
  });
});

test('[UPL6] a WebP loses its metadata, and stays as it is but for that', () => {
  const file = webpWith(['ICCP', 'profile'], ['VP8L', 'pixels'], ['EXIF', SECRET], ['XMP ', `${SECRET}!`], ['ANIM', 'more']);
  const cleaned = clean('webp', file);
  const [zeros, more] = ['\0'.repeat(SECRET.length), '\0'.repeat(SECRET.length + 1)];
  const expected = webpWith(['ICCP', 'profile'], ['VP8L', 'pixels'], ['EXIF', zeros], ['XMP ', more], ['ANIM', 'more']);
  expect(cleaned.equals(expected)).toBe(true);
});

describe.each(['png', 'webp'] as const)('any %s', (kind) => {
  const sample =
    kind === 'png'
      ? png(9, 9, pngChunk('tEXt', SECRET), pngChunk('IDAT', ''), pngChunk('eXIf', ''))
      : webpWith(['EXIF', SECRET], ['ANIM', '']);

  test('[UPL6] is the same however it is cut', () => {
    const whole = clean(kind, sample);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: sample.length }), (piece) => {
        expect(clean(kind, sample, piece).equals(whole)).toBe(true);
      }),
    );
  });

  test('[P6] throws for no bytes, and as many leave as came', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.nat(sample.length), fc.uint8Array({ maxLength: 30 }), fc.nat(sample.length))
        .map(([cut, middle, from]) => Buffer.concat([sample.subarray(0, cut), middle, sample.subarray(from)])),
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 50 }), (file, piece) => {
        expect(clean(kind, file, piece).length).toBe(file.length);
      }),
    );
  });
});
