// The rooms that are in use on this relay: opened when first asked for, let go of some time after the last one left.

import type { Member, Reads } from '@chat-room/sdk/protocol';
import type { Clocks } from '../clocks.ts';
import type { Engine, StoredEvent } from '../engine/engine.ts';
import type { Moderation, ModerationRefusal } from '../engine/moderation.ts';
import { sanctionedBy } from '../engine/moderation.ts';
import type { Broadcast } from './room.ts';
import { OPEN_EVENTS, Room } from './room.ts';
import { decodeSignal, encodeSignal } from './signal.ts';

const IDLE_ROOM_MS = 30_000;
/** How often presence, typing and read positions are told, by how many are to be told: the cost of telling grows with it. */
const NEWS_STEPS = [
  { upTo: 50, everyMs: 100 },
  { upTo: 200, everyMs: 500 },
  { upTo: Number.POSITIVE_INFINITY, everyMs: 2_000 },
] as const;

/** The layer message that tells a connection here of a ban. */
export interface Banned {
  readonly type: 'banned';
  readonly room: string;
}

/** What the rooms tell whoever watches them. */
export interface RoomsObserver {
  delivered(count: number): void;
  /** A member came, who was in the room on no relay. */
  joined(room: string, member: Member): void;
  /** A member's last connection, on this relay, has left. */
  left(room: string, member: Member): void;
  /** That was the last member. */
  emptied(room: string): void;
  /** A member was banned: the connections that speak for them here must leave the room, in this turn. */
  banned(room: string, memberId: string): void;
}

export class Rooms {
  readonly #engine: Engine;
  readonly #broadcast: Broadcast;
  readonly #observer: RoomsObserver;
  readonly #clocks: Clocks;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Map<string, Promise<Room>>();
  readonly #withNews = new Set<Room>();

