import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JpegCleaner } from '../../../relay/src/files/jpeg-cleaner.ts';
import { exif, jpeg } from '../../support/sample-files.ts';

const SECRET = 'GPS 48.8583 N 2.2944 E';

interface Cleaned {
  readonly bytes: Buffer;
  readonly size: JpegCleaner['size'];
}

/** Cleans a file that comes in pieces of so many bytes. */
function clean(file: Uint8Array, pieceBytes = file.length || 1): Cleaned {
  const cleaner = new JpegCleaner();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += pieceBytes) pieces.push(Buffer.from(cleaner.push(file.subarray(at, at + pieceBytes))));
  pieces.push(cleaner.end());
  return { bytes: Buffer.concat(pieces), size: cleaner.size };
}

describe('a JPEG on its way in', () => {
  test.each([true, false])('[UPL6] loses its place and keeps which way up it is (little-endian: %s)', (isLittle) => {
    const { bytes, size } = clean(jpeg(640, 480, { exif: exif(6, SECRET, isLittle) }));
    expect(bytes.includes(SECRET)).toBe(false);
    expect(size).toEqual({ width: 480, height: 640 });
    // What is left says the same, in the way every reader knows.
    const again = clean(bytes);
    expect(again.size).toEqual(size);
    expect(again.bytes.equals(bytes)).toBe(true);
  });

  test('[UPL6] loses comments and what hangs on behind it', () => {
    const { bytes } = clean(jpeg(640, 480, { comment: SECRET, trailer: `\xff\xd8\xff\xe1${SECRET}` }));
    expect(bytes.includes(SECRET)).toBe(false);
  });

  test('[UPL6] keeps its pixels, its colours and its length', () => {
    const plain = jpeg(640, 480);
    expect(clean(plain)).toEqual({ bytes: plain, size: { width: 640, height: 480 } });
    const told = jpeg(640, 480, { exif: exif(1, SECRET), comment: SECRET });
    const { bytes } = clean(told);
    expect(bytes.length).toBe(told.length);
    expect(bytes.includes('ICC_PROFILE\0')).toBe(true);
    const pixels = plain.subarray(plain.indexOf(Buffer.from([0xff, 0xda])));
    expect(bytes.subarray(-pixels.length).equals(pixels)).toBe(true);
  });

  test('[UPL6] is the same however it is cut', () => {
    const file = jpeg(640, 480, { exif: exif(8, SECRET), comment: SECRET, trailer: SECRET });
    const whole = clean(file);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: file.length }), (piece) => {
        expect(clean(file, piece)).toEqual(whole);
      }),
    );
  });

  test('[P6] no bytes throw, as many leave as came, and no more than a segment is held back', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.nat(400), fc.uint8Array({ maxLength: 40 }), fc.nat(400)).map(([cut, middle, from]) => {
        const file = jpeg(64, 48, { exif: exif(6, SECRET), trailer: SECRET });
        return Buffer.concat([file.subarray(0, cut), middle, file.subarray(from)]);
      }),
      fc
        .array(fc.constantFrom(0xff, 0xd8, 0xd9, 0xda, 0xe1, 0xc0, 0, 8, 255), { maxLength: 200 })
        .map((all) => Uint8Array.from(all)),
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 50 }), (file, piece) => {
        expect(clean(Buffer.from(file), piece).bytes.length).toBe(file.length);
      }),
    );
    const cleaner = new JpegCleaner();
    let left = 0;
    const endless = Buffer.concat([Buffer.from([0xff, 0xd8]), ...Array.from({ length: 40 }, () => Buffer.alloc(65_536, 0xe1))]);
    endless.fill(0xff, 2);
    for (let at = 0; at < endless.length; at += 1_000) left += 1_000 - cleaner.push(endless.subarray(at, at + 1_000)).length;
    expect(left).toBeLessThanOrEqual(65_537 + 1_000);
  });
});
