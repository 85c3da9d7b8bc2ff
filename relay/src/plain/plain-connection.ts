// One connection of the plain protocol: {"message": "…"} in, {"message": "…"} out, on the same rooms.

import { randomBytes } from 'node:crypto';
import type { ErrorCode, Member } from '@chat-room/sdk/protocol';
import { CLOSE_CODES, decodeClientFrame, ERRORS, MAX_BAD_FRAMES } from '@chat-room/sdk/protocol';
import type { RelaySocket } from '../adapter/adapter.ts';
import type { ConnectionConsumer } from '../consumer.ts';
import { TokenBucket } from '../rate.ts';
import type { Room } from '../room/room.ts';
import type { Services } from '../services.ts';

export class PlainConnection implements ConnectionConsumer {
  readonly openedAt: number;
  readonly isConnected = true; // it has nothing to say before it may speak
  readonly #services: Services;
  readonly #roomName: string;
  readonly #member: Member;
  #publishes: TokenBucket;
  /** In a row. */
  #unreadMessages = 0;
  #socket: RelaySocket<ConnectionConsumer> | undefined;
  #room: Room | undefined;

  constructor(services: Services, room: string, name: string | undefined) {
    const now = services.now();
    this.openedAt = now;
    this.#services = services;
    this.#roomName = room;
    this.#member = services.guests.identify(undefined, name).member;
    this.#publishes = new TokenBucket(services.publishRate, now);
  }

  opened(socket: RelaySocket<ConnectionConsumer>): void {
    this.#socket = socket;
    this.#enter().catch((error: unknown) => {
      this.#services.onFault(error, 'plain join');
      this.#socket?.end(CLOSE_CODES.internal, 'internal');
    });
  }

  text(text: string): void {
    const message = readMessage(text);
    if (!message.ok) {
      this.#refuseUnread(message.code, message.detail);
      return;
    }
    this.#unreadMessages = 0;
    const waitMs = this.#publishes.take(this.#services.publishRate, this.#services.now());
    if (waitMs > 0) {
      this.#refuse('rate_limited', `wait ${waitMs} ms`);
      return;
    }
    this.#publish(message.text).catch((error: unknown) => {
      this.#services.onFault(error, 'plain publish');
      this.#refuse('internal', undefined);
    });
  }

  binary(): void {
    this.#refuseUnread('bad_frame', 'binary messages are not part of this protocol');
  }

  dropped(): void {
    this.#services.metrics.drops++;
  }

  drained(): void {
    // A plain client has no position to recover from (PLN5).
  }

  closed(): void {
    const room = this.#room;
    this.#socket = undefined;
    this.#room = undefined;
    if (!room) return;
    room.forget(this.#member);
    this.#services.rooms.leave(room);
  }

  drain(): void {
    this.#socket?.end(CLOSE_CODES.draining, 'draining');
  }

  async #enter(): Promise<void> {
    const room = await this.#services.rooms.open(this.#roomName);
    if (!this.#socket) return;
    this.#room = room;
    room.connections++;
    room.presence.add(this.#member);
    this.#services.rooms.noteNews(room);
    this.#socket.subscribe(room.plainTopic);
  }

  async #publish(text: string): Promise<void> {
    // A plain client never sends anything again by itself: each message is its own key.
    const draft = {
      from: this.#member,
      key: randomBytes(9).toString('base64url'),
      body: { type: 'message', text },
      moderator: false,
    } as const;
    const outcome = await this.#services.engine.publish(this.#roomName, draft);
    if (outcome.ok) this.#services.metrics.publishes++;
    else this.#refuse(outcome.code, outcome.detail);
  }

  #refuse(code: ErrorCode, detail: string | undefined): void {
    const { reason } = ERRORS[code];
    this.#services.metrics.refusals.inc({ code });
    const message = detail === undefined ? reason : `${reason} (${detail})`;
    if (this.#socket?.send(JSON.stringify({ error: { code, message } })) === 'dropped') {
      this.#socket.end(CLOSE_CODES.slow_reader, 'slow_reader');
    }
  }

  /** Refuses what is no message at all. Who sends nothing else is no client of this protocol (CLS3). */
  #refuseUnread(code: ErrorCode, detail: string): void {
    this.#refuse(code, detail);
    if (++this.#unreadMessages >= MAX_BAD_FRAMES) this.#socket?.end(CLOSE_CODES.abuse, 'abuse');
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
