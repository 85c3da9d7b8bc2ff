// Takes out of a PNG or a WebP, as it passes, what its author did not mean to tell. Both are chunks, one after the other; those
// that hold metadata are overwritten where they stand, so that as many bytes leave as came.

import { crc32 } from 'node:zlib';

/** How a kind of file is cut into chunks. */
interface ChunkFormat {
  /** Before the first chunk. */
  readonly prologueBytes: number;
  /** Types of chunks that are not for strangers. */
  readonly metadata: ReadonlySet<string>;
  /** What an overwritten chunk is called, where it may not keep its name. */
  readonly blankType?: string;
  /** Bytes of a checksum behind each chunk. */
  readonly checksumBytes: 0 | 4;
  /** Behind this chunk nothing belongs to the file. */
  readonly lastType?: string;
  readonly read: (head: Buffer) => { readonly type: string; readonly bytes: number };
}

/** PNG says of a chunk by the case of its name that it may be ignored, is nobody's standard, and depends on nothing. */
const PNG: ChunkFormat = {
  prologueBytes: 8,
  metadata: new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']),
  blankType: 'xxXx',
  checksumBytes: 4,
  lastType: 'IEND',
  read: (head) => ({ type: head.toString('latin1', 4, 8), bytes: head.readUInt32BE(0) }),
};

const WEBP: ChunkFormat = {
  prologueBytes: 12,
  metadata: new Set(['EXIF', 'XMP ']),
  checksumBytes: 0,
  read: (head) => {
    const bytes = head.readUInt32LE(4);
    return { type: head.toString('latin1', 0, 4), bytes: bytes + (bytes % 2) };
  },
};

const HEAD_BYTES = 8;

type State =
  | { readonly at: 'prologue' | 'head' | 'end' }
  | { readonly at: 'content'; readonly type: string; readonly left: number; readonly isBlank: boolean; readonly checksum: number }
  | { readonly at: 'checksum'; readonly type: string; readonly isBlank: boolean; readonly checksum: number };

/** Cleans one file. What it holds back between two pieces is at most one head. */
export class ChunkCleaner {
  readonly #format: ChunkFormat;
  #state: State = { at: 'prologue' };
  #held: Buffer = Buffer.alloc(0);

  constructor(kind: 'png' | 'webp') {
    this.#format = kind === 'png' ? PNG : WEBP;
  }

  /** Takes a piece, and gives what can go on. Never throws. */
  push(piece: Uint8Array): Uint8Array {
    const bytes = Buffer.concat([this.#held, piece]);
    let at = 0;
    for (let next = this.#step(bytes, at); next > at; next = this.#step(bytes, at)) at = next;
    this.#held = bytes.subarray(at);
    return bytes.subarray(0, at);
  }

  /** The rest of a file that ends in the middle of a head. */
  end(): Uint8Array {
    return this.#held;
  }

  /** Deals with what begins at `at`. Returns where the next thing begins; `at` where more must come first. */
  #step(bytes: Buffer, at: number): number {
    const state = this.#state;
    const { prologueBytes, checksumBytes } = this.#format;
    switch (state.at) {
      case 'prologue':
        return this.#take(bytes, at, prologueBytes, () => ({ at: 'head' }));
      case 'head':
        return this.#take(bytes, at, HEAD_BYTES, (head) => this.#enter(head));
      case 'content':
        return this.#passContent(bytes, at, state);
      case 'checksum':
        return this.#take(bytes, at, checksumBytes, (checksum) => {
          if (state.isBlank) checksum.writeUInt32BE(state.checksum);
          return { at: state.type === this.#format.lastType ? 'end' : 'head' };
        });
      case 'end':
        bytes.fill(0, at);
        return bytes.length;
    }
  }

  #take(bytes: Buffer, at: number, length: number, use: (part: Buffer) => State): number {
    if (at + length > bytes.length) return at;
    this.#state = use(bytes.subarray(at, at + length));
    return at + length;
  }

  #enter(head: Buffer): State {
    const { read, metadata, blankType } = this.#format;
    const { type, bytes } = read(head);
    const isBlank = metadata.has(type);
    if (isBlank && blankType !== undefined) head.write(blankType, 4, 'latin1');
    const content = { at: 'content', type, left: bytes, isBlank, checksum: crc32(head.subarray(4)) } as const;
    return bytes > 0 ? content : this.#afterContent(content);
  }

  #passContent(bytes: Buffer, at: number, state: Extract<State, { readonly at: 'content' }>): number {
    const passed = bytes.subarray(at, at + state.left);
    const checksum = state.isBlank ? crc32(passed.fill(0), state.checksum) : state.checksum;
    const left = state.left - passed.length;
    this.#state = left > 0 ? { ...state, left, checksum } : this.#afterContent({ ...state, checksum });
    return at + passed.length;
  }

  #afterContent({ type, isBlank, checksum }: Extract<State, { readonly at: 'content' }>): State {
    return this.#format.checksumBytes > 0 ? { at: 'checksum', type, isBlank, checksum } : { at: 'head' };
  }
}
