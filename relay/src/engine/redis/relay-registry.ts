// Which relays live, and who is on them: each relay says every second that it lives, notes its members in the rooms' hashes,
// and tells the others of each change over the room's channel. What got lost on the way is found by counting, or by a look
// at the hash, which each open room gets every 20 s; what Redis lost is written anew by whoever it belongs to.

import { randomBytes } from 'node:crypto';
import type { Member } from '@chat-room/sdk/protocol';
import type { MembersChange } from '../engine.ts';
import { roomKeys, SHARED_KEYS } from './keys.ts';
import { LiveRelays, SILENT_MS } from './live-relays.ts';
import { BURY_MEMBERS, CHECK_MEMBERS, LIST_MEMBERS, MEMBER_SCRIPTS, TELL_MEMBERS } from './member-scripts.ts';
import type { MembersList, MembersStep } from './members-elsewhere.ts';
import { MembersElsewhere } from './members-elsewhere.ts';
import type { RedisLink } from './redis-link.ts';
import { BEAT } from './scripts.ts';

const BEAT_MS = 1_000;
/** In so many beats every room is looked at once. */
const CHECK_BEATS = 20;
/** A hash is kept so long after the last look of a relay that has members in it. */
const KEEP_MS = 90_000;
/** A hash that is younger may not have been written to by everyone yet. */
const YOUNG_MS = 5_000;
/** Members told with one script. */
const MAX_TOLD = 500;

/** The members here that a room's hash should hold. */
interface Own {
  readonly members: Map<string, Member>;
  /** Stands in the hash where all of them do. */
  mark: number;
}

/** How a change is written: beside what stands there, in the place of all that this relay has there, or as its end. */
type Writing = 'change' | 'whole' | 'end';

