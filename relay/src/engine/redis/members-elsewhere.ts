// The members that other relays count in one room. Pure: what they tell is applied in order and without a gap, or the whole
// list is read first, whenever the caller is told to.

import type { Member } from '@chat-room/sdk/protocol';
import type { MembersChange } from '../engine.ts';

/** What a relay told of its members. `birth` and `version` count what all relays told of this room. */
export interface Told {
  readonly relay: string;
  /** Names one life of the list in Redis: it begins anew where it was lost. */
  readonly birth: string;
  /** Rises by 1 with each telling. */
  readonly version: number;
  /** `whole`: the relay has written all of its members anew. */
  readonly news: MembersChange | 'whole';
}

/** The list as it was read. */
export interface MembersList {
  readonly birth: string;
  readonly version: number;
  /** Relay → its members by id, of relays that live, this one left out. */
  readonly relays: ReadonlyMap<string, ReadonlyMap<string, Member>>;
  /** True where it has been there only for moments, or is not there: relays may be about to write into it. */
  readonly isYoung: boolean;
}

/** What is to be told here, in this order, and whether the whole list must be read. */
export interface MembersStep {
  readonly changes: readonly MembersChange[];
  readonly read: boolean;
}

/** What is told while the list is read; past that it is read once more. */
const MAX_HELD = 1_000;
const NOBODY: ReadonlyMap<string, Member> = new Map();

export class MembersElsewhere {
  readonly #own: string;
  readonly #relays = new Map<string, Map<string, Member>>();
  #birth = '';
  #version = 0;
  #held: Told[] = [];
  #isReading = false;
  #mustReadAgain = false;

  /** `own` is this relay: what it told itself only counts. */
  constructor(own: string) {
    this.#own = own;
  }

  /** How many there are, one who is on two relays counted twice. */
  get size(): number {
    let size = 0;
    for (const members of this.#relays.values()) size += members.size;
    return size;
  }

  /** One who is on two relays is named once. */
  all(): readonly Member[] {
    return [...new Map([...this.#relays.values()].flatMap((members) => [...members])).values()];
  }

  /** True where the relay has told of members here. */
  counts(relay: string): boolean {
    return this.#relays.has(relay);
  }

  /** True where the list, as somebody saw it in Redis, holds what is not known here. */
  differs(birth: string, version: number): boolean {
    return birth !== this.#birth || version !== this.#version;
  }

  /** True where Redis has lost the list that was known: nobody has left for not being in the new one yet. */
  isNew({ birth, isYoung }: MembersList): boolean {
    return isYoung && birth !== this.#birth;
  }

  /** False where a read is under way already: then it is read once more behind it. */
  beginReading(): boolean {
    if (this.#isReading) this.#mustReadAgain = true;
    const begins = !this.#isReading;
    this.#isReading = true;
    return begins;
  }

  /** The list was read. */
  read(list: MembersList): MembersStep {
    this.#isReading = false;
    const spares = this.isNew(list);
    this.#birth = list.birth;
    this.#version = list.version;
    const known = [...this.#relays.keys()];
    const changes = [...new Set([...known, ...list.relays.keys()])].flatMap((relay) =>
      this.#replace(relay, list.relays.get(relay) ?? NOBODY, spares),
    );
    const held = this.#held;
    this.#held = [];
    let read = this.#mustReadAgain;
    this.#mustReadAgain = false;
    for (const told of held) {
      const step = this.#apply(told);
      changes.push(...step.changes);
      read ||= step.read;
    }
    return { changes, read };
  }

  /** The list could not be read: it will be tried again. */
  failed(): void {
    this.#isReading = false;
    this.#mustReadAgain = false;
    this.#held = [];
    this.#version = -1; // whatever comes next, the list must be read before it
  }

  /** A relay told something. */
  take(told: Told): MembersStep {
    if (!this.#isReading) return this.#apply(told);
    if (this.#held.length < MAX_HELD) this.#held.push(told);
    else this.#mustReadAgain = true;
    return { changes: [], read: false };
  }

  /** A relay is dead: its members leave. */
  drop(relay: string): readonly MembersChange[] {
    return this.#replace(relay, NOBODY, false);
  }

  #apply({ relay, birth, version, news }: Told): MembersStep {
    if (birth === this.#birth && version <= this.#version) return { changes: [], read: false }; // the list had it already
    if (birth !== this.#birth || version !== this.#version + 1) return { changes: [], read: true };
    this.#version = version;
    if (relay === this.#own) return { changes: [], read: false };
    if (news === 'whole') return { changes: [], read: true };
    return { changes: this.#change(relay, news.joined, news.left), read: false };
  }

  #replace(relay: string, members: ReadonlyMap<string, Member>, spares: boolean): readonly MembersChange[] {
    const known = this.#relays.get(relay) ?? NOBODY;
    const left = spares ? [] : [...known.keys()].filter((id) => !members.has(id));
    return this.#change(relay, [...members.values()], left);
  }

  #change(relay: string, joined: readonly Member[], left: readonly string[]): readonly MembersChange[] {
    const members = this.#relays.get(relay) ?? new Map<string, Member>();
    const come = joined.filter(({ id, name }) => members.get(id)?.name !== name);
    // A member with a new name leaves first.
    const gone = [...new Set([...left, ...come.map(({ id }) => id)])].filter((id) => members.has(id));
    for (const id of gone) members.delete(id);
    for (const member of come) members.set(member.id, member);
    if (members.size > 0) this.#relays.set(relay, members);
    else this.#relays.delete(relay);
    const leaving = gone.length > 0 ? [{ joined: [], left: gone }] : [];
    const coming = come.length > 0 ? [{ joined: come, left: [] }] : [];
    return [...leaving, ...coming];
  }
}
