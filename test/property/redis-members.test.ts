// The members that other relays count in a room, against relays that come, go and die, over a channel that loses and delays,
// on a Redis that may forget the list.

import type { Member } from '@chat-room/sdk/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MembersChange } from '../../relay/src/engine/engine.ts';
import type { MembersList, MembersStep, Told } from '../../relay/src/engine/redis/members-elsewhere.ts';
import { MembersElsewhere } from '../../relay/src/engine/redis/members-elsewhere.ts';

const OWN = 'here';
const RELAYS = [OWN, 'there', 'elsewhere'] as const;
type Relay = (typeof RELAYS)[number];

/** The relays, the list in Redis, and one relay that follows both. */
class World {
  readonly followed = new MembersElsewhere(OWN);
  /** Who is where, in truth. */
  readonly truth = new Map<Relay, Map<string, Member>>(RELAYS.map((relay) => [relay, new Map()]));
  /** Member id → on how many relays, as a room counts them. */
  readonly room = new Map<string, number>();
  #births = 0;
  #list = this.#newList();
  #told: Told[] = [];
  #isReading = true;
  #read: MembersList | undefined;
  /** True where a list was new, and is to be read again later. */
  #isDue = false;

  constructor() {
    this.followed.beginReading();
  }

  come(relay: Relay, id: string, name: string): void {
    this.truth.get(relay)?.set(id, { id, name });
    this.#tell(relay, { joined: [{ id, name }], left: [] });
  }

  go(relay: Relay, id: string): void {
    if (this.truth.get(relay)?.delete(id)) this.#tell(relay, { joined: [], left: [id] });
  }

  deliver(): void {
    const told = this.#told.shift();
    if (told) this.#apply(this.followed.take(told));
  }

  drop(): void {
    this.#told.shift();
  }

  /** Redis does the read that was asked. */
  execute(): void {
    if (!this.#isReading || this.#read) return;
    const relays = new Map(
      [...this.#list.relays].filter(([relay]) => relay !== OWN).map(([relay, members]) => [relay, new Map(members)]),
    );
    this.#read = { ...this.#list, relays };
  }

  answer(): void {
    const list = this.#read;
    if (!list) return;
    this.#read = undefined;
    this.#isReading = false;
    this.#isDue ||= this.followed.isNew(list);
    this.#apply(this.followed.read(list));
  }

  fail(): void {
    if (!this.#isReading) return;
    this.#read = undefined;
    this.#isReading = false;
    this.followed.failed();
  }

  look(): void {
    if (this.#isDue || this.followed.differs(this.#list.birth, this.#list.version)) this.#beginReading();
    this.#isDue = false;
  }

  /** Redis has forgotten the list; each relay writes its members anew when it finds that. */
  forget(): void {
    this.#list = this.#newList();
    for (const relay of RELAYS) this.#tell(relay, 'whole');
  }

  settle(): void {
    this.#list = { ...this.#list, isYoung: false };
    while (this.#told.length > 0 || this.#isReading) {
      this.deliver();
      this.execute();
      this.answer();
    }
  }

  #newList(): MembersList {
    return { birth: `birth-${++this.#births}`, version: 0, relays: new Map(), isYoung: this.#births > 1 };
  }

  #tell(relay: Relay, news: MembersChange | 'whole'): void {
    const version = this.#list.version + 1;
    this.#list = { ...this.#list, version, relays: new Map([...this.#list.relays, [relay, new Map(this.truth.get(relay))]]) };
    this.#told.push({ relay, birth: this.#list.birth, version, news });
  }

  #apply({ changes, read }: MembersStep): void {
    for (const { joined, left } of changes) {
      for (const id of left) this.#count(id, -1);
      for (const { id } of joined) this.#count(id, 1);
    }
    if (read) this.#beginReading();
  }

  #count(id: string, by: number): void {
    const count = (this.room.get(id) ?? 0) + by;
    if (count < 0) throw new Error(`${id} leaves and was not there`);
    this.room.set(id, count);
  }

  #beginReading(): void {
    if (this.followed.beginReading()) this.#isReading = true;
  }
}

type Move = (world: World) => void;
const member = fc.constantFrom('ada', 'bob', 'cleo');
const relay = fc.constantFrom(...RELAYS);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.tuple(relay, member, fc.constantFrom('A', 'B')).map(
    ([at, id, name]): Move =>
      (world) =>
        world.come(at, id, name),
  ),
  fc.tuple(relay, member).map(
    ([at, id]): Move =>
      (world) =>
        world.go(at, id),
  ),
  fc.constantFrom<Move[]>(
    (world) => world.deliver(),
    (world) => world.deliver(),
    (world) => world.execute(),
    (world) => world.answer(),
    (world) => world.look(),
    (world) => world.drop(),
    (world) => world.fail(),
    (world) => world.forget(),
  ),
);

test('[PRE2] a room counts each member once for each other relay they are on, whatever was lost on the way', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80, size: 'max' }), (moves) => {
      const world = new World();
      for (const make of moves) make(world);
      world.settle();
      world.look(); // the last telling may have been lost
      world.settle();
      const others = RELAYS.filter((each) => each !== OWN).flatMap((each) => [...(world.truth.get(each)?.values() ?? [])]);
      const counted = [...world.room].flatMap(([id, count]) => Array.from({ length: count }, () => id));
      expect(counted.toSorted()).toEqual(others.map(({ id }) => id).toSorted());
      expect(world.followed.size).toBe(others.length);
    }),
    { numRuns: 2_000 },
  );
});