  constructor(engine: Engine, broadcast: Broadcast, observer: RoomsObserver, clocks: Clocks) {
    this.#engine = engine;
    this.#broadcast = broadcast;
    this.#observer = observer;
    this.#clocks = clocks;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Members of all rooms in use, each counted once for each of them. */
  get members(): number {
    return this.#sum((room) => room.presence.size);
  }

  /** Subscriptions of sockets to rooms. Asks the adapter for each room: for who scrapes. */
  get subscriptions(): number {
    return this.#sum(({ topic, plainTopic }) => this.#broadcast.subscribers(topic) + this.#broadcast.subscribers(plainTopic));
  }

  /** The room, where it is in use already. */
  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** The room, opened where it was not. Rejects where the engine does. */
  open(name: string): Promise<Room> {
    const room = this.#rooms.get(name);
    if (room) return Promise.resolve(room);
    let opening = this.#opening.get(name);
    if (!opening) {
      opening = this.#open(name).finally(() => this.#opening.delete(name));
      this.#opening.set(name, opening);
    }
    return opening;
  }

  async #open(name: string): Promise<Room> {
    // Fed before it exists: an engine may feed in the very turn in which it answers.
    let room: Room | undefined;
    const early: ((room: Room) => void)[] = [];
    const whenOpen = (work: (room: Room) => void): void => {
      if (room) work(room);
      else early.push(work);
    };
    const page = await this.#engine.open(
      name,
      {
        events: (events, start) => whenOpen((to) => this.#take(to, events, start)),
        reset: (page) => whenOpen((to) => to.reset(page)),
        signal: (text) => whenOpen((to) => this.#heed(to, text)),
        members: (change) =>
          whenOpen((to) => {
            to.heedMembers(change);
            this.noteNews(to);
          }),
      },
      OPEN_EVENTS,
    );
    room = new Room(name, page, this.#broadcast, this.#clocks.steady());
    for (const work of early) work(room);
    this.#rooms.set(name, room);
    return room;
  }

  /** Why a member who may not moderate may not read or write in a room, open here or not. Rejects where the engine does. */
  async refusalFor(name: string, memberId: string, action: 'read' | 'write'): Promise<ModerationRefusal | undefined> {
    const moderation = await this.moderationOf(name, memberId);
    return moderation?.refusal(memberId, action, this.#clocks.now());
  }

  /** What moderators have set in a room, open here or not; with a member's id, of mutes and bans at least that member's. */
  async moderationOf(name: string, memberId?: string): Promise<Moderation | undefined> {
    const room = this.#rooms.get(name);
    return room ? room.moderation : this.#engine.moderation(name, memberId);
  }

  /** What follows a ban reaches nobody who is banned by it: the events are taken up to it, and then those after it. */
  #take(room: Room, events: readonly StoredEvent[], start: number): void {
    let taken = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      if (event?.type !== 'moderation') continue;
      const { kind, memberId } = sanctionedBy(event) ?? {};
      if (memberId === undefined) continue;
      this.#observer.delivered(room.take(events.slice(taken, i + 1), start));
      taken = i + 1;
      room.typing.clear(memberId);
      if (kind === 'ban') this.#observer.banned(room.name, memberId);
    }
    if (taken < events.length) this.#observer.delivered(room.take(taken === 0 ? events : events.slice(taken), start));
  }

  #heed(room: Room, text: string): void {
    const signal = decodeSignal(text);
    if (!signal) return;
    room.heed(signal, this.#clocks.steady());
    this.noteNews(room);
  }

  /** Shows a push to everyone in the room, on every relay. */
  tellEverywhere(room: Room, text: string): void {
    room.tell(text);
    this.#engine.signal(room.name, encodeSignal({ kind: 'push', text }));
  }

  /** A member here began or ended to type. */
  typing(room: Room, member: Member, active: boolean): void {
    room.typing.set(member, active, this.#clocks.steady());
    this.#engine.signal(room.name, encodeSignal({ kind: 'typing', member, active }));
    this.noteNews(room);
  }

  /** A connection enters the room for a member. */
  enter(room: Room, member: Member): void {
    room.connections++;
    if (room.presence.add(member)) this.#observer.joined(room.name, member);
    this.noteNews(room);
  }

  /** A connection that speaks for a member leaves the room. */
  exit(room: Room, member: Member): void {
    if (room.forget(member)) {
      this.#observer.left(room.name, member);
      if (room.presence.size === 0) this.#observer.emptied(room.name);
    }
    this.leave(room);
  }

  /** One connection less in the room, or about to join it. */
  leave(room: Room): void {
    room.connections--;
    if (room.connections === 0) room.emptySince = this.#clocks.steady();
    this.noteNews(room);
  }

  /** Something is to be told in this room: `tellNews` will, when its time has come. */
  noteNews(room: Room): void {
    this.#withNews.add(room);
  }

  /** Called by a steady tick. */
  tellNews(): void {
    const now = this.#clocks.steady();
    for (const room of this.#withNews) {
      if (now < room.newsDueAt) continue;
      this.#keep(room, room.tellNews(now));
      room.newsDueAt = now + newsIntervalMs(room.presence.size);
      const members = room.presence.takeNewsHere();
      if (members) this.#engine.tellMembers(room.name, members);
      if (room.typing.size === 0) this.#withNews.delete(room); // typing runs out by itself: that is news too
    }
  }

  /** Called now and then: lets go of rooms where nobody has been for a while. */
  releaseIdle(): void {
    const now = this.#clocks.steady();
    for (const room of this.#rooms.values()) {
      if (room.connections > 0 || now - room.emptySince < IDLE_ROOM_MS || this.#withNews.has(room)) continue;
      this.#rooms.delete(room.name);
      this.#engine.release(room.name);
    }
  }

  #sum(count: (room: Room) => number): number {
    let sum = 0;
    for (const room of this.#rooms.values()) sum += count(room);
    return sum;
  }

  #keep(room: Room, reads: Reads): void {
    for (const _ in reads) {
      this.#engine.keepReads(room.name, reads);
      this.#engine.signal(room.name, encodeSignal({ kind: 'reads', reads }));
      return;
    }
  }
}

function newsIntervalMs(members: number): number {
  return NEWS_STEPS.find((step) => members <= step.upTo)?.everyMs ?? 2_000;
}
