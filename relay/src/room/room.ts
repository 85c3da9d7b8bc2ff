// A room while somebody is in it on this relay: the end of its log, who is here, who types, how far they have read. What
// the engine feeds is pushed to the room's topic: encoded once, handed to the socket library once.

import type { Member, Position, Reads, RoomSettings } from '@chat-room/sdk/protocol';
import { encodeFrame } from '@chat-room/sdk/protocol';
import type { MembersChange, OpenPage, Page, StoredEvent } from '../engine/engine.ts';
import { Moderation } from '../engine/moderation.ts';
import { textOf } from '../engine/stored-event.ts';
import type { JoinAnswer, JoinRequest } from './join.ts';
import { answerJoin } from './join.ts';
import { RoomPresence } from './presence.ts';
import { Ring } from './ring.ts';
import type { RoomSignal } from './signal.ts';
import { Typing } from './typing.ts';

const RING_EVENTS = 256;
const RING_BYTES = 256 * 1024;
// The socket library batches what lies below 16 KB; a larger push would go out alone for every member.
const PUSH_BYTES = 12 * 1024;

/** Events the ring is filled with when a room opens. */
export const OPEN_EVENTS = 128;

/** How a room reaches those who are in it. */
export interface Broadcast {
  publish(topic: string, text: string): void;
  subscribers(topic: string): number;
}

/** What a socket must be able to do to be in a room. */
export interface Subscriber {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export class Room {
  readonly name: string;
  /** Topic of the native protocol's pushes. */
  readonly topic: string;
  /** Topic of the plain protocol's. */
  readonly plainTopic: string;
  readonly presence = new RoomPresence();
  readonly typing = new Typing();
  /** Connections in the room or about to join it, of both protocols: while there are any, the room stays in use. */
  connections = 0;
  /** Since when nobody is here; meaningless while somebody is. */
  emptySince: number;
  /** When news may be told next. */
  newsDueAt = 0;
  readonly #broadcast: Broadcast;
  #epoch: string;
  readonly #pushHead: string;
  #ring: Ring;
  // Absent where there is nothing: a relay may have very many rooms.
  #reads: Map<string, number> | undefined;
  #newReads: Set<string> | undefined;
  /** Of those, the ones that were told here: other relays and the engine have to learn of them. */
  #ownReads: Set<string> | undefined;
  #start: number;
  #moderation: Moderation | undefined;

  constructor(name: string, page: OpenPage, broadcast: Broadcast, now: number) {
    this.name = name;
    this.topic = `room:${name}`;
    this.plainTopic = `plain:${name}`;
    this.emptySince = now;
    this.#broadcast = broadcast;
    this.#epoch = page.position.epoch;
    this.#start = page.start;
    this.#pushHead = `{"type":"events","room":${JSON.stringify(name)},"events":[`;
    this.#ring = ringOf(page);
    this.#moderation = page.moderation;
  }

