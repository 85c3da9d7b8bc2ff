// WebSocket frames of a server, walked by the lengths in their headers. Nothing is copied and nothing is decoded.

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** A frame above this is a fault of the server, or of the walker. */
export const MAX_SERVER_FRAME_BYTES = 1_048_576;

/** Who is told of each frame: its payload is `bytes` from `start` to `end`, good during the call only. */
export interface FrameSink<C> {
  message(connection: C, bytes: Buffer, start: number, end: number): void;
  control(connection: C, opcode: number, bytes: Buffer, start: number, end: number): void;
}

/** A server sent what no server may send, or what this load generator does not read. */
export class FrameError extends Error {
  readonly code = 'bad_server_frame';
}

/**
 * Tells the sink of each whole frame between `start` and `end`. Returns where the first frame begins that is not whole, `end`
 * where there is none. Throws a FrameError.
 */
export function walkFrames<C>(connection: C, bytes: Buffer, start: number, end: number, sink: FrameSink<C>): number {
  let at = start;
  while (end - at >= 2) {
    const first = bytes[at] as number;
    let length = bytes[at + 1] as number;
    let payload = at + 2;
    if (length >= LENGTH_16) {
      if (length === LENGTH_16) payload = at + 4;
      else payload = at + 10;
      if (end < payload) return at;
      length = longLength(bytes, at, length);
    }
    const next = payload + length;
    if (next > end) return at;
    if (first === (FIN | OPCODE.text) || first === (FIN | OPCODE.binary)) sink.message(connection, bytes, payload, next);
    else sink.control(connection, controlOpcode(first), bytes, payload, next);
    at = next;
  }
  return at;
}

function longLength(bytes: Uint8Array, at: number, marker: number): number {
  if (marker === LENGTH_16) return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  if (marker >= MASKED) throw new FrameError('A frame of the server is masked, which no server may do.');
  if (marker !== LENGTH_64) throw new FrameError('A frame has no length.');
  let length = 0;
  for (let index = at + 2; index < at + 10; index += 1) length = length * 256 + (bytes[index] as number);
  if (length > MAX_SERVER_FRAME_BYTES)
    throw new FrameError(`A frame of ${length} bytes is larger than this load generator reads.`);
  return length;
}

function controlOpcode(first: number): number {
  const opcode = first & 0x0f;
  if (first < FIN || opcode < OPCODE.close || opcode > OPCODE.pong)
    throw new FrameError(`A frame that begins with byte ${first} is in pieces or compressed, which was not asked for.`);
  return opcode;
}
