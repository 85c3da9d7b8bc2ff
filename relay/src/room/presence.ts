import type { Member, Presence } from '@chat-room/sdk/protocol';
import { MAX_PRESENCE_LIST, PRESENCE_SAMPLE } from '@chat-room/sdk/protocol';

/** What everybody in the room must be told about who came and went. */
export type PresenceNews =
  | { readonly kind: 'change'; readonly version: number; readonly joined: readonly Member[]; readonly left: readonly string[] }
  | { readonly kind: 'snapshot'; readonly presence: Presence };

/** Who is in one room. A member counts once, however many connections speak for it. No clock: the caller says when to tell. */
export class RoomPresence {
  readonly #members = new Map<string, { member: Member; connections: number }>();
  readonly #joined = new Map<string, Member>();
  readonly #left = new Set<string>();
  #version = 0;
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

  ids(): IterableIterator<string> {
    return this.#members.keys();
  }

  add(member: Member): void {
    const entry = this.#members.get(member.id);
    if (entry) {
      entry.connections++;
      if (entry.member.name !== member.name) this.#come(member); // the same guest under a new name
      entry.member = member;
      return;
    }
    this.#members.set(member.id, { member, connections: 1 });
    this.#come(member);
  }

  /** True when that was the member's last connection. */
  remove(memberId: string): boolean {
    const entry = this.#members.get(memberId);
    if (!entry) return false;
    entry.connections--;
    if (entry.connections > 0) return false;
    this.#members.delete(memberId);
    // Told even of somebody who came and went between two tellings: a snapshot given in between may have named them.
    this.#joined.delete(memberId);
    this.#left.add(memberId);
    return true;
  }

  /** The state right now. It may hold changes that the next news tells again: applying them twice changes nothing. */
  snapshot(): Presence {
    const version = this.#version;
    if (this.isList) return { scope: 'all', version, members: this.#first(MAX_PRESENCE_LIST) };
    return { scope: 'sample', version, count: this.#members.size, members: this.#first(PRESENCE_SAMPLE) };
  }

  /** What changed since the last call; undefined where nothing did. */
  takeNews(): PresenceNews | undefined {
    if (this.#joined.size === 0 && this.#left.size === 0) return undefined;
    const joined = [...this.#joined.values()];
    const left = [...this.#left];
    this.#joined.clear();
    this.#left.clear();
    this.#version++;
    const isChange = this.isList && this.#wasListed;
    this.#wasListed = this.isList;
    return isChange ? { kind: 'change', version: this.#version, joined, left } : { kind: 'snapshot', presence: this.snapshot() };
  }

  #come(member: Member): void {
    // Gone and back between two tellings: told as come, which renews the name and else changes nothing.
    this.#left.delete(member.id);
    this.#joined.set(member.id, member);
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
