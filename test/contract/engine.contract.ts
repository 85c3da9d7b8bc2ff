// What every engine promises (relay/src/engine/engine.ts), as tests. An engine that is added later runs the same suite.

import type { EventBody, Member } from '@chat-room/sdk/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Draft, Engine, Feed, Page, PageQuery, PublishOutcome, StoredEvent } from '../../relay/src/engine/engine.ts';
import { EngineError } from '../../relay/src/engine/engine.ts';
import { textOf } from '../../relay/src/engine/stored-event.ts';
import { Condition } from '../support/condition.ts';
import { feedOf } from '../support/feed.ts';
import { moderationContract } from './moderation.contract.ts';

/** One store, which may be opened and closed again and again. */
export interface EngineRig {
  open(options?: { readonly maxEvents?: number; readonly maxAgeMs?: number }): Promise<Engine>;
  /** The clock of engines opened from here. */
  now: number;
  /** Removes what the store left behind. */
  dispose(): Promise<void>;
}

const ADA: Member = { id: 'ada', name: 'Ada' };
const BOB: Member = { id: 'bob', name: 'Bob' };
const text = (said: string): EventBody => ({ type: 'message', text: said });

export function draft(key: string, body: EventBody, from = ADA, epoch?: string): Draft {
  return { from, key, body, moderator: false, ...(epoch !== undefined && { epoch }) };
}

type Stored = Extract<PublishOutcome, { readonly ok: true }>;

