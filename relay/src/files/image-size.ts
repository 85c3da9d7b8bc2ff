// How large a picture is, out of its first bytes, so that a page can keep room for it before it has loaded.

export interface ImageSize {
  /** Pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
}

/** Beyond it no browser shows a picture, and a page would keep room for nothing. */
const MAX_SIDE = 65_535;

/**
 * The size of a PNG, GIF, WebP or AVIF of which `head` is the beginning; undefined where that does not say it. A JPEG says it
 * further on: see `jpeg-cleaner.ts`. Never throws.
 */
export function imageSize(mediaType: string, head: Uint8Array): ImageSize | undefined {
  const reader = READERS[mediaType];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return reader && within(() => reader(view));
}

/** A size as it is shown: an orientation from 5 on lays the picture on its side. Undefined where it is none. */
export function shownSize(width: number, height: number, orientation = 1): ImageSize | undefined {
  const isSize = [width, height].every((side) => Number.isInteger(side) && side > 0 && side <= MAX_SIDE);
  if (!isSize) return undefined;
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

type Reader = (view: DataView) => ImageSize | undefined;

const READERS: { readonly [mediaType: string]: Reader } = {
  'image/png': (view) => (textAt(view, 12, 4) === 'IHDR' ? shownSize(view.getUint32(16), view.getUint32(20)) : undefined),
  'image/gif': (view) => shownSize(view.getUint16(6, true), view.getUint16(8, true)),
  'image/webp': webpSize,
  'image/avif': avifSize,
};

function webpSize(view: DataView): ImageSize | undefined {
  switch (textAt(view, 12, 4)) {
    case 'VP8 ':
      return shownSize(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return shownSize((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return shownSize(uint24(view, 24) + 1, uint24(view, 27) + 1);
    default:
      return undefined;
  }
}

/**
 * The largest of the spatial extents in an AVIF: thumbnails, tiles and planes have theirs too. A rotation of 90° or 270°, of
 * which a file with several pictures may hold more than one, swaps the sides.
 */
function avifSize(view: DataView): ImageSize | undefined {
  const sizes = placesOf('ispe', 16, view).flatMap((at) => shownSize(view.getUint32(at + 8), view.getUint32(at + 12)) ?? []);
  const [largest] = sizes.sort((a, b) => b.width * b.height - a.width * a.height);
  const isOnItsSide = placesOf('irot', 5, view).some((at) => (view.getUint8(at + 4) & 1) === 1);
  return largest && shownSize(largest.width, largest.height, isOnItsSide ? 6 : 1);
}

/** Where a box of this type begins, of which so many bytes from its type on are there. */
function placesOf(type: string, length: number, { buffer, byteOffset, byteLength }: DataView): number[] {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const places: number[] = [];
  for (let at = bytes.indexOf(type); at >= 0 && at + length <= byteLength; at = bytes.indexOf(type, at + 1)) places.push(at);
  return places;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function textAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
}

/** A view throws where it is read past its end: then the beginning does not say it. */
function within<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
