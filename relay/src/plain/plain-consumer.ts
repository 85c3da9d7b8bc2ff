// One connection of the plain protocol: {"message": "…"} in, {"message": "…"} out, on the same rooms.

import { randomBytes } from 'node:crypto';
import type { ErrorCode } from '@chat-room/sdk/protocol';
import {
  CLOSE_CODES,
  decodeClientFrame,
  ERRORS,
  isName,
  isRoomName,
  MAX_BAD_FRAMES,
  MAX_NAME_LENGTH,
} from '@chat-room/sdk/protocol';
import type { RoomAction } from '../auth/identity.ts';
import { permits } from '../auth/permissions.ts';
import type { ChatServices } from '../chat-services.ts';
import type { Connection } from '../consumer/connection.ts';
import type { Admission, ConnectRequest, Handlers } from '../consumer/consumer.ts';
import { Consumer } from '../consumer/consumer.ts';
import { TokenBucket } from '../rate.ts';
import type { Room } from '../room/room.ts';
import type { Banned } from '../room/rooms.ts';

export class PlainConsumer extends Consumer<{ readonly room: string }> implements Handlers<Banned> {
  readonly #services: ChatServices;
  #publishes: TokenBucket;
  /** In a row. */
  #unreadMessages = 0;
  #room: Room | undefined;

  constructor(connection: Connection<{ readonly room: string }>, services: ChatServices) {
    super(connection);
    this.#services = services;
    this.#publishes = new TokenBucket(services.publishRate, services.now());
  }

  override connect({ query }: ConnectRequest): Admission {
    const name = new URLSearchParams(query).get('name')?.trim() || undefined;
    if (!isRoomName(this.params.room)) return { accept: false, status: 400, message: 'That is not a valid room name.' };
    if (name !== undefined && !isName(name, MAX_NAME_LENGTH))
      return { accept: false, status: 400, message: 'That is not a valid name.' };
    if (!this.#may('read')) return { accept: false, status: 403, message: 'You may not read this room.' };
    // Not waited for: the socket opens meanwhile, and gets what comes once the room is there.
    this.#enter().catch((error: unknown) => {
      this.#services.onFault(error, 'plain join', this.channel);
      this.close(CLOSE_CODES.internal, 'internal');
    });
    return { accept: true };
  }

  override receive(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      this.#refuseUnread('bad_frame', 'binary messages are not part of this protocol');
      return;
    }
    const message = readMessage(data);
    if (!message.ok) {
      this.#refuseUnread(message.code, message.detail);
      return;
    }
    this.#unreadMessages = 0;
    if (!this.#may('write')) {
      this.#refuse('forbidden', undefined);
      return;
    }
    const waitMs = this.#publishes.take(this.#services.publishRate, this.#services.now());
    if (waitMs > 0) {
      this.#refuse('rate_limited', `wait ${waitMs} ms`);
      return;
    }
    this.#publish(message.text).catch((error: unknown) => {
      this.#services.onFault(error, 'plain publish', this.channel);
      this.#refuse('internal', undefined);
    });
  }

  override disconnect(): void {
    const room = this.#room;
    this.#room = undefined;
    if (room) this.#services.rooms.exit(room, this.identity.member);
  }

  /** Its member was banned from a room. Whoever sends this by name without a ban changes nothing. */
  onBanned(): void {
    if (this.#room && this.#isBannedFrom(this.#room)) this.close(CLOSE_CODES.kicked, 'banned');
  }

  #isBannedFrom({ moderation }: Room): boolean {
    if (moderation === undefined || this.#may('moderate')) return false;
    return moderation.refusal(this.identity.member.id, 'read', this.#services.now()) !== undefined;
  }

  async #enter(): Promise<void> {
    const room = await this.#services.rooms.open(this.params.room);
    if (this.phase === 'closed') return;
    if (this.#isBannedFrom(room)) {
      this.close(CLOSE_CODES.kicked, 'banned');
      return;
    }
    this.#room = room;
    this.#services.rooms.enter(room, this.identity.member);
    this.subscribe(room.plainTopic);
  }

  #may(action: RoomAction): boolean {
    return permits(this.identity, this.params.room, action);
  }

  async #publish(text: string): Promise<void> {
    // A plain client never sends anything again by itself: each message is its own key.
    const draft = {
      from: this.identity.member,
      key: randomBytes(9).toString('base64url'),
      body: { type: 'message', text },
      moderator: false,
    } as const;
    const outcome = await this.#services.publish(this.params.room, draft);
    if (outcome.ok) this.#services.metrics.publishes++;
    else this.#refuse(outcome.code, outcome.detail);
  }

  #refuse(code: ErrorCode, detail: string | undefined): void {
    const { reason } = ERRORS[code];
    this.#services.metrics.refusals.inc({ code });
    const message = detail === undefined ? reason : `${reason} (${detail})`;
    if (this.send(JSON.stringify({ error: { code, message } })) === 'dropped') this.close(CLOSE_CODES.slow_reader, 'slow_reader');
  }

  /** Refuses what is no message at all. Who sends nothing else is no client of this protocol (CLS3). */
  #refuseUnread(code: ErrorCode, detail: string): void {
    this.#refuse(code, detail);
    if (++this.#unreadMessages >= MAX_BAD_FRAMES) this.close(CLOSE_CODES.abuse, 'abuse');
  }
}

type PlainMessage =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string };

/** Reads `{"message": "…"}`. Never throws. */
function readMessage(text: string): PlainMessage {
  let message: unknown;
  try {
    message = (JSON.parse(text) as { readonly message?: unknown } | null)?.message;
  } catch {
    return { ok: false, code: 'bad_frame', detail: 'not JSON' };
  }
  // The native decoder knows every bound of a message: a plain one is the same event in fewer words.
  const frame = { type: 'publish', id: 1, room: 'plain', key: 'plain', event: { type: 'message', text: message } };
  const decoded = decodeClientFrame(JSON.stringify(frame));
  if (!decoded.ok) return { ok: false, code: decoded.code, detail: decoded.detail.replace('text:', 'message:') };
  return { ok: true, text: message as string };
}
