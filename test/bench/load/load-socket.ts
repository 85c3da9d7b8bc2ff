// One raw socket that speaks WebSocket as a client: the handshake, frames out, and what comes in walked in place. All sockets
// of a process read into one buffer, so that a read allocates nothing.

import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { clientFrame, textFrame } from './client-frame.ts';
import type { FrameSink } from './frame-walker.ts';
import { MAX_SERVER_FRAME_BYTES, OPCODE, walkFrames } from './frame-walker.ts';

const READ_BYTES = 262_144;
/** What is left of a frame from an earlier read is put in front of the next one. */
const buffer = Buffer.allocUnsafeSlow(MAX_SERVER_FRAME_BYTES + READ_BYTES);
const readBuffer = buffer.subarray(MAX_SERVER_FRAME_BYTES);
const read = { bytes: 0, calls: 0 };

/** Bytes and reads so far. */
export interface ReadTotals {
  readonly bytes: number;
  readonly calls: number;
}

/** Those of all sockets of this thread. */
export function readTotals(): ReadTotals {
  return { ...read };
}

const open = new Set<LoadSocket>();

/** Breaks every socket of this thread. What is closed politely keeps its port for a minute, and the next run finds it taken. */
export function breakAllSockets(): void {
  for (const socket of open) socket.destroy();
}

const HOST = '127.0.0.1';
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const MAX_ANSWER_BYTES = 16_384;

/** Who is told of what happens to a socket. */
export interface SocketOwner extends FrameSink<LoadSocket> {
  /** It is a WebSocket now. */
  upgraded(socket: LoadSocket): void;
  /** All frames of a read have been told of. */
  readEnded(socket: LoadSocket): void;
  /** It is gone; not told when `destroy` was called. */
  lost(socket: LoadSocket, reason: string): void;
}

export interface SocketTarget {
  readonly port: number;
  readonly path: string;
  readonly subprotocol?: string | undefined;
  /** Address it comes from. */
  readonly localAddress?: string | undefined;
}

export class LoadSocket {
  /** Whatever its owner numbers it by. */
  readonly index: number;
  readonly #owner: SocketOwner;
  readonly #socket: Socket;
  #isUpgraded = false;
  #isGone = false;
  #rest: Buffer | undefined;

  constructor(index: number, target: SocketTarget, owner: SocketOwner) {
    this.index = index;
    this.#owner = owner;
    open.add(this);
    this.#socket = connect({
      host: HOST,
      port: target.port,
      // To bind costs more than to connect where many ports are in use.
      ...(target.localAddress === undefined ? {} : { localAddress: target.localAddress }),
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes: number) => {
          this.#read(bytes);
          return true;
        },
      },
    });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(target)));
    this.#socket.on('error', (error) => this.#lose(error.message));
    this.#socket.on('close', () => this.#lose('it was closed'));
  }

  /** Bytes that wait to be sent. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** Writes bytes that are nobody else's from now on. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  sendText(text: string): void {
    this.write(textFrame(text));
  }

  /** Ends it with a reset, as a network that breaks does, and tells nobody. */
  destroy(): void {
    this.#isGone = true;
    open.delete(this);
    this.#socket.resetAndDestroy();
  }

  #lose(reason: string): void {
    if (this.#isGone) return;
    this.destroy();
    this.#owner.lost(this, reason);
  }

  #read(bytes: number): void {
    read.bytes += bytes;
    read.calls += 1;
    const rest = this.#rest;
    const start = MAX_SERVER_FRAME_BYTES - (rest?.length ?? 0);
    const end = MAX_SERVER_FRAME_BYTES + bytes;
    rest?.copy(buffer, start);
    this.#rest = undefined;
    try {
      this.#take(start, end);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  #take(start: number, end: number): void {
    const at = this.#isUpgraded ? start : this.#readAnswer(start, end);
    const taken = this.#isUpgraded ? walkFrames<LoadSocket>(this, buffer, at, end, this.#owner) : at;
    if (taken < end && !this.#isGone) this.#rest = Buffer.from(buffer.subarray(taken, end));
    this.#owner.readEnded(this);
  }

  /** Returns where the frames begin. */
  #readAnswer(start: number, end: number): number {
    const answer = buffer.toString('latin1', start, Math.min(end, start + MAX_ANSWER_BYTES));
    const headEnd = answer.indexOf('\r\n\r\n');
    if (headEnd < 0) {
      if (end - start > MAX_ANSWER_BYTES) throw new Error('The answer to the handshake has no end.');
      return start;
    }
    const head = answer.slice(0, headEnd);
    if (!head.startsWith('HTTP/1.1 101') || !head.includes(ACCEPT))
      throw new Error(`The handshake was answered: ${head.slice(0, 200)}`);
    this.#isUpgraded = true;
    this.#owner.upgraded(this);
    return start + headEnd + 4;
  }
}

function upgradeRequest({ port, path, subprotocol }: SocketTarget): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${HOST}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Answers a ping of the server with what it carried. */
export function pongFrame(bytes: Uint8Array, start: number, end: number): Buffer {
  return clientFrame(OPCODE.pong, bytes.subarray(start, end));
}