export class RelayRegistry {
  readonly #link: RedisLink;
  readonly #relay: string;
  readonly #onMembers: (room: string, change: MembersChange) => void;
  readonly #live: LiveRelays;
  readonly #own = new Map<string, Own>();
  readonly #open = new Map<string, MembersElsewhere>();
  /** Rooms where a telling has failed: with the next beat all members here are written. */
  readonly #untold = new Set<string>();
  /** Rooms whose hash is to be read again, and when, in milliseconds of `performance.now()`. */
  readonly #due = new Map<string, number>();
  /** Relays whose members were passed over since they seemed to be dead. */
  readonly #passedOver = new Set<string>();
  /** Rooms that are to be looked at, in this round of beats. */
  #round: string[] = [];
  #marks = 0;
  #isBeating = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(link: RedisLink, relay: string, onMembers: (room: string, change: MembersChange) => void) {
    this.#link = link;
    this.#relay = relay;
    this.#onMembers = onMembers;
    this.#live = new LiveRelays(relay);
  }

  /** Rejects where Redis does not serve. */
  async start(): Promise<void> {
    for (const { name, keys, lua } of MEMBER_SCRIPTS) this.#link.command.defineCommand(name, { numberOfKeys: keys, lua });
    await this.#beat();
    this.#timer = setInterval(() => this.#tick(), BEAT_MS).unref();
  }

  /** The members here leave everywhere. Best effort: of a relay that can't say so they leave when it has been silent for long enough. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    if (!this.#link.isUp) return;
    const rooms = [...this.#own];
    this.#own.clear();
    const leaving = rooms.map(([room, own]) => this.#write(room, own, { joined: [], left: [...own.members.keys()] }, 'end'));
    await Promise.allSettled([...leaving, this.#link.bounded(this.#link.command.zrem(SHARED_KEYS.relays, this.#relay))]);
  }

  /** The room is followed from now on: who is there elsewhere is told before this resolves. Rejects where the read does. */
  async opened(room: string): Promise<void> {
    const elsewhere = new MembersElsewhere(this.#relay);
    this.#open.set(room, elsewhere);
    elsewhere.beginReading();
    await this.#readInto(room, elsewhere);
  }

  closed(room: string): void {
    this.#open.delete(room);
    this.#due.delete(room);
    const own = this.#own.get(room);
    if (!own || this.#isStopped) return;
    this.#own.delete(room);
    void this.#write(room, own, { joined: [], left: [...own.members.keys()] }, 'end');
  }

  /** What came over the room's channel: `<relay> <birth> <version>`, a line end, and the news. */
  received(room: string, payload: string): void {
    const end = payload.indexOf('\n');
    const [relay = '', birth = '', version] = payload.slice(0, end).split(' ');
    this.#live.heard(relay);
    const news = JSON.parse(payload.slice(end + 1)) as MembersChange | 'whole';
    const elsewhere = this.#open.get(room);
    if (elsewhere) this.#apply(room, elsewhere, elsewhere.take({ relay, birth, version: Number(version), news }));
  }

  /** Tells the others who came and left here. */
  tell(room: string, change: MembersChange): void {
    const own = this.#own.get(room) ?? { members: new Map<string, Member>(), mark: 0 };
    for (const member of change.joined) own.members.set(member.id, member);
    for (const id of change.left) own.members.delete(id);
    if (own.members.size > 0) this.#own.set(room, own);
    else this.#own.delete(room);
    if (!this.#untold.has(room)) void this.#write(room, own, change, 'change');
  }

  /** The members that live relays count in a room, open here or not. Rejects where Redis does not serve. */
  async elsewhere(room: string): Promise<readonly Member[]> {
    const open = this.#open.get(room);
    if (open) return open.all();
    const { relays } = await this.#list(room);
    return [...new Map([...relays.values()].flatMap((members) => [...members])).values()];
  }

  /** The relays that live, this one included, as Redis knows them now. Rejects where it does not serve. */
  async liveRelays(): Promise<readonly string[]> {
    const ages = await this.#ages('');
    return [...ages].filter(([relay, age]) => relay === this.#relay || age < SILENT_MS).map(([relay]) => relay);
  }

  /** Something may have been missed in these rooms. */
  restored(rooms: Iterable<string>): void {
    for (const room of rooms) {
      void this.#check(room);
      const elsewhere = this.#open.get(room);
      if (elsewhere) this.#read(room, elsewhere);
    }
  }

  // --- beats ------------------------------------------------------------------------------------------------------------

  #tick(): void {
    if (this.#isBeating || !this.#link.isUp) return;
    this.#isBeating = true;
    this.#beat()
      .catch(() => undefined) // the next one may get through
      .finally(() => {
        this.#isBeating = false;
      });
  }

  async #beat(): Promise<void> {
    const ages = await this.#ages(this.#relay);
    if (this.#isStopped) return;
    const now = performance.now();
    const wasLate = this.#live.isLate(now);
    const { dead, come } = this.#live.beat(ages, now);
    for (const relay of dead) this.#bury(relay);
    if (come.some((relay) => this.#passedOver.has(relay))) {
      this.#passedOver.clear();
      this.restored(this.#open.keys());
    }
    // Others may have taken this relay for dead, and have removed its members.
    const doubted = wasLate ? [...this.#own.keys(), ...this.#untold] : [...this.#untold];
    for (const room of new Set(doubted)) void this.#check(room);
    for (const [room, at] of [...this.#due]) if (at <= now) this.#readDue(room);
    this.#checkSlice();
  }

  /** How long ago each relay spoke, in milliseconds; `relay` speaks with that, where it is one. */
  async #ages(relay: string): Promise<ReadonlyMap<string, number>> {
    const flat = (await this.#link.run(BEAT, [SHARED_KEYS.relays], [relay])) as readonly string[];
    return new Map(pairs(flat).map(([name, age]) => [name, Number(age)]));
  }

  #bury(relay: string): void {
    for (const [room, elsewhere] of this.#open) {
      if (!elsewhere.counts(relay)) continue;
      this.#tellHere(room, elsewhere.drop(relay));
      this.#remove(room, relay);
    }
  }

  #checkSlice(): void {
    if (this.#round.length === 0) this.#round = [...new Set([...this.#open.keys(), ...this.#own.keys()])];
    const size = Math.ceil(Math.max(this.#open.size, this.#own.size) / CHECK_BEATS);
    for (const room of this.#round.splice(0, size)) void this.#check(room);
  }

  /** Compares a room with its hash, and mends whichever lacks something. */
  async #check(room: string): Promise<void> {
    const own = this.#own.get(room);
    const mark = own ? `${own.mark}` : '';
    try {
      const args = [this.#relay, mark, KEEP_MS];
      const [birth, version, hasMark] = (await this.#link.run(CHECK_MEMBERS, [roomKeys(room).members], args)) as [
        string,
        string,
        number,
      ];
      const now = this.#own.get(room);
      this.#untold.delete(room);
      // Where something was told meanwhile, that has written another mark.
      if (hasMark === 0 && (now ? `${now.mark}` : '') === mark) await this.#writeWhole(room, now);
      const elsewhere = this.#open.get(room);
      if (elsewhere?.differs(birth, Number(version))) this.#read(room, elsewhere);
    } catch {
      // The next look may get through.
    }
  }

  // --- the members here ---------------------------------------------------------------------------------------------------

  async #writeWhole(room: string, own: Own = { members: new Map(), mark: 0 }): Promise<void> {
    await this.#write(room, own, { joined: [...own.members.values()], left: [] }, 'whole');
  }

  /** Writes to the hash, and tells the others. */
  async #write(room: string, own: Own, change: MembersChange, writing: Writing): Promise<void> {
    own.mark = ++this.#marks;
    const { members, channel } = roomKeys(room);
    const mark = this.#own.get(room) === own ? `${own.mark}` : '';
    try {
      if (!this.#link.isUp) throw new Error('Redis is away');
      await Promise.all(
        slices(change).map((part, i) => {
          const joined = part.joined.flatMap((member) => [member.id, JSON.stringify(member)]);
          const clears = i === 0 && writing !== 'change';
          const news = JSON.stringify(clears && writing === 'whole' ? 'whole' : part);
          const head = [this.#relay, channel, KEEP_MS, mark, newBirth(), news, clears ? '1' : '0', part.joined.length];
          return this.#link.run(TELL_MEMBERS, [members], [...head, ...joined, ...part.left]);
        }),
      );
    } catch {
      own.mark = ++this.#marks; // one that does not stand in the hash
      if (!this.#isStopped) this.#untold.add(room);
    }
  }

  // --- the members elsewhere -----------------------------------------------------------------------------------------------

  #readDue(room: string): void {
    this.#due.delete(room);
    const elsewhere = this.#open.get(room);
    if (elsewhere) this.#read(room, elsewhere);
  }

  #read(room: string, elsewhere: MembersElsewhere): void {
    if (!elsewhere.beginReading()) return;
    this.#readInto(room, elsewhere).catch(() => this.#due.set(room, 0)); // with the next beat that gets through
  }

  async #readInto(room: string, elsewhere: MembersElsewhere): Promise<void> {
    try {
      const list = await this.#list(room);
      if (this.#open.get(room) !== elsewhere) return;
      if (elsewhere.isNew(list) && elsewhere.size > 0) this.#due.set(room, performance.now() + YOUNG_MS); // until then all stay
      this.#apply(room, elsewhere, elsewhere.read(list));
    } catch (error) {
      elsewhere.failed();
      throw error;
    }
  }

  async #list(room: string): Promise<MembersList> {
    const [now, flat] = (await this.#link.run(LIST_MEMBERS, [roomKeys(room).members], [])) as [string, readonly string[]];
    const fields = new Map(pairs(flat));
    const relays = new Map<string, Map<string, Member>>();
    for (const [field, json] of fields) {
      const end = field.indexOf(' ');
      const relay = field.slice(0, end);
      if (end < 0 || relay === this.#relay) continue;
      if (!this.#live.has(relay)) {
        this.#passOver(room, relay);
        continue;
      }
      const members = relays.get(relay) ?? new Map<string, Member>();
      relays.set(relay, members.set(field.slice(end + 1), JSON.parse(json) as Member));
    }
    const born = fields.get('born');
    const isYoung = born === undefined || Number(now) - Number(born) < YOUNG_MS;
    return { birth: fields.get('birth') ?? '', version: Number(fields.get('version') ?? '0'), relays, isYoung };
  }

  #passOver(room: string, relay: string): void {
    this.#passedOver.add(relay);
    if (this.#live.isLongGone(relay, performance.now())) this.#remove(room, relay);
  }

  #remove(room: string, relay: string): void {
    this.#link.run(BURY_MEMBERS, [roomKeys(room).members], [relay]).catch(() => undefined); // the hash ends by itself
  }

  #apply(room: string, elsewhere: MembersElsewhere, { changes, read }: MembersStep): void {
    this.#tellHere(room, changes);
    if (read) this.#read(room, elsewhere);
  }

  #tellHere(room: string, changes: readonly MembersChange[]): void {
    for (const change of changes) this.#onMembers(room, change);
  }
}

/** At least one part, none with more members than one script should take. */
function slices({ joined, left }: MembersChange): readonly MembersChange[] {
  const parts: MembersChange[] = [];
  for (let i = 0; i === 0 || i < Math.max(joined.length, left.length); i += MAX_TOLD) {
    parts.push({ joined: joined.slice(i, i + MAX_TOLD), left: left.slice(i, i + MAX_TOLD) });
  }
  return parts;
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? ''] as const] : []));
}

function newBirth(): string {
  return randomBytes(6).toString('base64url');
}
