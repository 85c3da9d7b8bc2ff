// What a file is, by its first bytes. What somebody says it is counts only where the bytes can't tell.

/** A kind of file that its first bytes show. */
export interface KnownKind {
  /** The types it may go by, the usual one first. */
  readonly types: readonly string[];
  /** `inline`: a browser may show it in a page. `attachment`: it is offered for download. */
  readonly disposition: 'inline' | 'attachment';
}

/** First bytes that are enough to tell a kind. */
const SNIFF_BYTES = 64;

const inline = (...types: string[]): KnownKind => ({ types, disposition: 'inline' });
const attachment = (...types: string[]): KnownKind => ({ types, disposition: 'attachment' });

const PNG = inline('image/png');
const JPEG = inline('image/jpeg');
const GIF = inline('image/gif');
const WEBP = inline('image/webp');
const AVIF = inline('image/avif');
const HEIC = attachment('image/heic', 'image/heif');
const MP4 = inline('video/mp4', 'audio/mp4', 'audio/x-m4a', 'video/x-m4v');
const M4A = inline('audio/mp4', 'audio/x-m4a');
const QUICKTIME = inline('video/quicktime');
const WEBM = inline('video/webm', 'audio/webm');
const MATROSKA = attachment('video/x-matroska', 'audio/x-matroska');
const OGG = inline('audio/ogg', 'video/ogg', 'application/ogg');
const MP3 = inline('audio/mpeg', 'audio/mp3');
const WAV = inline('audio/wav', 'audio/x-wav', 'audio/vnd.wave', 'audio/wave');
const FLAC = inline('audio/flac', 'audio/x-flac');
const PDF = attachment('application/pdf');

/** By the major brand of an ISO media file. */
const BRANDS: ReadonlyMap<string, KnownKind> = new Map([
  ...['avif', 'avis'].map((brand) => [brand, AVIF] as const),
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].map((brand) => [brand, HEIC] as const),
  ...['M4A ', 'M4B '].map((brand) => [brand, M4A] as const),
  ['qt  ', QUICKTIME],
]);
const MP4_BRAND = /^(iso[2-9m]|mp4[12]|M4V |avc1|dash|MSNV|3g[pg2].|mmp4|f4v )$/;

const KINDS = [PNG, JPEG, GIF, WEBP, AVIF, HEIC, MP4, M4A, QUICKTIME, WEBM, MATROSKA, OGG, MP3, WAV, FLAC, PDF];

/** Types of which the bytes must show that they are what they say. */
const VERIFIABLE: ReadonlySet<string> = new Set(KINDS.flatMap(({ types }) => types));

/** Bytes, as characters, that stand at these places. */
type Signature = readonly [kind: KnownKind, ...parts: readonly (readonly [at: number, bytes: string])[]];

const EBML = '\x1a\x45\xdf\xa3';

const SIGNATURES: readonly Signature[] = [
  [PNG, [0, '\x89PNG\r\n\x1a\n']],
  [JPEG, [0, '\xff\xd8\xff']],
  [GIF, [0, 'GIF87a']],
  [GIF, [0, 'GIF89a']],
  [WEBP, [0, 'RIFF'], [8, 'WEBP']],
  [WAV, [0, 'RIFF'], [8, 'WAVE']],
  [OGG, [0, 'OggS']],
  [FLAC, [0, 'fLaC']],
  [PDF, [0, '%PDF-']],
  [MP3, [0, 'ID3']],
];

/** The kind that the first bytes show; undefined where they show none. Never throws. */
export function sniff(head: Uint8Array): KnownKind | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, SNIFF_BYTES)).toString('latin1');
  const signature = SIGNATURES.find(([, ...parts]) => parts.every(([at, bytes]) => text.startsWith(bytes, at)));
  if (signature) return signature[0];
  if (text.startsWith('ftyp', 4)) return brandKind(text.slice(8, 12));
  if (text.startsWith(EBML)) return text.includes('webm') ? WEBM : MATROSKA;
  return isMp3Frame(head) ? MP3 : undefined;
}

/** What a file is taken for. */
export type Verdict =
  | { readonly ok: true; readonly mediaType: string; readonly disposition: 'inline' | 'attachment'; readonly isKnown: boolean }
  | { readonly ok: false };

/**
 * Judges a file that is said to be of type `claimed`. A kind that the bytes show is what it is; refused is what they don't show
 * to be the kind that they would show, and what is not `allowed`. Everything else is kept as said, for download only.
 */
export function judge(claimed: string, kind: KnownKind | undefined, allowed: TypeList): Verdict {
  if (kind) {
    const mediaType = kind.types.includes(claimed) ? claimed : (kind.types[0] ?? claimed);
    return allowed.includes(mediaType) ? { ok: true, mediaType, disposition: kind.disposition, isKnown: true } : { ok: false };
  }
  if (VERIFIABLE.has(claimed) || !allowed.includes(claimed)) return { ok: false };
  return { ok: true, mediaType: claimed, disposition: 'attachment', isKnown: false };
}

/** A list such as `image/*`, `application/pdf`. */
export class TypeList {
  readonly patterns: readonly string[];

  constructor(patterns: readonly string[]) {
    this.patterns = patterns;
  }

  includes(mediaType: string): boolean {
    return this.patterns.some(
      (pattern) =>
        pattern === '*/*' || pattern === mediaType || (pattern.endsWith('/*') && mediaType.startsWith(pattern.slice(0, -1))),
    );
  }
}

function brandKind(brand: string): KnownKind | undefined {
  return BRANDS.get(brand) ?? (MP4_BRAND.test(brand) ? MP4 : undefined);
}

/** The head of an MPEG layer III frame, none of whose fields has a value that is reserved. */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  return isLayer3 && third >> 4 !== 0 && third >> 4 !== 15 && (third & 0x0c) !== 0x0c;
}
