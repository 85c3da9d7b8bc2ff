// Files of the kinds that the relay knows, as small as they can be: heads that say what they are, and how large a picture is.

import { crc32 } from 'node:zlib';

const bytes = (...parts: (string | readonly number[] | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part as Uint8Array))));

const uint16 = (value: number): number[] => [value >> 8, value & 0xff];
const uint32 = (value: number): number[] => [...uint16(value >>> 16), ...uint16(value & 0xffff)];
const little16 = (value: number): number[] => uint16(value).reverse();
const little24 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff, value >> 16];
const little32 = (value: number): number[] => uint32(value).reverse();

/** A chunk with its checksum. */
export function pngChunk(type: string, content: string | readonly number[] | Uint8Array): Buffer {
  const body = bytes(type, content);
  return bytes(uint32(body.length - 4), body, uint32(crc32(body)));
}

/** `chunks` stand before the last one. */
export function png(width: number, height: number, ...chunks: readonly Buffer[]): Buffer {
  const size = bytes(uint32(width), uint32(height), [8, 6, 0, 0, 0]);
  return bytes('\x89PNG\r\n\x1a\n', pngChunk('IHDR', size), ...chunks, pngChunk('IEND', ''));
}

/** A WebP with chunks behind its head. */
export function webpWith(...chunks: readonly (readonly [type: string, content: string])[]): Buffer {
  const head = webp('VP8X', 64, 48);
  const parts = chunks.map(([type, content]) => bytes(type, little32(content.length), content, content.length % 2 ? [0] : []));
  return bytes(head, ...parts);
}

export function gif(width: number, height: number): Buffer {
  return bytes('GIF89a', little16(width), little16(height), [0, 0, 0], ';');
}

export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const body = {
    'VP8 ': bytes([0, 0, 0], [0x9d, 0x01, 0x2a], little16(width), little16(height)),
    VP8L: bytes([0x2f], little32((width - 1) | ((height - 1) << 14))),
    VP8X: bytes([0, 0, 0, 0], little24(width - 1), little24(height - 1)),
  }[kind];
  return bytes('RIFF', little32(body.length + 12), 'WEBP', kind, little32(body.length), body);
}

const box = (type: string, ...content: (string | readonly number[] | Uint8Array)[]): Buffer => {
  const body = bytes(...content);
  return bytes(uint32(body.length + 8), type, body);
};

/** With a thumbnail of its own, as cameras make them. */
export function avif(width: number, height: number, rotation = 0): Buffer {
  const size = (w: number, h: number): Buffer => box('ispe', uint32(0), uint32(w), uint32(h));
  const properties = box('ipco', size(16, 16), size(width, height), ...(rotation === 0 ? [] : [box('irot', [rotation])]));
  return bytes(box('ftyp', 'avif', uint32(0), 'avifmif1'), box('meta', uint32(0), box('iprp', properties)));
}

const segment = (marker: number, ...content: (string | readonly number[] | Uint8Array)[]): Buffer => {
  const body = bytes(...content);
  return bytes([0xff, marker], uint16(body.length + 2), body);
};

/** The Exif segment of a phone: an orientation, and a place where nobody should find anybody. */
export function exif(orientation: number, secret: string, isLittle = true): Buffer {
  const entry = isLittle
    ? bytes(
        'II',
        little16(42),
        little32(8),
        little16(1),
        little16(0x0112),
        little16(3),
        little32(1),
        little16(orientation),
        [0, 0],
      )
    : bytes('MM', uint16(42), uint32(8), uint16(1), uint16(0x0112), uint16(3), uint32(1), uint16(orientation), [0, 0]);
  return segment(0xe1, 'Exif\0\0', entry, uint32(0), secret);
}

export interface JpegParts {
  readonly exif?: Buffer;
  /** Behind the picture. */
  readonly trailer?: string;
  readonly comment?: string;
}

export function jpeg(width: number, height: number, { exif: metadata, trailer = '', comment }: JpegParts = {}): Buffer {
  return bytes(
    [0xff, 0xd8],
    segment(0xe0, 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]),
    metadata ?? [],
    comment === undefined ? [] : segment(0xfe, comment),
    segment(0xe2, 'ICC_PROFILE\0', [1, 1], 'profile'),
    segment(0xc2, [8], uint16(height), uint16(width), [1, 1, 0x11, 0]),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    segment(0xc4, 'table'),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    [0x78],
    [0xff, 0xd9],
    trailer,
  );
}

export const MP4 = bytes(box('ftyp', 'isom', uint32(0), 'isomiso2mp41'), box('mdat', 'frames'));
export const WEBM = bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm', 'more');
export const MP3 = bytes('ID3', [4, 0, 0, 0, 0, 0, 0], 'frames');
export const OGG = bytes('OggS', [0, 2], 'pages');
export const WAV = bytes('RIFF', little32(4), 'WAVE', 'fmt ');
export const PDF = bytes('%PDF-1.7\n', '1 0 obj');
export const SVG = bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
export const HTML = bytes('<!doctype html><script>alert(1)</script>');
