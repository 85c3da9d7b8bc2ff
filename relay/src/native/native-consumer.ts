// One connection of the native protocol: text in, frames out. It decodes, checks order and rate, and hands each frame to
// its handler; what a frame does is in handlers.ts.

import type { ClientFrame, ErrorCode, Member, Push, RoomSettings, ServerFrame } from '@chat-room/sdk/protocol';
import {
  CLOSE_CODES,
  decodeClientFrame,
  ERRORS,
  encodeFrame,
  errorReply,
  MAX_BAD_FRAMES,
  SUBPROTOCOL,
} from '@chat-room/sdk/protocol';
import { offeredSubprotocols } from '../auth/credentials.ts';
import type { RoomAction } from '../auth/identity.ts';
import { permits } from '../auth/permissions.ts';
import type { ChatServices } from '../chat-services.ts';
import type { Connection } from '../consumer/connection.ts';
import type { Admission, ConnectRequest, DrainNotice, Handlers } from '../consumer/consumer.ts';
import { Consumer } from '../consumer/consumer.ts';
import type { ModerationRefusal } from '../engine/moderation.ts';
import { TokenBucket } from '../rate.ts';
import type { Room } from '../room/room.ts';
import type { Banned } from '../room/rooms.ts';
import { handle } from './handlers.ts';

/** Frames that may wait while a connect or a join is under way. */
const MAX_HELD = 256;

/** What a channel of this protocol may be sent by name. */
type Direct = Extract<Push, { readonly type: 'direct' }>;

export class NativeConsumer extends Consumer implements Handlers<Direct | Banned> {
  readonly services: ChatServices;
  /** Whom it speaks for; undefined until `connect` is answered. */
  member: Member | undefined;
  #rooms: Map<string, Room> | undefined;
  #publishes: TokenBucket;
  #frames: TokenBucket;
  /** Made with the first upload: few connections send files. */
  #uploads: TokenBucket | undefined;
  /** In a row. */
  #unreadFrames = 0;
  /** While a frame is handled that later ones depend on, they wait here (CON2). */
  #held: ClientFrame[] | undefined;

  constructor(connection: Connection, services: ChatServices) {
    super(connection);
    const now = services.now();
    this.services = services;
    this.#publishes = new TokenBucket(services.publishRate, now);
    this.#frames = new TokenBucket(services.frameRate, now);
  }

  override connect({ headers }: ConnectRequest): Admission {
    const offered = offeredSubprotocols(headers);
    // A client that names no subprotocol must not be answered with one; it is served all the same.
    const isSilent = offered.length === 0;
    if (!isSilent && !offered.includes(SUBPROTOCOL))
      return { accept: false, status: 400, message: `This address speaks the subprotocol ${SUBPROTOCOL}.` };
    this.services.deadlines.start(this, this.services.steady());
    return { accept: true, ...(!isSilent && { subprotocol: SUBPROTOCOL }) };
  }

  override receive(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      this.#refuseUnread('bad_frame', 'binary messages are not part of this version', undefined);
      return;
    }
    const decoded = decodeClientFrame(data);
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

  /** A reader that was too slow is reading again: it is told where each log ends, and asks for what it missed (POS2). */
  override lagged(): void {
    for (const room of this.rooms()) {
      this.reply({ type: 'position', room: room.name, position: room.position, presenceVersion: room.presence.version });
    }
  }

  override disconnect(): void {
    this.services.deadlines.met(this);
    this.#held = undefined;
    for (const room of this.rooms()) this.leaveRoom(room);
    this.#rooms = undefined;
  }

  override draining({ retryAfterMs }: DrainNotice): void {
    this.reply({ type: 'drain', retryAfterMs });
    this.end('draining');
  }

  override expiring(expiresInMs: number): void {
    this.reply({ type: 'expiring', expiresInMs: Math.round(expiresInMs) });
  }

  /** Sent to this connection's channel by name (CHN1). */
  onDirect(message: Direct): void {
    this.send(encodeFrame(message));
  }

