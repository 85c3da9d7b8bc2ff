import type { Member, Presence } from '@chat-room/sdk/protocol';
import { MAX_PRESENCE_LIST, PRESENCE_SAMPLE } from '@chat-room/sdk/protocol';
import type { MembersChange } from '../engine/engine.ts';

/** What everybody in the room must be told about who came and went. */
export type PresenceNews =
  | { readonly kind: 'change'; readonly version: number; readonly joined: readonly Member[]; readonly left: readonly string[] }
  | { readonly kind: 'snapshot'; readonly presence: Presence };

interface Entry {
  member: Member;
  /** Connections that speak for the member here. */
  connections: number;
  /** Other relays that count the member. */
  relays: number;
  /** The member as other relays have been told that it is here; undefined where they have not. */
  told: Member | undefined;
  /** How many had come before, ever. */
  readonly order: number;
}

/** The state as it was encoded some time since the last telling; whoever was there then has not gone since. */
interface Encoded {
  /** Who is in it: whoever had come by then. */
  readonly order: number;
  readonly scope: Presence['scope'];
  readonly size: number;
  /** Without its end: `]}`. */
  readonly text: string;
}

/**
 * Who is in one room, on this relay and on others. A member counts once, however many connections speak for it. No clock:
 * the caller says when to tell.
 */
export class RoomPresence {
  readonly #members = new Map<string, Entry>();
  // What is to be told: absent where nothing is, which is how it is in most rooms most of the time.
  /** Members of whom other relays may have to be told something. */
  #changedHere: Set<string> | undefined;
  /** Of those, the ones that are gone, as other relays were told of them. */
  #goneHere: Map<string, Member> | undefined;
  #joined: Map<string, Member> | undefined;
  #left: Set<string> | undefined;
  #version = 0;
  #order = 0;
  #encoded: Encoded | undefined;
  #wasListed = true;

  get size(): number {
    return this.#members.size;
  }

  get version(): number {
    return this.#version;
  }

  get isList(): boolean {
    return this.#members.size <= MAX_PRESENCE_LIST;
  }

  has(memberId: string): boolean {
    return this.#members.has(memberId);
  }

  /** Everyone, in no order that means anything. */
  all(): readonly Member[] {
    return this.#first(this.#members.size);
  }

  ids(): IterableIterator<string> {
    return this.#members.keys();
  }

  /** A connection speaks for a member. True where nobody did before, here or elsewhere. */
  add(member: Member): boolean {
    this.#changedHere = (this.#changedHere ?? new Set()).add(member.id);
    return this.#count(member, this.#members.get(member.id), 'connections');
  }

  /** True when that was the member's last connection, here and elsewhere. */
  remove(memberId: string): boolean {
    const entry = this.#members.get(memberId);
    if (!entry || entry.connections === 0) return false;
    entry.connections--;
    this.#changedHere = (this.#changedHere ?? new Set()).add(memberId);
    return this.#settle(memberId, entry);
  }

  /** What another relay tells of its members. */
  addElsewhere({ joined, left }: MembersChange): void {
    for (const member of joined) this.#count(member, this.#members.get(member.id), 'relays');
    for (const id of left) {
      const entry = this.#members.get(id);
      if (!entry || entry.relays === 0) continue;
      entry.relays--;
      this.#settle(id, entry);
    }
  }

  /** What other relays must be told of the members here; undefined where nothing changed. */
  takeNewsHere(): MembersChange | undefined {
    if (this.#changedHere === undefined) return undefined;
    const joined: Member[] = [];
    const left: string[] = [];
    for (const id of this.#changedHere) {
      const entry = this.#members.get(id);
      // Who went and came back between two tellings has another entry by now.
      const told = entry?.told ?? this.#goneHere?.get(id);
      const here = isHere(entry) ? entry.member : undefined;
      if (here === undefined && told) left.push(id);
      else if (here && here.name !== told?.name) joined.push(here);
      if (entry) entry.told = here;
    }
    this.#changedHere = undefined;
    this.#goneHere = undefined;
    return joined.length + left.length > 0 ? { joined, left } : undefined;
  }

  /** The state right now. It may hold changes that the next news tells again: applying them twice changes nothing. */
  snapshot(): Presence {
    const version = this.#version;
    if (this.isList) return { scope: 'all', version, members: this.#first(MAX_PRESENCE_LIST) };
    return { scope: 'sample', version, count: this.#members.size, members: this.#first(PRESENCE_SAMPLE) };
  }

  /**
   * The state as JSON, for a member who enters: encoded once between two tellings, for in a storm a room is entered a hundred
   * times a second. Whoever has come or gone since is in the next telling, and the member itself is always in.
   */
  encodedFor(member: Member): string {
    const entry = this.#members.get(member.id);
    const known = this.#encoded;
    // A sample names few in any case, and its count is told anew soon.
    const isIn = ({ scope, order }: Encoded): boolean => scope === 'sample' || entry === undefined || entry.order <= order;
    const encoded = known && (isIn(known) || known.size < MAX_PRESENCE_LIST) ? known : this.#encode();
    this.#encoded = encoded;
    if (isIn(encoded)) return `${encoded.text}]}`;
    return `${encoded.text}${encoded.size > 0 ? ',' : ''}${JSON.stringify(member)}]}`;
  }

  #encode(): Encoded {
    const snapshot = this.snapshot();
    return { order: this.#order, scope: snapshot.scope, size: this.size, text: JSON.stringify(snapshot).slice(0, -2) };
  }

  /** What changed since the last call; undefined where nothing did. */
  takeNews(): PresenceNews | undefined {
    if (!this.#joined?.size && !this.#left?.size) return undefined;
    const joined = [...(this.#joined?.values() ?? [])];
    const left = [...(this.#left ?? [])];
    this.#joined = undefined;
    this.#left = undefined;
    this.#version++;
    this.#encoded = undefined;
    const isChange = this.isList && this.#wasListed;
    this.#wasListed = this.isList;
    return isChange ? { kind: 'change', version: this.#version, joined, left } : { kind: 'snapshot', presence: this.snapshot() };
  }

  #count(member: Member, known: Entry | undefined, by: 'connections' | 'relays'): boolean {
    const entry = known ?? { member, connections: 0, relays: 0, told: undefined, order: ++this.#order };
    entry[by]++;
    if (!known) this.#members.set(member.id, entry);
    if (known && entry.member.name !== member.name) this.#encoded = undefined;
    if (!known || entry.member.name !== member.name) this.#come(member); // or the same member under a new name
    entry.member = member;
    return !known;
  }

  #settle(memberId: string, { connections, relays, told }: Entry): boolean {
    if (connections + relays > 0) return false;
    this.#members.delete(memberId);
    this.#encoded = undefined;
    if (told) this.#goneHere = (this.#goneHere ?? new Map()).set(memberId, told);
    // Told even of somebody who came and went between two tellings: a snapshot given in between may have named them.
    this.#joined?.delete(memberId);
    this.#left = (this.#left ?? new Set()).add(memberId);
    return true;
  }

  #come(member: Member): void {
    // Gone and back between two tellings: told as come, which renews the name and else changes nothing.
    this.#left?.delete(member.id);
    this.#joined = (this.#joined ?? new Map()).set(member.id, member);
  }

  #first(count: number): Member[] {
    const members: Member[] = [];
    for (const { member } of this.#members.values()) {
      if (members.length === count) break;
      members.push(member);
    }
    return members;
  }
}

function isHere(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.connections > 0;
}
