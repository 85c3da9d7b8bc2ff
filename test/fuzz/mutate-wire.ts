// WebSocket frames whose heads lie: about their length, their kind, their mask, or where a message ends.
import { OPCODE } from '../support/raw-socket.ts';
import { type WireFrame, wireFrame } from '../support/ws-frames.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';

const CLAIMS: readonly (number | bigint)[] = [
  0,
  1,
  125,
  126,
  65_535,
  65_536,
  262_144,
  262_145,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1n << 63n,
];
const FORMS = ['7-bit', '16-bit', '64-bit'] as const;
const CONTROL = [OPCODE.close, OPCODE.ping, OPCODE.pong] as const;

type Lie = (frame: WireFrame, random: Random) => WireFrame;

const lies: readonly Lie[] = [
  (frame, random) => ({ ...frame, length: random.pick(FORMS), claimedBytes: random.pick(CLAIMS) }),
  (frame, random) => ({ ...frame, length: random.pick(FORMS) }),
  (frame, random) => ({ ...frame, opcode: random.below(16) }),
  (frame) => ({ ...frame, fin: false }),
  (frame, random) => ({ ...frame, rsv: 1 + random.below(7) }),
  (frame) => ({ ...frame, mask: 'none' }),
  (frame, random) => ({ ...frame, mask: random.bytes(4) }),
  (_, random) => ({ opcode: random.pick(CONTROL), payload: random.bytes(random.below(140)) }),
  (frame) => ({ ...frame, opcode: OPCODE.continuation }),
  (frame, random) => ({ ...frame, payload: random.bytes(random.below(300)) }),
];

/** A text message as one frame or as several, with pings between them now and then: all of it legal. */
export function legalFrames(payload: string | Uint8Array, random: Random, opcode: number = OPCODE.text): Buffer {
  const bytes = Buffer.from(payload as string);
  if (!random.chance(0.15) || bytes.length < 2) return wireFrame({ opcode, payload: bytes });
  const cut = 1 + random.below(bytes.length - 1);
  return Buffer.concat([
    wireFrame({ opcode, payload: bytes.subarray(0, cut), fin: false }),
    ...(random.chance(0.5) ? [wireFrame({ opcode: OPCODE.ping, payload: 'between' })] : []),
    wireFrame({ opcode: OPCODE.continuation, payload: bytes.subarray(cut) }),
  ]);
}

/** A frame that a lie was told about, or whose bytes were changed behind its back. */
export function lyingFrame(payload: string, random: Random): Buffer {
  const frame: WireFrame = { opcode: OPCODE.text, payload };
  if (random.chance(0.3)) return mutateBytes(wireFrame(frame), random, wireFrame({ opcode: OPCODE.binary, payload }));
  return wireFrame(random.pick(lies)(frame, random));
}
