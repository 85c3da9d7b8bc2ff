// Who is in a room and what they are doing there: presence, typing, read positions. None of it is in the log.

import type { Emitter } from '../emitter.ts';
import type { FrameOf, Presence, Reads, ServerFrame } from '../protocol/index.ts';
import type { RoomEvents, Typing } from '../types.ts';
import type { RoomHost, RoomPush } from './host.ts';
import { applyPresenceChange } from './presence.ts';
import { nobodyTyping, othersTyping } from './typing.ts';

export class People {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #emitter: Emitter<RoomEvents>;
  #presence: Presence | undefined;
  #typing = nobodyTyping;
  #reads: Reads = {};
  #readOffset = 0;
  #toldOffset = 0;

  constructor(host: RoomHost, room: string, emitter: Emitter<RoomEvents>) {
    this.#host = host;
    this.#room = room;
    this.#emitter = emitter;
  }

  get presence(): Presence | undefined {
    return this.#presence;
  }

  get typing(): Typing {
    return this.#typing;
  }

  get reads(): Reads {
    return this.#reads;
  }

  joined({ presence, reads }: FrameOf<ServerFrame, 'joined'>): void {
    this.#setPresence(presence);
    this.#setReads(reads);
  }

  /** Offsets of another log mean nothing. */
  restarted(): void {
    this.#readOffset = 0;
    this.#toldOffset = 0;
  }

  /** No connection: who types is not known any more, who is here stays until the relay says otherwise. */
  lost(): void {
    this.#toldOffset = 0;
    if (this.#typing !== nobodyTyping) this.#setTyping(nobodyTyping);
  }

  left(): void {
    this.lost();
    this.#presence = undefined;
  }

  receive(push: Exclude<RoomPush, { readonly type: 'events' | 'removed' | 'position' | 'ephemeral' }>): void {
    if (push.type === 'presence') this.#setPresence(push.presence);
    else if (push.type === 'typing') this.#setTyping(othersTyping(push, this.#host.member?.id));
    else if (push.type === 'reads') this.#setReads({ ...this.#reads, ...push.reads });
    else {
      const presence = applyPresenceChange(this.#presence, push);
      if (presence) this.#setPresence(presence);
      else this.#askPresence();
    }
  }

  /** The relay had to drop pushes, and tells which version it is at. */
  checkPresence(version: number): void {
    if (version !== this.#presence?.version) this.#askPresence();
  }

  markRead(offset: number): void {
    this.#readOffset = Math.max(this.#readOffset, offset);
  }

  /** Says how far this member has read, unless the relay knows. */
  tellRead(epoch: string): void {
    const offset = this.#readOffset;
    const known = this.#reads[this.#host.member?.id ?? ''] ?? 0;
    if (offset <= Math.max(known, this.#toldOffset)) return;
    this.#toldOffset = offset;
    this.#host.tell({ type: 'read', room: this.#room, position: { epoch, offset } });
  }

  #askPresence(): void {
    this.#host.ask({ type: 'presence', room: this.#room }, (reply) => {
      if (reply.type === 'presence') this.#setPresence(reply.presence);
    });
  }

  #setPresence(presence: Presence): void {
    if (presence === this.#presence) return;
    this.#presence = presence;
    this.#emitter.emit('presence', presence);
  }

  #setTyping(typing: Typing): void {
    this.#typing = typing;
    this.#emitter.emit('typing', typing);
  }

  #setReads(reads: Reads): void {
    this.#reads = reads;
    this.#emitter.emit('reads', reads);
  }
}
