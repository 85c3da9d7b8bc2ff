// What one connection of the fuzzer says: it follows from the seed and the number of the case, and from nothing else.
import { OPCODE, upgradeRequest } from '../support/raw-socket.ts';
import type { Session } from './corpus.ts';
import { SESSIONS } from './corpus.ts';
import { REQUESTS } from './http-corpus.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateFrame } from './mutate-json.ts';
import { legalFrames, lyingFrame } from './mutate-wire.ts';
import { type Fillings, filled } from './placeholders.ts';
import { Random } from './random.ts';

/** The relay answers this ping at the end of a case whose frames were all legal, if it has not closed by then. */
export const LAST_ID = 900_000_001;
const LAST = JSON.stringify({ type: 'ping', id: LAST_ID });
/** What the SDK says only when something has gone wrong, or its token ends; not recorded. */
const RARE: Session = [
  '{"type":"connect","id":1,"version":1,"token":"{{token}}"}',
  '{"type":"join","id":2,"room":"lobby","recent":200,"position":{"epoch":"{{epoch}}","offset":3}}',
  '{"type":"presence","id":3,"room":"lobby"}',
  '{"type":"history","id":4,"room":"lobby","epoch":"{{epoch}}","after":1,"limit":200}',
  '{"type":"refresh","id":5,"token":"{{token}}"}',
  '{"type":"typing","id":6,"room":"lobby","active":true}',
  '{"type":"read","id":7,"room":"lobby","position":{"epoch":"{{epoch}}","offset":1}}',
  '{"type":"ephemeral","id":8,"room":"lobby","name":"cursor","data":[]}',
];
const ALL_SESSIONS: readonly Session[] = [...SESSIONS, RARE];
/** Past this many a connection's frames are refused for their rate: they would be read, and nothing else. */
const MAX_MESSAGES = 150;
const MAX_SESSIONS = 8;
/** So many cases in a row speak of one room: what they do to it, such as slow mode, does not last for the whole run. */
const CASES_PER_ROOM = 64;

/** The kinds of cases, and how many of ten are of which. */
const KINDS = ['messages', 'messages', 'messages', 'messages', 'plain', 'frames', 'frames', 'frames', 'http', 'http'] as const;

export interface FuzzCase {
  readonly number: number;
  /** `messages`: legal WebSocket frames; `plain`: likewise, of the plain protocol; `frames`: illegal ones; `http`: requests. */
  readonly kind: (typeof KINDS)[number];
  /** The request for a WebSocket, to be answered before the rest is sent; undefined for `http`. */
  readonly upgrade: string | undefined;
  /** Each is a write of its own. */
  readonly pieces: readonly Buffer[];
  /** Frames, or requests. */
  readonly frames: number;
}

/** The case of this number. */
export function fuzzCase(seed: number, number: number, fillings: Fillings): FuzzCase {
  const random = new Random(seed, number);
  const kind = random.pick(KINDS);
  const inRoom = (text: string): string =>
    filled(text, fillings).replaceAll('lobby', `lobby-${Math.floor(number / CASES_PER_ROOM)}`);
  const said = kind === 'http' ? requests(random, inRoom) : texts(kind, random, inRoom);
  return {
    number,
    kind,
    upgrade: upgradeFor(kind, random),
    pieces: cut(Buffer.concat(said), random),
    frames: said.length,
  };
}

function upgradeFor(kind: FuzzCase['kind'], random: Random): string | undefined {
  if (kind === 'http') return undefined;
  if (kind !== 'plain') return upgradeRequest('/ws', { 'sec-websocket-protocol': 'chat-room.v1' });
  return upgradeRequest(
    `/ws/chat/${random.pick(['lobby', 'board%2F1', '%E5%A4%A7%E5%BB%B3'])}/?name=${random.pick(['Ada', '%F0%9F%91%8B'])}`,
  );
}

function texts(kind: 'messages' | 'plain' | 'frames', random: Random, inRoom: (text: string) => string): Buffer[] {
  const sessions = Array.from({ length: 1 + random.below(MAX_SESSIONS) }, () => random.pick(ALL_SESSIONS));
  const recorded = sessions.flat().map(inRoom);
  const texts = kind === 'plain' ? recorded.map((_, i) => JSON.stringify({ message: `plain ${i}` })) : recorded;
  // As a rule the first frame is left as it was: a connection that never gets in is refused everything in one way.
  const said = texts
    .slice(0, MAX_MESSAGES)
    .map((text, i) => (i === 0 && random.chance(0.8) ? legalFrames(text, random) : legalFrames(...mutated(text, random, texts))));
  if (kind === 'messages') return [...said, legalFrames(LAST, random)];
  if (kind === 'plain') return said;
  // After the first lie a connection is over, as a rule: a few good frames before it, and a few behind it.
  const before = said.slice(0, 1 + random.below(8));
  const lies = Array.from({ length: 1 + random.below(4) }, () => lyingFrame(random.pick(texts), random));
  return [...before, ...lies, ...said.slice(0, random.below(3))];
}

/** The text as it was, or changed as JSON or as bytes. */
function mutated(text: string, random: Random, texts: readonly string[]): [Buffer | string, Random, number] {
  const how = random.below(10);
  if (how < 4) return [text, random, OPCODE.text];
  if (how < 8) return [mutateFrame(text, random), random, OPCODE.text];
  const bytes = mutateBytes(Buffer.from(text), random, Buffer.from(random.pick(texts)));
  // Bytes that are no UTF-8 would end the connection as a text; now and then they may.
  const isText = random.chance(0.02);
  return [isText ? bytes : bytes.toString(), random, how === 8 && random.chance(0.2) ? OPCODE.binary : OPCODE.text];
}

function requests(random: Random, inRoom: (text: string) => string): Buffer[] {
  return Array.from({ length: 1 + random.below(4) }, () => {
    const request = Buffer.from(inRoom(random.pick(REQUESTS)));
    return random.chance(0.25) ? request : mutateBytes(request, random, Buffer.from(random.pick(REQUESTS)));
  });
}

/** In one piece mostly; else cut anywhere, as TCP may. */
function cut(bytes: Buffer, random: Random): Buffer[] {
  if (!random.chance(0.3)) return [bytes];
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.chance(0.5) ? 1 + random.below(20) : 1 + random.below(4_000);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
    if (pieces.length === 60) {
      pieces.push(bytes.subarray(at));
      break;
    }
  }
  return pieces;
}
