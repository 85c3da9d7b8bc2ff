// Who is in a room, what they are doing there, and what they may: presence, typing, read positions, settings.

import type { Emitter } from '../emitter.ts';
import type { FrameOf, Presence, Reads, RoomEvent, RoomSettings, ServerFrame } from '../protocol/index.ts';
import type { RoomEvents, Typing } from '../types.ts';
import type { RoomHost, RoomPush } from './host.ts';
import { applyPresenceChange } from './presence.ts';
import { applyToSettings } from './settings.ts';

/** Said again this often while it goes on: well within the time after which the relay forgets it. */
const TYPING_REPEAT_MS = 3_000;

const NOBODY: Typing = { members: [], count: 0 };

/** What is known of them; each part is also the event that tells of a change to it. */
interface Known {
  readonly presence: Presence | undefined;
  readonly typing: Typing;
  readonly reads: Reads;
  readonly settings: RoomSettings | undefined;
}

/** The pushes that are about people. */
export type PeoplePush = Extract<RoomPush, { readonly type: 'presence' | 'presenceChange' | 'typing' | 'reads' | 'settings' }>;

export class People {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #emitter: Emitter<RoomEvents>;
  /** Changed by this class alone. */
  known: Known = { presence: undefined, typing: NOBODY, reads: {}, settings: undefined };
  /** The settings that the relay gave hold so many events of the log. */
  #settledAt = 0;
  #readOffset = 0;
  /** 0: not said, or taken back. */
  #saidTypingAt = 0;

  constructor(host: RoomHost, room: string, emitter: Emitter<RoomEvents>) {
    this.#host = host;
    this.#room = room;
    this.#emitter = emitter;
  }

  joined({ presence, reads, settings, position }: FrameOf<ServerFrame, 'joined'>, isOtherLog: boolean): void {
    this.#set('presence', presence);
    this.#set('reads', reads);
    this.#set('settings', settings);
    this.#settledAt = position.offset;
    if (isOtherLog) this.#readOffset = 0; // offsets of the one before mean nothing
  }

  /** The next event of the log. */
  heed(event: RoomEvent): void {
    const { settings } = this.known;
    if (settings && event.offset > this.#settledAt)
      this.#set('settings', applyToSettings(settings, event, this.#host.member?.id));
  }

  /** No connection: who types is not known any more; who is here stays until the relay says otherwise. */
  lost(): void {
    this.#saidTypingAt = 0;
    this.#set('typing', NOBODY);
  }

  left(): void {
    this.lost();
    this.known = { ...this.known, presence: undefined, settings: undefined };
  }

  receive(push: PeoplePush): void {
    const { presence, reads } = this.known;
    if (push.type === 'presence') this.#set('presence', push.presence);
    else if (push.type === 'settings') this.#set('settings', push.settings);
    else if (push.type === 'reads') this.#set('reads', { ...reads, ...push.reads });
    else if (push.type === 'typing') {
      const members = push.members.filter(({ id }) => id !== this.#host.member?.id);
      this.#set('typing', { members, count: push.count - push.members.length + members.length });
    } else {
      const changed = applyPresenceChange(presence, push);
      if (changed) this.#set('presence', changed);
      else this.#askPresence();
    }
  }

  /** The relay had to drop pushes, and tells which version it is at. */
  checkPresence(version: number): void {
    if (version !== this.known.presence?.version) this.#askPresence();
  }

  /** Called at each key stroke; decides when that is worth a frame. */
  setTyping(active: boolean): void {
    const now = this.#host.environment.clock.now();
    const saidAt = this.#saidTypingAt;
    if (active ? now - saidAt < TYPING_REPEAT_MS : saidAt === 0) return;
    this.#saidTypingAt = active ? now : 0;
    this.#host.tell({ type: 'typing', room: this.#room, active });
  }

  /** EPH3: a message of ours ends it, without a word more. */
  typed(): void {
    this.#saidTypingAt = 0;
  }

  markRead(offset: number): void {
    this.#readOffset = Math.max(this.#readOffset, offset);
  }

  /** Says how far this member has read, unless the relay knows. */
  tellRead(epoch: string): void {
    const offset = this.#readOffset;
    const me = this.#host.member?.id ?? '';
    const { reads } = this.known;
    if (offset <= (reads[me] ?? 0)) return;
    this.#set('reads', { ...reads, [me]: offset });
    this.#host.tell({ type: 'read', room: this.#room, position: { epoch, offset } });
  }

  #askPresence(): void {
    this.#host.ask({ type: 'presence', room: this.#room }, (answer) => {
      if ('presence' in answer) this.#set('presence', answer.presence);
    });
  }

  #set<K extends keyof Known>(part: K, value: Known[K] & RoomEvents[K]): void {
    if (value === this.known[part]) return;
    this.known = { ...this.known, [part]: value };
    this.#emitter.emit(part, value);
  }
}