async function stored(outcome: Promise<PublishOutcome>): Promise<Stored> {
  const result = await outcome;
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.detail ?? ''}`);
  return result;
}

const offsets = (page: Page): number[] => page.events.map((event) => event.offset);
const run = (first: number, last: number): number[] => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

/** A feed that notes what it was fed: an acknowledgement may come before it or after it. */
class Follower {
  readonly offsets: number[] = [];
  readonly feed: Feed;
  readonly #condition = new Condition();

  constructor(heed: Feed['events'] = () => undefined) {
    this.feed = feedOf({
      events: (events, start) => {
        heed(events, start);
        this.offsets.push(...events.map(({ offset }) => offset));
        this.#condition.changed();
      },
    });
  }

  /** Resolves once the event at an offset was fed. */
  reaches(offset: number): Promise<number> {
    return this.#condition.until(() => this.offsets.find((fed) => fed === offset));
  }
}

export function engineContract(name: string, createRig: () => EngineRig): void {
  moderationContract(name, createRig);
  describe(`engine contract: ${name}`, () => {
    let rig: EngineRig;
    let engine: Engine;
    const start = async (options?: Parameters<EngineRig['open']>[0]): Promise<void> => {
      rig = createRig();
      engine = await rig.open(options);
    };
    const reopen = async (options?: Parameters<EngineRig['open']>[0]): Promise<void> => {
      await engine.close();
      engine = await rig.open(options);
    };
    const say = (room: string, key: string, said: string): Promise<Stored> =>
      stored(engine.publish(room, draft(key, text(said))));
    const sayMany = (room: string, first: number, last: number): Promise<Stored[]> =>
      Promise.all(run(first, last).map((i) => say(room, `k${i}`, `m${i}`)));
    afterEach(async () => {
      await engine.close();
      await rig.dispose();
    });

    test('[EVT2] [PUB7] offsets rise by 1 from 1, per room, in the order of the calls', async () => {
      await start();
      const [a, b] = await Promise.all([sayMany('a', 1, 300), sayMany('b', 1, 3)]);
      expect(a.map((outcome) => outcome.position.offset)).toEqual(run(1, 300));
      expect(b.map((outcome) => outcome.position.offset)).toEqual([1, 2, 3]);
    });

    test('[PUB1] [JOI1] the feed brings each event once, in order, continuing the page that opening gave', async () => {
      await start();
      await sayMany('a', 1, 5);
      const follower = new Follower();
      const page = await engine.open('a', follower.feed, 3);
      expect(offsets(page)).toEqual([3, 4, 5]);
      expect(page.position.offset).toBe(5);
      await sayMany('a', 6, 80);
      await follower.reaches(80);
      expect(follower.offsets).toEqual(run(6, 80));
      engine.release('a');
      await sayMany('a', 81, 82);
      expect(follower.offsets).toEqual(run(6, 80));
    });

    test('[PUB1] what is fed can be read at that moment, and opening twice is an error', async () => {
      await start();
      const reads: Promise<Page>[] = [];
      const follower = new Follower(([first]) =>
        reads.push(engine.read('a', { from: 'after', offset: (first as StoredEvent).offset - 1, limit: 1 })),
      );
      await engine.open('a', follower.feed, 1);
      await sayMany('a', 1, 3);
      await follower.reaches(3);
      for (const read of reads) expect((await read).events).toHaveLength(1);
      await expect(engine.open('a', feedOf(), 1)).rejects.toThrow('open already');
    });

    test('[PUB3] one key stores once: in one turn, later, and after a restart', async () => {
      await start();
      const [first, twin] = await Promise.all([say('a', 'k', 'hello'), say('a', 'k', 'hello')]);
      expect(twin).toEqual(first);
      expect(await say('a', 'k', 'hello')).toEqual(first);
      await reopen();
      expect(await say('a', 'k', 'hello')).toEqual(first);
      expect((await engine.read('a', { from: 'end', limit: 10 })).events).toHaveLength(1);
    });

    test('[PUB3] a key holds for ten minutes, over events that came after it and a restart', async () => {
      await start();
      const first = await say('a', 'k', 'hello');
      rig.now += 5 * 60_000;
      await sayMany('a', 1, 200);
      rig.now += 5 * 60_000 - 1;
      await sayMany('a', 201, 300);
      expect(await say('a', 'k', 'hello')).toEqual(first);
      await reopen();
      expect(await say('a', 'k', 'hello')).toEqual(first);
    });

    test('[PUB3] [PUB4] keys are per member and room, and stand for one event', async () => {
      await start();
      await say('a', 'k', 'hello');
      expect(await engine.publish('a', draft('k', text('hello'), BOB))).toMatchObject({ ok: true, position: { offset: 2 } });
      expect(await engine.publish('b', draft('k', text('other')))).toMatchObject({ ok: true, position: { offset: 1 } });
      expect(await engine.publish('a', draft('k', text('other')))).toMatchObject({ ok: false, code: 'key_reused' });
      await reopen();
      expect(await engine.publish('a', draft('k', text('other')))).toMatchObject({ ok: false, code: 'key_reused' });
    });

    test('[PUB3] where a hook changed the event, the key alone says that it is the same', async () => {
      await start();
      const first = await say('a', 'k', 'hello');
      for (let again = 0; again < 2; again++) {
        const changed = engine.publish('a', { ...draft('k', text('changed otherwise')), changed: true });
        expect(await stored(changed)).toEqual(first);
        await reopen();
      }
    });

    test('[P2] [JOI4] a restart keeps events, epoch and offsets', async () => {
      await start();
      const [before] = await sayMany('a', 1, 130);
      const page = await engine.read('a', { from: 'after', offset: 0, limit: 200 });
      await reopen();
      expect(await engine.read('a', { from: 'after', offset: 0, limit: 200 })).toEqual(page);
      expect(await say('a', 'next', 'on')).toMatchObject({ position: { epoch: before?.position.epoch, offset: 131 } });
    });

    test('[HIS1] a page is the slice of the log that was asked for, wherever the store cuts it', async () => {
      await start();
      await sayMany('a', 1, 100);
      await reopen();
      await sayMany('a', 101, 150);
      const query: fc.Arbitrary<PageQuery> = fc.record({
        from: fc.constantFrom('before' as const, 'after' as const, 'end' as const),
        offset: fc.nat(170),
        limit: fc.nat(200),
      });
      await fc.assert(
        fc.asyncProperty(query, async (asked) => {
          const page = await engine.read('a', asked);
          expect(offsets(page)).toEqual(sliceOf(asked, 150));
          expect(page).toMatchObject({ start: 1, position: { offset: 150 } });
        }),
        { numRuns: 200 },
      );
    });

    test('[EVT5] a deletion redacts the message and its edits, wherever they stand, for good', async () => {
      await start();
      const act = (key: string, body: EventBody, epoch: string): Promise<Stored> =>
        stored(engine.publish('a', draft(key, body, ADA, epoch)));
      const { position } = await say('a', 'old', 'secret 1');
      await act('edit-old', { type: 'edit', target: 1, text: 'secret 2' }, position.epoch);
      await sayMany('a', 3, 70);
      await reopen(); // what came so far is in the store's long-term form
      await act('edit-new', { type: 'edit', target: 1, text: 'secret 3' }, position.epoch);
      const reading = engine.read('a', { from: 'after', offset: 0, limit: 1 });
      expect((await reading).events[0]?.json).toContain('secret 1');
      await act('delete', { type: 'delete', target: 1 }, position.epoch);
      for (let again = 0; again < 2; again++) {
        const [first, second, ...rest] = (await engine.read('a', { from: 'after', offset: 0, limit: 200 })).events;
        expect([first?.type, second?.type, rest.at(-2)?.type, rest.at(-1)?.type]).toEqual([
          'redacted',
          'redacted',
          'redacted',
          'delete',
        ]);
        expect(JSON.stringify([first, second, ...rest])).not.toContain('secret');
        await reopen();
      }
    });

    test('[EVT5] [PUB6] a deletion in the same turn as an edit of the message leaves nothing of either', async () => {
      await start();
      const { position } = await say('a', 'k', 'secret 1');
      const edit = engine.publish('a', draft('e1', { type: 'edit', target: 1, text: 'secret 2' }, ADA, position.epoch));
      const remove = engine.publish('a', draft('d', { type: 'delete', target: 1 }, ADA, position.epoch));
      const late = engine.publish('a', draft('e2', { type: 'edit', target: 1, text: 'secret 3' }, ADA, position.epoch));
      expect([(await edit).ok, (await remove).ok]).toEqual([true, true]);
      expect(await late).toMatchObject({ ok: false, code: 'not_found' });
      for (let again = 0; again < 2; again++) {
        expect(JSON.stringify(await engine.read('a', { from: 'end', limit: 10 }))).not.toContain('secret');
        await reopen();
      }
    });

    test('[PUB5] [PUB6] what refers to another event is checked against it', async () => {
      await start();
      const { position } = await say('a', 'k', 'hello');
      const act = (key: string, body: EventBody, from: Member, epoch = position.epoch): Promise<PublishOutcome> =>
        engine.publish('a', { ...draft(key, body, from, epoch), moderator: from.id === 'mod' });
      expect(await act('1', { type: 'edit', target: 1, text: 'x' }, BOB)).toMatchObject({ code: 'forbidden' });
      expect(await act('2', { type: 'delete', target: 1 }, BOB)).toMatchObject({ code: 'forbidden' });
      expect(await act('3', { type: 'reaction', target: 2, reaction: '👍', action: 'add' }, BOB)).toMatchObject({
        code: 'not_found',
      });
      expect(await act('4', { type: 'message', text: 're', replyTo: 7 }, BOB)).toMatchObject({ code: 'not_found' });
      expect(await act('5', { type: 'message', text: 're', replyTo: 1 }, BOB, 'other')).toMatchObject({ code: 'epoch_changed' });
      expect(await act('6', { type: 'message', text: 're', replyTo: 1 }, BOB)).toMatchObject({
        ok: true,
        position: { offset: 2 },
      });
      expect(await act('7', { type: 'delete', target: 1 }, { id: 'mod', name: 'M' })).toMatchObject({
        ok: true,
        position: { offset: 3 },
      });
      expect(await act('8', { type: 'reaction', target: 1, reaction: '👍', action: 'add' }, BOB)).toMatchObject({
        code: 'not_found',
      });
    });

    test('[JOI5] a log keeps so many events, and says where it begins', async () => {
      await start({ maxEvents: 50 });
      const starts: number[] = [];
      const follower = new Follower((_, lowest) => starts.push(lowest));
      await engine.open('a', follower.feed, 1);
      await sayMany('a', 1, 120);
      await follower.reaches(120);
      expect(starts.at(-1)).toBe(71);
      for (let again = 0; again < 2; again++) {
        const page = await engine.read('a', { from: 'after', offset: 0, limit: 200 });
        expect([page.start, offsets(page)]).toEqual([71, run(71, 120)]);
        expect(offsets(await engine.read('a', { from: 'before', offset: 75, limit: 200 }))).toEqual(run(71, 74));
        await reopen({ maxEvents: 50 });
      }
    });

    test('rooms that have a log can be listed, page by page, each once', async () => {
      await start();
      const names = run(1, 25).map((i) => `room-${i}`);
      await Promise.all(names.map((room) => say(room, 'k', 'hello')));
      const listed: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await engine.rooms(after, 10);
        expect(page.rooms.length).toBeLessThanOrEqual(10);
        for (const { room, position } of page.rooms) {
          expect(position.offset).toBe(1);
          listed.push(room);
        }
        after = page.next;
        more = after !== undefined;
      }
      expect(listed.toSorted()).toEqual(names.toSorted());
    });

    test('[EPH4] read positions are kept', async () => {
      await start();
      engine.keepReads('a', { ada: 3, bob: 5 });
      engine.keepReads('a', { ada: 4 });
      await engine.probe();
      await reopen();
      expect(await engine.reads('a', ['ada', 'bob', 'nobody'])).toEqual({ ada: 4, bob: 5 });
      expect(await engine.reads('b', ['ada'])).toEqual({});
    });

    test('[DRN1] [DRN3] closing stores what was handed over, and refuses what comes later', async () => {
      await start();
      const underWay = sayMany('a', 1, 500);
      await engine.close();
      expect((await underWay).map((outcome) => outcome.position.offset)).toEqual(run(1, 500));
      expect(await engine.publish('a', draft('late', text('late')))).toMatchObject({ ok: false, code: 'draining' });
      await expect(engine.read('a', { from: 'end', limit: 1 })).rejects.toThrow(EngineError);
      await expect(engine.probe()).rejects.toThrow(EngineError);
      engine = await rig.open();
      expect(await engine.read('a', { from: 'end', limit: 1 })).toMatchObject({ position: { offset: 500 } });
    });

    test('[PUB3] [EVT2] any sequence of publishes, repeats and restarts stores each key once, in the order of first use', async () => {
      await start();
      const action = fc.oneof({ weight: 8, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.constant('restart' as const) });
      let rooms = 0;
      const play = async (room: string, actions: readonly (number | 'restart')[]): Promise<[key: number, outcome: Stored][]> => {
        const outcomes: [number, Promise<Stored>][] = [];
        for (const each of actions) {
          if (each === 'restart') await reopen();
          else outcomes.push([each, say(room, `k${each}`, `m${each}`)]);
        }
        return Promise.all(outcomes.map(async ([key, outcome]) => [key, await outcome]));
      };
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 60 }), async (actions) => {
          const room = `room-${++rooms}`;
          const outcomes = await play(room, actions);
          const keys = [...new Set(outcomes.map(([key]) => key))];
          for (const [key, outcome] of outcomes) expect(outcome.position.offset).toBe(keys.indexOf(key) + 1);
          const page = await engine.read(room, { from: 'after', offset: 0, limit: 200 });
          expect(page.events.map((event) => textOf(event.json))).toEqual(keys.map((key) => `m${key}`));
        }),
        { numRuns: 40 },
      );
    });
  });
}

function sliceOf(query: PageQuery, top: number): number[] {
  if (query.from === 'after') return run(query.offset + 1, Math.min(top, query.offset + query.limit));
  const last = query.from === 'before' ? Math.min(top, query.offset - 1) : top;
  return run(Math.max(1, last - query.limit + 1), last);
}