  /** Its member was banned from a room. Whoever sends this by name without a ban changes nothing. */
  onBanned({ room: name }: Banned): void {
    const room = this.room(name);
    if (room) this.removeBanned(room);
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

  /** True once the socket is gone. What was asked before may still be under way. */
  isClosed(): boolean {
    return this.phase === 'closed';
  }

  /** It has said who it is. */
  identified(member: Member): void {
    this.member = member;
    this.services.deadlines.met(this);
  }

  may(action: RoomAction, room: string): boolean {
    return permits(this.identity, room, action);
  }

  /** Why the member may not do that in the room just now, for what moderators have set. */
  refusalIn({ name, moderation }: Room, action: 'read' | 'write'): ModerationRefusal | undefined {
    if (moderation === undefined || !this.member || this.may('moderate', name)) return undefined;
    return moderation.refusal(this.member.id, action, this.services.now());
  }

  settingsIn(room: Room): RoomSettings {
    const rights = { write: this.may('write', room.name), moderate: this.may('moderate', room.name) };
    return room.settingsFor(this.member?.id ?? '', rights, this.services.now());
  }

  /** The connection and its member enter the room; the caller answers in the same turn. False once it is closed. */
  enterRoom(room: Room, member: Member): boolean {
    if (this.isClosed()) return false;
    this.#rooms ??= new Map();
    if (!this.#rooms.has(room.name)) {
      this.#rooms.set(room.name, room);
      this.services.rooms.enter(room, member);
    }
    return true;
  }

  leaveRoom(room: Room): void {
    if (!this.#rooms?.delete(room.name)) return;
    this.unsubscribe(room.topic);
    if (this.member) this.services.rooms.exit(room, this.member);
  }

  /** Ends a join that the client has not asked to end (RMV1). */
  remove(room: Room, code: ErrorCode, message: string): void {
    this.leaveRoom(room);
    this.reply({ type: 'removed', room: room.name, code, message });
  }

  /** Ends the join of a room from which the member is banned; any other goes on. */
  removeBanned(room: Room): void {
    const refusal = this.refusalIn(room, 'read');
    if (refusal) this.remove(room, refusal.code, `${ERRORS[refusal.code].reason} (${refusal.detail})`);
  }

  reply(frame: ServerFrame): void {
    this.replyText(encodeFrame(frame));
  }

  /** Sends a reply. One that can't be queued ends the connection: a reply is never lost silently (POS3). */
  replyText(text: string): void {
    if (this.send(text) === 'dropped') this.end('slow_reader');
  }

  /** Sends a reply that comes with a push, in one write with it. */
  replySoon(text: string): void {
    if (this.sendSoon(text) === 'dropped') this.end('slow_reader');
  }

  refuse(code: ErrorCode, detail: string | undefined, id: number | undefined, retryAfterMs?: number): void {
    this.services.metrics.refusals.inc({ code });
    this.reply(errorReply(code, detail, id, retryAfterMs));
  }

  end(code: keyof typeof CLOSE_CODES): void {
    this.close(CLOSE_CODES[code], code);
  }

  /** Runs a frame's slow part; until it is done, the frames after it wait. */
  async blocking(work: () => Promise<void>): Promise<void> {
    this.#held = [];
    await work();
    if (this.isClosed()) return; // and nothing is held any more
    // A frame of those that waited may block in turn: then the rest waits on.
    const held = this.#held;
    this.#held = undefined;
    while (held.length > 0 && !this.isClosed()) {
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
    try {
      handle(this, frame)?.catch((error: unknown) => this.#fault(frame, error));
    } catch (error) {
      this.#fault(frame, error);
    }
  }

  #fault(frame: ClientFrame, error: unknown): void {
    this.services.onFault(error, `native ${frame.type}`, this.channel);
    this.refuse('internal', undefined, frame.id);
  }

  #hold(frame: ClientFrame): void {
    if (!this.#held || this.#held.length >= MAX_HELD) this.refuse('overloaded', 'too many frames wait', frame.id, 1_000);
    else this.#held.push(frame);
  }

  #passesRate(frame: ClientFrame): boolean {
    const waitMs = this.#waitMs(frame.type);
    if (waitMs === 0) return true;
    this.refuse('rate_limited', undefined, frame.id, waitMs);
    return false;
  }

  #waitMs(type: ClientFrame['type']): number {
    const { publishRate, frameRate, uploadRate } = this.services;
    const now = this.services.now();
    if (type === 'publish') return this.#publishes.take(publishRate, now);
    if (type !== 'upload') return this.#frames.take(frameRate, now);
    this.#uploads ??= new TokenBucket(uploadRate, now);
    return this.#uploads.take(uploadRate, now);
  }
}