  get position(): Position {
    return { epoch: this.#epoch, offset: this.#ring.top };
  }

  get log(): { readonly epoch: string; readonly start: number; readonly ring: Ring } {
    return { epoch: this.#epoch, start: this.#start, ring: this.#ring };
  }

  /** What moderators have set; undefined where nothing is. */
  get moderation(): Moderation | undefined {
    return this.#moderation;
  }

  /** Lowest offset of the log, as the engine told last. */
  get start(): number {
    return this.#start;
  }

  /** Takes what the engine stored, and pushes it to everyone here. Returns how many deliveries that made. */
  take(events: readonly StoredEvent[], start: number): number {
    this.noteStart(start);
    for (const event of events) {
      this.#ring.append(event);
      if (event.type === 'message') this.typing.clear(event.author);
      else if (event.type === 'moderation' || this.#moderation) this.#moderate(event);
    }
    return this.#push(events) + this.#pushPlain(events);
  }

  /** Goes on from a page that does not follow what was taken before, and tells everyone that it does so (POS4). */
  reset(page: OpenPage): void {
    const isNewLog = page.position.epoch !== this.#epoch;
    this.#epoch = page.position.epoch;
    this.#start = page.start;
    this.#ring = ringOf(page);
    this.#moderation = page.moderation;
    if (isNewLog) for (const reads of [this.#reads, this.#newReads, this.#ownReads]) reads?.clear();
    this.tell(
      encodeFrame({ type: 'position', room: this.name, position: this.position, presenceVersion: this.presence.version }),
    );
  }

  /** Takes what another relay tells of its side of the room. */
  heed(signal: RoomSignal, now: number): void {
    if (signal.kind === 'push') this.tell(signal.text);
    else if (signal.kind === 'typing') this.typing.set(signal.member, signal.active, now);
    else for (const [id, offset] of Object.entries(signal.reads)) this.#noteRead(id, offset);
  }

  /** Takes what another relay tells of its members. */
  heedMembers(change: MembersChange): void {
    this.presence.addElsewhere(change);
    for (const id of change.left) if (!this.presence.has(id)) this.typing.clear(id);
  }

  /** Notes what the engine told of the log's lower end: it only rises. */
  noteStart(start: number): void {
    this.#start = Math.max(this.#start, start);
  }

  /**
   * Puts a socket into the room and returns the answer to its join, both in one turn. The caller must send the answer
   * before it lets go of the turn.
   */
  join(socket: Subscriber, request: JoinRequest, page: Page | undefined): JoinAnswer {
    socket.subscribe(this.topic);
    return answerJoin(request, this.log, page);
  }

  /** What a member is told of the room. Who may moderate is bound by no mute (MOD3). */
  settingsFor(
    memberId: string,
    { write, moderate }: { readonly write: boolean; readonly moderate: boolean },
    now: number,
  ): RoomSettings {
    const { pinned, slowMode } = this.#moderation ?? {};
    const mutedUntil = moderate ? undefined : this.#moderation?.mutedUntil(memberId, now);
    return {
      // A message that the log has forgotten, or lost, is not pinned any more.
      ...(pinned !== undefined && pinned >= this.#start && pinned <= this.#ring.top && { pinned }),
      slowModeMs: slowMode?.intervalMs ?? 0,
      you: { write, moderate, ...(mutedUntil !== undefined && { mutedUntil }) },
    };
  }

  /** How far members have read, as far as that is known here. */
  readsOf(memberIds: Iterable<string>): Reads {
    const reads: Record<string, number> = {};
    for (const id of memberIds) {
      const offset = this.#reads?.get(id);
      if (offset !== undefined) reads[id] = offset;
    }
    return reads;
  }

  /** Fills in what the engine has kept; what was told meanwhile is newer. */
  recallReads(reads: Reads): void {
    for (const [id, offset] of Object.entries(reads)) {
      this.#reads ??= new Map();
      if (!this.#reads.has(id)) this.#reads.set(id, offset);
    }
  }

  knowsRead(memberId: string): boolean {
    return this.#reads?.has(memberId) ?? false;
  }

  /** A member has read up to an offset: only ever forward, and not beyond the end (EPH4). */
  read(memberId: string, offset: number): void {
    if (this.#noteRead(memberId, Math.min(offset, this.#ring.top))) this.#ownReads = (this.#ownReads ?? new Set()).add(memberId);
  }

  /** A connection of a member has left. True when it was the last, on any relay. */
  forget(member: Member): boolean {
    if (!this.presence.remove(member.id)) return false;
    this.typing.clear(member.id);
    if (!this.#newReads?.has(member.id)) this.#reads?.delete(member.id); // the engine has it, for when they come back
    return true;
  }

  /** Tells everyone here what changed since the last time. Returns the read positions that are new and were told here. */
  tellNews(now: number): Reads {
    const presence = this.presence.takeNews();
    if (presence?.kind === 'change') {
      const { version, joined, left } = presence;
      this.tell(encodeFrame({ type: 'presenceChange', room: this.name, version, joined, left }));
    } else if (presence) {
      this.tell(encodeFrame({ type: 'presence', room: this.name, presence: presence.presence }));
    }
    const typing = this.typing.takeNews(now);
    if (typing) this.tell(encodeFrame({ type: 'typing', room: this.name, ...typing }));
    return this.#newReads?.size ? this.#tellReads(this.#newReads) : {};
  }

  /** Sends one encoded push to everyone of the native protocol who is here. */
  tell(text: string): void {
    this.#broadcast.publish(this.topic, text);
  }

  #moderate(event: StoredEvent): void {
    const moderation = this.#moderation ?? Moderation.none();
    moderation.apply(event);
    moderation.makeRoom(event.at);
    this.#moderation = moderation.isEmpty ? undefined : moderation;
  }

  #tellReads(members: ReadonlySet<string>): Reads {
    this.tell(encodeFrame({ type: 'reads', room: this.name, reads: this.readsOf(members) }));
    const own = this.readsOf(this.#ownReads ?? []);
    for (const id of members) if (!this.presence.has(id)) this.#reads?.delete(id);
    this.#newReads = undefined;
    this.#ownReads = undefined;
    return own;
  }

  #noteRead(memberId: string, offset: number): boolean {
    if (offset <= (this.#reads?.get(memberId) ?? 0)) return false;
    this.#reads = (this.#reads ?? new Map()).set(memberId, offset);
    this.#newReads = (this.#newReads ?? new Set()).add(memberId);
    return true;
  }

  #push(events: readonly StoredEvent[]): number {
    const receivers = this.#broadcast.subscribers(this.topic);
    if (receivers === 0) return 0;
    let body = '';
    for (const { json } of events) {
      if (body !== '' && body.length + json.length > PUSH_BYTES) {
        this.tell(`${this.#pushHead}${body}]}`);
        body = '';
      }
      body += body === '' ? json : `,${json}`;
    }
    this.tell(`${this.#pushHead}${body}]}`);
    return receivers * events.length;
  }

  #pushPlain(events: readonly StoredEvent[]): number {
    const receivers = this.#broadcast.subscribers(this.plainTopic);
    if (receivers === 0) return 0;
    let messages = 0;
    for (const { type, json } of events) {
      if (type !== 'message') continue;
      this.#broadcast.publish(this.plainTopic, JSON.stringify({ message: textOf(json) }));
      messages++;
    }
    return receivers * messages;
  }
}

function ringOf({ position, events }: Page): Ring {
  return new Ring(position.offset, events, RING_EVENTS, RING_BYTES);
}
