// Takes out of a JPEG, as it passes, what its author did not mean to tell: place, time, camera, thumbnails of an earlier cut,
// and whatever an app has hung on behind. Which way up it is stays. All of that is overwritten where it stands, so that as many bytes
// leave as came; a picture's pixels are not touched.

import type { ImageSize } from './image-size.ts';
import { shownSize } from './image-size.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;
/** DHT, JPG and DAC: they lie among the frame headers and are none. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc]);

/** Beginnings of the segments that say how to read the pixels, by marker. */
const KEPT: ReadonlyMap<number, string> = new Map([
  [APP0, 'JFIF\0'],
  [APP2, 'ICC_PROFILE\0'],
  [APP14, 'Adobe'],
]);

const EXIF = 'Exif\0\0';
const ORIENTATION_TAG = 0x0112;
/** `Exif`, a big-endian header, a directory with the orientation as its one entry, and no further one. */
const ORIENTATION_EXIF = Buffer.from(
  '457869660000' + '4d4d002a00000008' + '0001' + '011200030000000100000000' + '00000000',
  'hex',
);
const ORIENTATION_AT = 25;

type State = 'marker' | 'scan' | 'end';

/** Cleans one JPEG. What it holds back between two pieces is at most one segment of 64 KiB. */
export class JpegCleaner {
  #state: State = 'marker';
  #held: Buffer = Buffer.alloc(0);
  #sides: readonly [width: number, height: number] | undefined;
  #orientation = 1;

  /** The picture's size as it is shown, once that has passed. */
  get size(): ImageSize | undefined {
    return this.#sides && shownSize(...this.#sides, this.#orientation);
  }

  /** Takes a piece, and gives what can go on. Never throws. */
  push(piece: Uint8Array): Uint8Array {
    const bytes = Buffer.concat([this.#held, piece]);
    let at = 0;
    for (let next = this.#step(bytes, at); next > at; next = this.#step(bytes, at)) at = next;
    this.#held = bytes.subarray(at);
    return bytes.subarray(0, at);
  }

  /** The rest of a file that ends in the middle of a segment: nothing of it can be read. */
  end(): Uint8Array {
    return this.#held.fill(0);
  }

  /** Deals with what begins at `at`. Returns where the next thing begins; `at` where more must come first. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'end':
        bytes.fill(0, at);
        return bytes.length;
      case 'scan':
        return this.#skipScan(bytes, at);
      case 'marker':
        return this.#readMarker(bytes, at);
    }
  }

  /** In the pixels a marker is what follows 0xff, but for 0 and restarts. */
  #skipScan(bytes: Buffer, at: number): number {
    const mark = bytes.indexOf(0xff, at);
    if (mark < 0) return bytes.length;
    const code = bytes[mark + 1];
    if (code === undefined) return mark;
    if (code === 0 || isStandalone(code)) return mark + 2;
    if (code === 0xff) return mark + 1;
    this.#state = 'marker';
    return mark === at ? this.#readMarker(bytes, at) : mark;
  }

  #readMarker(bytes: Buffer, at: number): number {
    if (at + 1 >= bytes.length) return at;
    const code = bytes[at + 1] ?? 0;
    // Readers skip what is no marker, and so must we.
    if (bytes[at] !== 0xff || code === 0xff || code === 0) return at + 1;
    if (code === EOI) this.#state = 'end';
    if (code === EOI || code === SOI || isStandalone(code)) return at + 2;
    if (at + 4 > bytes.length) return at;
    const length = Math.max(2, bytes.readUInt16BE(at + 2));
    const end = at + 2 + length;
    if (end > bytes.length) return at;
    this.#readSegment(code, bytes.subarray(at + 4, end));
    if (code === SOS) this.#state = 'scan';
    return end;
  }

  #readSegment(code: number, payload: Buffer): void {
    if (code >= 0xc0 && code <= 0xcf && !NO_FRAME.has(code)) {
      if (payload.length >= 5) this.#sides ??= [payload.readUInt16BE(3), payload.readUInt16BE(1)];
    } else if (code === APP1) this.#blankExif(payload);
    else if (code === COMMENT || (code >= APP0 && code <= APP15)) {
      const kept = KEPT.get(code);
      if (kept === undefined || !startsWith(payload, kept)) payload.fill(0);
    }
  }

  #blankExif(payload: Buffer): void {
    const orientation = startsWith(payload, EXIF) ? orientationOf(payload.subarray(EXIF.length)) : 1;
    payload.fill(0);
    if (orientation === 1 || payload.length < ORIENTATION_EXIF.length) return;
    this.#orientation = orientation;
    ORIENTATION_EXIF.copy(payload);
    payload[ORIENTATION_AT] = orientation;
  }
}

function isStandalone(code: number): boolean {
  return code === 0x01 || (code >= 0xd0 && code <= 0xd7);
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.toString('latin1', 0, text.length) === text;
}

/** The orientation in a TIFF header with directories, 1 where none can be read. */
function orientationOf(tiff: Buffer): number {
  const isLittle = startsWith(tiff, 'II');
  const uint16 = (at: number): number => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const uint32 = (at: number): number => (at + 4 > tiff.length ? 0 : isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = uint32(4);
  const count = Math.min(uint16(directory), 512);
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (uint16(entry) !== ORIENTATION_TAG) continue;
    const value = uint16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
