// The follower of a room against a Redis that trims, fails over and is emptied, over a channel that loses and delays: the
// order in which publishes, pushes and reads cross each other is fast-check's choice.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Page, StoredEvent } from '../../relay/src/engine/engine.ts';
import type { Published, Step } from '../../relay/src/engine/redis/room-follower.ts';
import { RoomFollower } from '../../relay/src/engine/redis/room-follower.ts';

type Query = 'end' | number;

const PAGE = 3;

/** The log as Redis has it. */
class Log {
  epoch = 'epoch-0';
  top = 0;
  start = 1;
  #events = new Map<number, StoredEvent>();
  #stored = 0;

  publish(): Published {
    const offset = ++this.top;
    const json = `${this.epoch}/${offset}/${++this.#stored}`;
    const event = { offset, at: this.#stored, type: 'message', author: 'ada', json, bytes: json.length };
    this.#events.set(offset, event);
    return { epoch: this.epoch, start: this.start, event };
  }

  read(query: Query): Page {
    const all = [...this.#events.values()].filter(({ offset }) => offset >= this.start && offset <= this.top);
    const events = query === 'end' ? all.slice(-PAGE) : all.filter(({ offset }) => offset > query).slice(0, PAGE);
    return { position: { epoch: this.epoch, offset: this.top }, start: this.start, events };
  }

  trim(keep: number): void {
    this.start = Math.max(this.start, this.top - keep + 1);
  }

  /** Redis has lost its last events, and does not know it. */
  lose(count: number): void {
    this.top = Math.max(0, this.top - count);
    this.start = Math.min(this.start, this.top + 1);
    for (const offset of [...this.#events.keys()]) if (offset > this.top) this.#events.delete(offset);
  }

  /** What the script does: a relay has seen what is no longer there. */
  verify(epoch: string, top: number, last: StoredEvent | undefined): void {
    const isOther = last !== undefined && top >= this.start && this.at(top) !== last.json;
    if (epoch === this.epoch && (top > this.top || isOther)) this.epoch = `epoch-${++this.#stored}`;
  }

  at(offset: number): string | undefined {
    return this.#events.get(offset)?.json;
  }
}

/** The follower with what stands around it: one read at a time, asked, done by Redis, and answered, each at a moment of its own. */
class World {
  readonly log = new Log();
  readonly follower = new RoomFollower(4);
  /** What was fed since the last reset, after the events of the page it began with. */
  fed: StoredEvent[] = [];
  began: { readonly epoch: string; readonly offset: number } | undefined;
  #pushes: Published[] = [];
  #isConnected = true;
  #query: Query | undefined = 'end';
  #page: Page | undefined;

  publish(): void {
    const published = this.log.publish();
    if (this.#isConnected) this.#pushes.push(published);
  }

  /** The channel is lost, with what was on its way, and perhaps since Redis was restarted without its last events. */
  cut(lost: number): void {
    this.#isConnected = false;
    this.#pushes = [];
    this.follower.interrupted();
    this.log.lose(lost);
  }

  reconnect(): void {
    this.#isConnected = true;
  }

  deliver(): void {
    const push = this.#pushes.shift();
    if (push) this.#apply(this.follower.take(push));
  }

  drop(): void {
    this.#pushes.splice(0, 5);
  }

  /** Redis does what was asked of it. */
  execute(): void {
    const query = this.#query;
    if (query === undefined || this.#page) return;
    if (query !== 'end') this.#verify();
    this.#page = this.log.read(query);
  }

  answer(): void {
    const page = this.#page;
    if (!page) return;
    const query = this.#query;
    this.#page = this.#query = undefined;
    if (query === 'end') {
      this.began = page.position;
      this.fed = [];
      this.#apply(this.follower.begin(page));
      return;
    }
    const repair = this.follower.repaired(page);
    if (repair.reset) this.#query = 'end';
    else this.#apply(repair);
  }

  fail(): void {
    if (this.#query === undefined || this.#query === 'end') return;
    this.#page = this.#query = undefined;
    this.follower.failed();
  }

  audit(): void {
    const { follower, log } = this;
    if (follower.isReading) return;
    this.#verify();
    const isBehind = log.epoch !== follower.epoch || log.top > follower.top;
    if (isBehind && follower.doubt()) this.#query = follower.top;
  }

  get isReading(): boolean {
    return this.#query !== undefined;
  }

  settle(): void {
    while (this.#pushes.length > 0 || this.isReading) {
      this.deliver();
      this.execute();
      this.answer();
    }
  }

  #verify(): void {
    const { epoch, top, last } = this.follower;
    this.log.verify(epoch, top, last?.offset === top ? last : undefined);
  }

  #apply({ events, read }: Step): void {
    this.fed.push(...events);
    if (read) this.#query = this.follower.top;
  }
}

const moves = {
  publish: (world: World) => world.publish(),
  deliver: (world: World) => world.deliver(),
  drop: (world: World) => world.drop(),
  execute: (world: World) => world.execute(),
  answer: (world: World) => world.answer(),
  fail: (world: World) => world.fail(),
  audit: (world: World) => world.audit(),
  trim: (world: World) => world.log.trim(3),
  cut: (world: World) => world.cut(0),
  lose: (world: World) => world.cut(2),
  reconnect: (world: World) => world.reconnect(),
};
type Move = keyof typeof moves;

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Move>('publish', 'deliver') },
  { weight: 4, arbitrary: fc.constantFrom<Move>('execute', 'answer', 'reconnect') },
  { weight: 1, arbitrary: fc.constantFrom<Move>('drop', 'fail', 'audit', 'trim', 'cut', 'lose') },
);

test('[P1] [P4] what is fed is the log, in order and without a gap, and an audit finds what nothing told of', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 150, size: 'max' }), (script) => {
      const world = new World();
      for (const move of script) {
        moves[move](world);
        expectNoGap(world);
      }
      world.reconnect();
      world.settle();
      world.audit(); // the last push may have been lost
      world.settle();
      expectNoGap(world);
      const kept = world.fed.filter(({ offset }) => offset >= world.log.start);
      expect(kept.map(({ json }) => json)).toEqual(kept.map(({ offset }) => world.log.at(offset)));
      expect({ epoch: world.follower.epoch, offset: world.follower.top, isReading: world.isReading }).toEqual({
        epoch: world.log.epoch,
        offset: world.log.top,
        isReading: false,
      });
    }),
    { numRuns: 2_000 },
  );
});

function expectNoGap({ fed, began }: World): void {
  const first = (began?.offset ?? 0) + 1;
  const wrong = fed.find(({ offset }, i) => offset !== first + i);
  if (wrong) expect(fed.map(({ offset }) => offset)).toEqual(fed.map((_, i) => first + i));
}
