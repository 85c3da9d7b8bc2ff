// Frames of a client: masked, as they must be. The mask is one for the whole process: what it protects from is a proxy on the
// way, and there is none on the way to a server on this machine. So a frame is made by filling the digits into masked bytes.

import { randomBytes } from 'node:crypto';
import { OPCODE } from './frame-walker.ts';

const MASK = randomBytes(4);
const FIN = 0x80;
const MASKED = 0x80;
const MAX_SHORT = 125;

/** A whole frame that carries these bytes. They may have up to 65,535 bytes. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const header = headerBytes(payload.length);
  const frame = Buffer.allocUnsafe(header + payload.length);
  writeHeader(frame, opcode, payload.length);
  for (let index = 0; index < payload.length; index += 1)
    frame[header + index] = (payload[index] as number) ^ (MASK[index & 3] as number);
  return frame;
}

/** A whole frame that carries a text. */
export function textFrame(text: string): Buffer {
  return clientFrame(OPCODE.text, Buffer.from(text));
}

function headerBytes(length: number): number {
  return length > MAX_SHORT ? 8 : 6;
}

function writeHeader(frame: Buffer, opcode: number, length: number): void {
  frame[0] = FIN | opcode;
  if (length > MAX_SHORT) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | length;
  }
  MASK.copy(frame, headerBytes(length) - 4);
}

/** What stands in a publish and changes from one to the next. */
export interface PublishFields {
  readonly timeUs: number;
  readonly connection: number;
  readonly sequence: number;
  readonly room: number;
}

const HOLES = { t: 'timeUs', i: 'connection', s: 'sequence', r: 'room' } as const satisfies Record<string, keyof PublishFields>;
/** Digits of each field: a frame has one length, whatever is in it. */
const FIELD_DIGITS = { timeUs: 13, connection: 5, sequence: 9, room: 6 } as const satisfies Record<keyof PublishFields, number>;

interface Hole {
  readonly field: keyof PublishFields;
  /** From the first byte of the frame. */
  readonly at: number;
  /** From the first byte of the payload: what the mask goes by. */
  readonly maskAt: number;
}

/** A frame in which only digits change: `%t` time, `%i` connection, `%s` sequence, `%r` room, each with a fixed width. */
export class FrameTemplate {
  readonly #frame: Buffer;
  readonly #holes: readonly Hole[];

  constructor(template: string) {
    const holes: Omit<Hole, 'at'>[] = [];
    let text = '';
    for (const part of template.split(/(%[tisr])/)) {
      const field = part.length === 2 && part.startsWith('%') ? HOLES[part.slice(1) as keyof typeof HOLES] : undefined;
      if (field) holes.push({ field, maskAt: Buffer.byteLength(text) });
      text += field ? '0'.repeat(FIELD_DIGITS[field]) : part;
    }
    this.#frame = textFrame(text);
    const header = this.#frame.length - Buffer.byteLength(text);
    this.#holes = holes.map((hole) => ({ ...hole, at: header + hole.maskAt }));
  }

  get bytes(): number {
    return this.#frame.length;
  }

  /** Writes the frame to `target` at `at`; returns where it ends. */
  write(target: Buffer, at: number, fields: PublishFields): number {
    this.#frame.copy(target, at);
    for (const hole of this.#holes)
      writeMaskedDigits(target, at + hole.at, hole.maskAt, FIELD_DIGITS[hole.field], fields[hole.field]);
    return at + this.#frame.length;
  }
}

function writeMaskedDigits(target: Buffer, at: number, maskAt: number, digits: number, value: number): void {
  let rest = value;
  for (let index = digits - 1; index >= 0; index -= 1) {
    const shorter = Math.floor(rest / 10);
    target[at + index] = (0x30 + (rest - shorter * 10)) ^ (MASK[(maskAt + index) & 3] as number);
    rest = shorter;
  }
}
