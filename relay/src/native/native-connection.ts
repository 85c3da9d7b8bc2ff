// One connection of the native protocol: text in, frames out. It decodes, checks order and rate, and hands each frame to
// its handler; what a frame does is in handlers.ts.

import type { ClientFrame, ErrorCode, Member, ServerFrame } from '@chat-room/sdk/protocol';
import { CLOSE_CODES, decodeClientFrame, encodeFrame, errorReply, MAX_BAD_FRAMES } from '@chat-room/sdk/protocol';
import type { RelaySocket } from '../adapter/adapter.ts';
import type { ConnectionConsumer, DrainNotice } from '../consumer.ts';
import { TokenBucket } from '../rate.ts';
import type { Room } from '../room/room.ts';
import type { Services } from '../services.ts';
import { handle } from './handlers.ts';

/** Frames that may wait while a connect or a join is under way. */
const MAX_HELD = 256;

export class NativeConnection implements ConnectionConsumer {
  readonly openedAt: number;
  readonly services: Services;
  /** Whom it speaks for; undefined until `connect` is answered. */
  member: Member | undefined;
  #socket: RelaySocket<ConnectionConsumer> | undefined;
  #rooms: Map<string, Room> | undefined;
  #publishes: TokenBucket;
  #frames: TokenBucket;
  /** In a row. */
  #unreadFrames = 0;
  #isGapped = false;
  /** While a frame is handled that later ones depend on, they wait here (CON2). */
  #held: ClientFrame[] | undefined;

  constructor(services: Services) {
    const now = services.now();
    this.services = services;
    this.openedAt = now;
    this.#publishes = new TokenBucket(services.publishRate, now);
    this.#frames = new TokenBucket(services.frameRate, now);
  }

  get isConnected(): boolean {
    return this.member !== undefined;
  }

  /** True once the socket is gone. What was asked before may still be under way. */
  get isClosed(): boolean {
    return this.#socket === undefined;
  }

  opened(socket: RelaySocket<ConnectionConsumer>): void {
    this.#socket = socket;
  }

  text(text: string): void {
    const decoded = decodeClientFrame(text);
    if (!decoded.ok) {
      this.#refuseUnread(decoded.code, decoded.detail, decoded.id);
      return;
    }
    this.#unreadFrames = 0;
    const { frame } = decoded;
    if (!this.#passesRate(frame)) return;
    if (this.#held) this.#hold(frame);
    else this.#handle(frame);
  }

  binary(): void {
    this.#refuseUnread('bad_frame', 'binary messages are not part of this version', undefined);
  }

  dropped(): void {
    this.#isGapped = true;
    this.services.metrics.drops++;
  }

  /** A reader that was too slow is reading again: it is told where each log ends, and asks for what it missed (POS2). */
  drained(): void {
    if (!this.#isGapped) return;
    this.#isGapped = false;
    for (const room of this.rooms()) {
      this.send({ type: 'position', room: room.name, position: room.position, presenceVersion: room.presence.version });
    }
  }

  closed(): void {
    this.#socket = undefined;
    this.#held = undefined;
    for (const room of this.rooms()) this.leaveRoom(room);
    this.#rooms = undefined;
  }

  drain({ retryAfterMs }: DrainNotice): void {
    this.send({ type: 'drain', retryAfterMs });
    this.end('draining');
  }

  // --- for the handlers -----------------------------------------------------------------------------------------

  /** The rooms it has joined. */
  rooms(): Iterable<Room> {
    return this.#rooms?.values() ?? [];
  }

  room(name: string): Room | undefined {
    return this.#rooms?.get(name);
  }

  get roomCount(): number {
    return this.#rooms?.size ?? 0;
  }

  /** The socket and the member enter the room; the caller answers in the same turn. Undefined once closed. */
  enterRoom(room: Room): RelaySocket<ConnectionConsumer> | undefined {
    if (!this.#socket || !this.member) return undefined;
    this.#rooms ??= new Map();
    if (!this.#rooms.has(room.name)) {
      this.#rooms.set(room.name, room);
      room.connections++;
      room.presence.add(this.member);
      this.services.rooms.noteNews(room);
    }
    return this.#socket;
  }

  leaveRoom(room: Room): void {
    if (!this.#rooms?.delete(room.name)) return;
    this.#socket?.unsubscribe(room.topic);
    if (this.member) room.forget(this.member);
    this.services.rooms.leave(room);
  }

  send(frame: ServerFrame): void {
    this.sendText(encodeFrame(frame));
  }

  /** Sends a reply. One that can't be queued ends the connection: a reply is never lost silently (POS3). */
  sendText(text: string): void {
    if (this.#socket?.send(text) === 'dropped') this.end('slow_reader');
  }

  refuse(code: ErrorCode, detail: string | undefined, id: number | undefined, retryAfterMs?: number): void {
    this.services.metrics.refusals.inc({ code });
    this.send(errorReply(code, detail, id, retryAfterMs));
  }

  end(code: keyof typeof CLOSE_CODES): void {
    this.#socket?.end(CLOSE_CODES[code], code);
  }

  /** Runs a frame's slow part; until it is done, the frames after it wait. */
  async blocking(work: () => Promise<void>): Promise<void> {
    this.#held = [];
    await work();
    if (this.isClosed) return; // and nothing is held any more
    // A frame of those that waited may block in turn: then the rest waits on.
    const held = this.#held;
    this.#held = undefined;
    while (held.length > 0 && !this.isClosed) {
      const frame = held.shift() as ClientFrame;
      this.#handle(frame);
      if (this.#held) {
        (this.#held as ClientFrame[]).push(...held);
        return;
      }
    }
  }

  // --- inside ---------------------------------------------------------------------------------------------------

  /** Refuses what is no frame at all. Who sends nothing else is no client of this protocol (CLS3). */
  #refuseUnread(code: ErrorCode, detail: string, id: number | undefined): void {
    this.refuse(code, detail, id);
    if (++this.#unreadFrames >= MAX_BAD_FRAMES) this.end('abuse');
  }

  #handle(frame: ClientFrame): void {
    handle(this, frame).catch((error: unknown) => {
      this.services.onFault(error, `native ${frame.type}`);
      this.refuse('internal', undefined, frame.id);
    });
  }

  #hold(frame: ClientFrame): void {
    if (!this.#held || this.#held.length >= MAX_HELD) this.refuse('overloaded', 'too many frames wait', frame.id, 1_000);
    else this.#held.push(frame);
  }

  #passesRate(frame: ClientFrame): boolean {
    const { publishRate, frameRate, now } = this.services;
    const waitMs = frame.type === 'publish' ? this.#publishes.take(publishRate, now()) : this.#frames.take(frameRate, now());
    if (waitMs === 0) return true;
    this.refuse('rate_limited', undefined, frame.id, waitMs);
    return false;
  }
}
