// Snapshots and inputs as bytes; who is who as text, when it changes.
import type { Body, Gem, Input, World } from './world.ts';

/** Each snapshot is the whole state: who comes late, or missed any number of them, needs one. 50 players are 1 KiB. */
export interface Snapshot {
  readonly tick: number;
  readonly players: readonly SeenPlayer[];
  readonly gems: readonly Gem[];
}

export interface SeenPlayer {
  readonly id: number;
  readonly body: Body;
  readonly score: number;
  readonly sequence: number;
  readonly isAway: boolean;
}

export type Text =
  | { readonly type: 'you'; readonly id: number; readonly sequence: number; readonly resume: string }
  | { readonly type: 'roster'; readonly names: readonly (readonly [id: number, name: string])[] };

const INPUT_BYTES = 7;
const HEAD_BYTES = 6;
const PLAYER_BYTES = 14;
const GEM_BYTES = 4;

export function encodeInput({ sequence, x, y, dashes }: Input): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(INPUT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sequence);
  view.setInt8(4, x);
  view.setInt8(5, y);
  view.setUint8(6, dashes ? 1 : 0);
  return bytes;
}

/** Undefined for what is no input. */
export function decodeInput(data: string | Uint8Array): Input | undefined {
  if (typeof data === 'string' || data.byteLength !== INPUT_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { sequence: view.getUint32(0), x: view.getInt8(4), y: view.getInt8(5), dashes: view.getUint8(6) === 1 };
}

export function encodeSnapshot({ tick, players, gems }: World): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + players.size * PLAYER_BYTES + gems.length * GEM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, tick);
  view.setUint8(4, players.size);
  view.setUint8(5, gems.length);
  let at = HEAD_BYTES;
  for (const { id, body, score, sequence, isAway } of players.values()) {
    view.setUint8(at, id);
    view.setUint16(at + 1, body.x * 16);
    view.setUint16(at + 3, body.y * 16);
    view.setUint8(at + 5, body.dash | (isAway ? 128 : 0));
    view.setUint8(at + 6, body.rest);
    view.setUint8(at + 7, body.stun);
    view.setUint16(at + 8, Math.min(score, 65_535));
    view.setUint32(at + 10, sequence);
    at += PLAYER_BYTES;
  }
  for (const { x, y } of gems) {
    view.setUint16(at, x);
    view.setUint16(at + 2, y);
    at += GEM_BYTES;
  }
  return bytes;
}

export function decodeSnapshot(data: ArrayBuffer): Snapshot {
  const view = new DataView(data);
  const [playerCount, gemCount] = [view.getUint8(4), view.getUint8(5)];
  const gemsAt = HEAD_BYTES + playerCount * PLAYER_BYTES;
  const players = Array.from({ length: playerCount }, (_, i): SeenPlayer => {
    const at = HEAD_BYTES + i * PLAYER_BYTES;
    const [dash, rest, stun] = [view.getUint8(at + 5), view.getUint8(at + 6), view.getUint8(at + 7)];
    const body = { x: view.getUint16(at + 1) / 16, y: view.getUint16(at + 3) / 16, dash: dash & 127, rest, stun };
    return { id: view.getUint8(at), body, score: view.getUint16(at + 8), sequence: view.getUint32(at + 10), isAway: dash > 127 };
  });
  const gems = Array.from({ length: gemCount }, (_, i) => ({
    x: view.getUint16(gemsAt + i * GEM_BYTES),
    y: view.getUint16(gemsAt + i * GEM_BYTES + 2),
  }));
  return { tick: view.getUint32(0), players, gems };
}
