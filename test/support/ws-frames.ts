// WebSocket frames to the bit (RFC 6455, 5.2), for tests that break the rules on purpose. `frame` of raw-socket.ts is for
// those that only want something sent. Masks are fixed: the same case is the same bytes in every run.

const MASK_KEY = Uint8Array.from([0x37, 0xfa, 0x21, 0x3d]);

/** How the length is written: in the shortest form, or in one that is named, be it too long for the number. */
export type LengthForm = 'shortest' | '7-bit' | '16-bit' | '64-bit';

/** A frame as it goes over the wire; nothing here need be legal. */
export interface WireFrame {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, as a number from 0 to 7. Default 0. */
  readonly rsv?: number;
  /** The key, or `none` for a frame without one. Default a fixed key. */
  readonly mask?: Uint8Array | 'none';
  readonly length?: LengthForm;
  /** The length that the head claims, where it is not that of the payload. */
  readonly claimedBytes?: number | bigint;
}

/** The bytes of a frame. */
export function wireFrame({ opcode, payload = '', fin = true, rsv = 0, mask = MASK_KEY, ...rest }: WireFrame): Buffer {
  const data = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | ((rsv & 7) << 4) | (opcode & 0x0f);
  const maskBit = mask === 'none' ? 0 : 0x80;
  const head = [Buffer.from([first]), lengthBytes(rest.claimedBytes ?? data.length, rest.length ?? 'shortest', maskBit)];
  if (mask === 'none') return Buffer.concat([...head, data]);
  return Buffer.concat([...head, mask, masked(data, mask)]);
}

/** XORs the payload with the key, as both sides do. */
export function masked(data: Uint8Array, key: Uint8Array): Buffer {
  return Buffer.from(data.map((byte, i) => byte ^ (key[i & 3] ?? 0)));
}

function lengthBytes(length: number | bigint, form: LengthForm, maskBit: number): Buffer {
  const size = form === 'shortest' ? shortestForm(length) : form;
  if (size === '7-bit') return Buffer.from([maskBit | Number(BigInt.asUintN(7, BigInt(length)))]);
  const bytes = Buffer.alloc(size === '16-bit' ? 3 : 9);
  bytes[0] = maskBit | (size === '16-bit' ? 126 : 127);
  if (size === '16-bit') bytes.writeUInt16BE(Number(BigInt.asUintN(16, BigInt(length))), 1);
  else bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(length)), 1);
  return bytes;
}

function shortestForm(length: number | bigint): LengthForm {
  if (length < 126) return '7-bit';
  return length < 65_536 ? '16-bit' : '64-bit';
}
