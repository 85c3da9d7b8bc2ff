// What moderators have set in a room: its pin, slow mode, mutes and bans. It is a fold of the log (MOD1), kept beside it as
// entries by name, since the log forgets its old events. Who stores them knows nothing of what they mean.

import type { ErrorCode, Member, ModerationAction, RoomEvent, Sanction } from '@chat-room/sdk/protocol';
import { FOREVER, MAX_SANCTIONS } from '@chat-room/sdk/protocol';
import type { StoredEvent } from './engine.ts';

/** One thing that is set, as it is stored. `pin`, `slow`, `mute:<member id>`, `ban:<member id>` → JSON. */
export interface ModerationEntry {
  readonly name: string;
  readonly value: string;
}

/** What each entry says beside its own. */
interface SetBy {
  readonly at: number;
  readonly offset: number;
  readonly by: Member;
}

interface Pin extends SetBy {
  readonly target: number;
}

export interface SlowMode extends SetBy {
  readonly intervalMs: number;
}

interface Sanctioned extends SetBy {
  readonly until: number;
  readonly member: Member;
}

/** Why a member may not do something just now. */
export interface ModerationRefusal {
  readonly code: Extract<ErrorCode, 'muted' | 'banned'>;
  readonly detail: string;
}

/** The entry that an action sets, or, without `rest`, removes. */
export interface EntryChange {
  readonly name: string;
  /** The entry's JSON behind its time and offset: see `encodeEntry`. */
  readonly rest: string | undefined;
}

const PIN = 'pin';
const SLOW = 'slow';

/** What an action does to the entries. */
export function changeOf(action: ModerationAction, by: Member): EntryChange {
  switch (action.type) {
    case 'pin':
      return { name: PIN, rest: restOf({ target: action.target }, by) };
    case 'unpin':
      return { name: PIN, rest: undefined };
    case 'slowMode':
      return { name: SLOW, rest: action.intervalMs === 0 ? undefined : restOf({ intervalMs: action.intervalMs }, by) };
    case 'mute':
    case 'ban':
      return {
        name: `${action.type}:${action.member.id}`,
        rest: restOf({ until: action.until ?? FOREVER, member: memberOf(action.member) }, by),
      };
    case 'unmute':
    case 'unban':
      return { name: `${action.type.slice('un'.length)}:${action.member.id}`, rest: undefined };
  }
}

/** An entry's value. Time, offset and end come first and in this order: a script finds the end there. */
function encodeEntry(at: number, offset: number, rest: string): string {
  return `{"at":${at},"offset":${offset}${rest}`;
}

/** Whom an event mutes or bans, if it does. */
export function sanctionedBy({ json }: StoredEvent): { readonly kind: 'mute' | 'ban'; readonly memberId: string } | undefined {
  const { action } = JSON.parse(json) as Extract<RoomEvent, { readonly type: 'moderation' }>;
  return action.type === 'mute' || action.type === 'ban' ? { kind: action.type, memberId: action.member.id } : undefined;
}

function restOf(fields: object, by: Member): string {
  return `,${JSON.stringify({ ...fields, by: memberOf(by) }).slice(1)}`;
}

function memberOf({ id, name }: Member): Member {
  return { id, name };
}

export class Moderation {
  #pin: Pin | undefined;
  #slow: SlowMode | undefined;
  /** By name of the entry. */
  readonly #sanctions: Map<string, Sanctioned>;

  private constructor(pin?: Pin, slow?: SlowMode, sanctions: Iterable<readonly [string, Sanctioned]> = []) {
    this.#pin = pin;
    this.#slow = slow;
    this.#sanctions = new Map(sanctions);
  }

  /** What the entries say; undefined where there are none, which is what most rooms have. */
  static from(entries: Iterable<ModerationEntry>): Moderation | undefined {
    let moderation: Moderation | undefined;
    for (const { name, value } of entries) {
      moderation ??= new Moderation();
      moderation.#set(name, value);
    }
    return moderation;
  }

  /** Where nothing is set. */
  static none(): Moderation {
    return new Moderation();
  }

