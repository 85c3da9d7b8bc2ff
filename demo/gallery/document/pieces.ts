// An update of a document as events of a room, and back. An event holds 16,384 bytes of data at the most (LIM1), an update
// may be a pasted book: it is cut into pieces, each an event, that share an id. Pieces of one update lie within MAX_SPAN
// events of the log, or it counts as never said: whoever sends sees that from the receipts, and sends all of it again. So
// nobody waits for ever for the rest of an update whose author is gone.

/** Events of the log from the first piece of an update to its last. */
export const MAX_SPAN = 1_000;
/** As base64 they are 16,000 of an event's 16,384 bytes. */
export const PIECE_BYTES = 12_000;
/** Of one update: 6 MB. */
export const MAX_PIECES = 500;
const MAX_ID_LENGTH = 64;

/** What somebody did; or all that the document is after the events up to and with `covers`. */
export type UpdateKind = { readonly kind: 'update' } | { readonly kind: 'snapshot'; readonly covers: number };

/** The data of one event. */
export type Piece = UpdateKind & {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** The page that sends it. */
  readonly by: string;
  readonly base64: string;
};

/** A piece and the offset at which the log has it. */
export interface PlacedPiece {
  readonly offset: number;
  readonly piece: Piece;
}

/** An update that is whole, and the offsets of its first piece and of its last. */
export type Whole = UpdateKind & {
  readonly by: string;
  readonly bytes: Uint8Array;
  readonly first: number;
  readonly last: number;
};

export function toPieces(what: UpdateKind, by: string, id: string, bytes: Uint8Array): readonly Piece[] {
  const count = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES));
  return Array.from({ length: count }, (_, index) => ({
    ...what,
    id,
    index,
    count,
    by,
    base64: toBase64(bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES)),
  }));
}

/** The piece that an event's data is, or undefined where it is none: anybody may publish anything. */
export function readPiece(data: unknown): Piece | undefined {
  const { kind, covers, id, index, count, by, base64 } = Object(data) as Partial<Record<string, unknown>>;
  if (typeof base64 !== 'string' || !isShort(id) || !isShort(by)) return undefined;
  if (!isWhole(count) || count < 1 || count > MAX_PIECES || !isWhole(index) || index >= count) return undefined;
  const rest = { id, index, count, by, base64 };
  if (kind === 'update') return { kind, ...rest };
  return kind === 'snapshot' && isWhole(covers) ? { kind, covers, ...rest } : undefined;
}

interface Part {
  readonly pieces: Map<number, PlacedPiece>;
  readonly count: number;
  first: number;
  last: number;
}

/** Puts pieces together, in whatever order they come. It holds pieces of the last MAX_SPAN events only. */
export class Assembly {
  readonly #parts = new Map<string, Part>();

  /** The update that is whole with this piece. */
  add({ offset, piece }: PlacedPiece): Whole | undefined {
    this.#forgetFarFrom(offset);
    const { id, by, index, count } = piece;
    const name = JSON.stringify([by, id, piece.kind, count]);
    const part = this.#parts.get(name) ?? { pieces: new Map(), count, first: offset, last: offset };
    this.#parts.set(name, part);
    if (!part.pieces.has(index)) part.pieces.set(index, { offset, piece });
    part.first = Math.min(part.first, offset);
    part.last = Math.max(part.last, offset);
    if (part.pieces.size < count) return undefined;
    this.#parts.delete(name);
    return toWhole(part);
  }

  /** Offset of the earliest piece that waits for others. */
  get firstWaiting(): number {
    return Math.min(...[...this.#parts.values()].map(({ first }) => first));
  }

  #forgetFarFrom(offset: number): void {
    for (const [name, { first, last }] of this.#parts)
      if (Math.max(last, offset) - Math.min(first, offset) > MAX_SPAN) this.#parts.delete(name);
  }
}

function toWhole({ pieces, count, first, last }: Part): Whole | undefined {
  const ordered = Array.from({ length: count }, (_, index) => pieces.get(index)?.piece);
  const [head] = ordered;
  const bytes = fromBase64(ordered.map((piece) => piece?.base64 ?? ''));
  if (!head || !bytes) return undefined;
  const rest = { by: head.by, bytes, first, last };
  if (head.kind === 'update') return { kind: 'update', ...rest };
  // One that says to cover what was not there yet would hide it.
  return head.covers < first ? { kind: 'snapshot', covers: head.covers, ...rest } : undefined;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The bytes of one text after the other, or undefined where one is no base64. */
export function fromBase64(texts: readonly string[]): Uint8Array | undefined {
  try {
    const text = texts.map((one) => atob(one)).join('');
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_LENGTH;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