  copy(): Moderation {
    return new Moderation(this.#pin, this.#slow, this.#sanctions);
  }

  get isEmpty(): boolean {
    return this.#pin === undefined && this.#slow === undefined && this.#sanctions.size === 0;
  }

  /** Offset of the pinned message. */
  get pinned(): number | undefined {
    return this.#pin?.target;
  }

  get slowMode(): SlowMode | undefined {
    return this.#slow;
  }

  /** Takes an event of the log. Returns the name of the entry that it changes, if it does. */
  apply(event: StoredEvent): string | undefined {
    if (event.redacts) return this.#unpin(event.redacts);
    if (event.type !== 'moderation') return undefined;
    const { action, from } = JSON.parse(event.json) as Extract<RoomEvent, { readonly type: 'moderation' }>;
    const { name, rest } = changeOf(action, from);
    this.#set(name, rest && encodeEntry(event.at, event.offset, rest));
    return name;
  }

  /** The value that is to be stored under a name; undefined where there is none. */
  entry(name: string): string | undefined {
    const value = name === PIN ? this.#pin : name === SLOW ? this.#slow : this.#sanctions.get(name);
    return value && JSON.stringify(value);
  }

  /** Why a member who may not moderate may not read or write, if so. `now`: milliseconds since 1970. */
  refusal(memberId: string, action: 'read' | 'write', now: number): ModerationRefusal | undefined {
    const ban = this.#holding(`ban:${memberId}`, now);
    if (ban) return { code: 'banned', detail: endOf(ban) };
    const mute = action === 'write' ? this.#holding(`mute:${memberId}`, now) : undefined;
    return mute && { code: 'muted', detail: endOf(mute) };
  }

  /** Until when a member is muted; undefined where they are not. */
  mutedUntil(memberId: string, now: number): number | undefined {
    return this.#holding(`mute:${memberId}`, now)?.until;
  }

  /** True where an action would be a mute or a ban more than a room may hold. */
  isFullFor(action: ModerationAction, now: number): boolean {
    if (this.#sanctions.size < MAX_SANCTIONS || (action.type !== 'mute' && action.type !== 'ban')) return false;
    if (this.#sanctions.has(`${action.type}:${action.member.id}`)) return false;
    for (const { until } of this.#sanctions.values()) if (until <= now) return false;
    return true;
  }

  /** Forgets the mutes and bans that have ended, where there are as many as may be. Returns the names of their entries. */
  makeRoom(now: number): readonly string[] {
    if (this.#sanctions.size <= MAX_SANCTIONS) return [];
    const ended = [...this.#sanctions].filter(([, { until }]) => until <= now).map(([name]) => name);
    for (const name of ended) this.#sanctions.delete(name);
    return ended;
  }

  /** The mute and the ban of a member that hold. */
  of(memberId: string, now: number): readonly Sanction[] {
    const names = [`mute:${memberId}`, `ban:${memberId}`];
    return names.flatMap((name) => {
      const sanction = this.#holding(name, now);
      return sanction ? [sanctionOf(name, sanction)] : [];
    });
  }

  /** The mutes and bans that hold, in the order of their names, from behind `after` on. */
  page(
    after: string | undefined,
    limit: number,
    now: number,
  ): { readonly sanctions: readonly Sanction[]; readonly next?: string } {
    const names = [...this.#sanctions.keys()].filter((name) => this.#holding(name, now) && name > (after ?? '')).toSorted();
    const shown = names.slice(0, limit);
    const last = shown.at(-1);
    return {
      sanctions: shown.map((name) => sanctionOf(name, this.#sanctions.get(name) as Sanctioned)),
      ...(names.length > limit && last !== undefined && { next: last }),
    };
  }

  #holding(name: string, now: number): Sanctioned | undefined {
    const sanction = this.#sanctions.get(name);
    return sanction && sanction.until > now ? sanction : undefined;
  }

  #unpin(redacted: readonly number[]): string | undefined {
    if (!this.#pin || !redacted.includes(this.#pin.target)) return undefined;
    this.#pin = undefined;
    return PIN;
  }

  #set(name: string, value: string | undefined): void {
    if (name === PIN) this.#pin = value === undefined ? value : (JSON.parse(value) as Pin);
    else if (name === SLOW) this.#slow = value === undefined ? value : (JSON.parse(value) as SlowMode);
    else if (value === undefined) this.#sanctions.delete(name);
    else this.#sanctions.set(name, JSON.parse(value) as Sanctioned);
  }
}

function endOf({ until }: Sanctioned): string {
  return until === FOREVER ? 'until it is lifted' : `until ${new Date(until).toISOString()}`;
}

function sanctionOf(name: string, { member, until, at, by }: Sanctioned): Sanction {
  return { kind: name.startsWith('ban:') ? 'ban' : 'mute', member, ...(until !== FOREVER && { until }), at, by };
}
