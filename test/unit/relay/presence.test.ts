import type { Member, Presence } from '@chat-room/sdk/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RoomPresence } from '../../../relay/src/room/presence.ts';

const member = (id: string, name = id): Member => ({ id, name });
const ids = (members: readonly Member[]): string[] => members.map(({ id }) => id).sort();

test('[PRE2] a member with three connections is one, and leaves with the last', () => {
  const presence = new RoomPresence();
  for (let i = 0; i < 3; i++) presence.add(member('ada'));
  expect(presence.size).toBe(1);
  expect([presence.remove('ada'), presence.remove('ada'), presence.remove('ada'), presence.remove('ada')]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(presence.size).toBe(0);
});

test('[PRE3] each change raises the version by 1, and there is none where nothing changed', () => {
  const presence = new RoomPresence();
  expect(presence.takeNews()).toBeUndefined();
  presence.add(member('ada'));
  presence.add(member('bob'));
  expect(presence.takeNews()).toEqual({ kind: 'change', version: 1, joined: [member('ada'), member('bob')], left: [] });
  presence.remove('ada');
  presence.add(member('ada', 'Ada L.'));
  expect(presence.takeNews()).toEqual({ kind: 'change', version: 2, joined: [member('ada', 'Ada L.')], left: [] });
  expect(presence.takeNews()).toBeUndefined();
});

test('[PRE1] [PRE4] up to 200 the whole list; past that a count and a sample, told to everyone at each crossing', () => {
  const presence = new RoomPresence();
  for (let i = 0; i < 200; i++) presence.add(member(`m${i}`));
  expect(presence.takeNews()?.kind).toBe('change');
  expect(presence.snapshot()).toMatchObject({ scope: 'all', version: 1 });
  expect(presence.snapshot().members).toHaveLength(200);
  presence.add(member('m200'));
  const grown = presence.takeNews();
  expect(grown).toMatchObject({ kind: 'snapshot', presence: { scope: 'sample', count: 201, version: 2 } });
  expect(presence.snapshot().members).toHaveLength(20);
  presence.add(member('m201'));
  expect(presence.takeNews()).toMatchObject({ kind: 'snapshot', presence: { scope: 'sample', count: 202 } });
  for (const id of ['m0', 'm1', 'm2']) presence.remove(id);
  expect(presence.takeNews()).toMatchObject({ kind: 'snapshot', presence: { scope: 'all' } });
  presence.remove('m3');
  expect(presence.takeNews()?.kind).toBe('change');
});

test('[PRE1] what is encoded for those who enter between two tellings is as good as the state', () => {
  const presence = new RoomPresence();
  for (let i = 0; i < 199; i++) presence.add(member(`m${i}`));
  const enter = (id: string): Presence => {
    presence.add(member(id));
    return JSON.parse(presence.encodedFor(member(id))) as Presence;
  };
  expect(enter('m199').members).toHaveLength(200);
  expect(enter('m200')).toMatchObject({ scope: 'sample', count: 201 });
  expect(enter('m201')).toMatchObject({ scope: 'sample', count: 201 }); // the same text: the next telling has the new count
  expect(presence.takeNews()).toMatchObject({ kind: 'snapshot', presence: { count: 202 } });
  expect(enter('m202')).toMatchObject({ scope: 'sample', count: 203, version: 1 });
  presence.remove('m201');
  presence.remove('m202');
  presence.remove('m0');
  presence.remove('m1');
  expect(enter('m1')).toMatchObject({ scope: 'all', version: 1 });
  const [renamed] = enter('m1').members.filter(({ id }) => id === 'm1');
  expect(renamed).toEqual(member('m1'));
  presence.add(member('m1', 'Ada L.'));
  const all = JSON.parse(presence.encodedFor(member('m1', 'Ada L.'))) as Presence;
  expect(all.members.filter(({ id }) => id === 'm1')).toEqual([member('m1', 'Ada L.')]);
});

test('[PRE2] [PRE3] whoever follows snapshots and changes holds the truth after each telling, whenever they joined', () => {
  const action = fc.record({
    kind: fc.constantFrom('add', 'remove', 'tell', 'join', 'enter'),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const presence = new RoomPresence();
      const watchers: { version: number; held: Set<string> }[] = [];
      const tell = (): void => {
        const news = presence.takeNews();
        if (news?.kind !== 'change') return;
        for (const watcher of watchers) {
          expect(news.version).toBe(watcher.version + 1);
          watcher.version = news.version;
          for (const { id } of news.joined) watcher.held.add(id);
          for (const id of news.left) watcher.held.delete(id);
        }
      };
      const steps = {
        add: (id: string) => presence.add(member(id)),
        remove: (id: string) => presence.remove(id),
        tell,
        join: () => {
          const { version, members } = presence.snapshot();
          watchers.push({ version, held: new Set(ids(members)) });
        },
        enter: (id: string) => {
          presence.add(member(id));
          const { version, members } = JSON.parse(presence.encodedFor(member(id))) as Presence;
          expect(ids(members)).toContain(id);
          expect(new Set(ids(members)).size).toBe(members.length);
          watchers.push({ version, held: new Set(ids(members)) });
        },
      };
      for (const { kind, id } of actions) steps[kind](id);
      tell();
      for (const { held } of watchers) expect([...held].sort()).toEqual(ids(presence.snapshot().members));
    }),
    { numRuns: 500 },
  );
});

test('[PRE2] a member on this relay and on another is one, and leaves with the last of both', () => {
  const presence = new RoomPresence();
  expect(presence.add(member('ada'))).toBe(true);
  presence.addElsewhere({ joined: [member('ada'), member('bob')], left: [] });
  presence.addElsewhere({ joined: [member('bob')], left: [] }); // a third relay
  expect(presence.add(member('bob'))).toBe(false);
  expect([presence.remove('ada'), presence.remove('bob')]).toEqual([false, false]);
  presence.addElsewhere({ joined: [], left: ['bob', 'nobody'] });
  expect(ids(presence.all())).toEqual(['ada', 'bob']);
  presence.addElsewhere({ joined: [], left: ['bob', 'ada'] });
  expect(presence.size).toBe(0);
});

test('[PRE2] other relays are told of the first and the last connection of a member here, and of a new name', () => {
  const presence = new RoomPresence();
  presence.addElsewhere({ joined: [member('bob')], left: [] });
  for (let i = 0; i < 2; i++) presence.add(member('ada'));
  presence.add(member('bob'));
  expect(presence.takeNewsHere()).toEqual({ joined: [member('ada'), member('bob')], left: [] });
  presence.remove('ada');
  expect(presence.takeNewsHere()).toBeUndefined();
  presence.remove('ada');
  presence.remove('bob');
  presence.add(member('bob', 'Bob B.'));
  expect(presence.takeNewsHere()).toEqual({ joined: [member('bob', 'Bob B.')], left: ['ada'] });
});

/** Three relays with one room, and how many connections each member has on each. */
class Relays {
  readonly presences = [new RoomPresence(), new RoomPresence(), new RoomPresence()] as const;
  readonly #connections = new Map<string, number>();

  step(at: number, id: string, kind: 'add' | 'remove' | 'tell'): void {
    const presence = this.presences[at] as RoomPresence;
    if (kind === 'tell') {
      this.tell(at);
      return;
    }
    const key = `${at}${id}`;
    const count = this.#connections.get(key) ?? 0;
    if (kind === 'add') presence.add(member(id));
    else presence.remove(id); // of nobody, now and then
    this.#connections.set(key, Math.max(0, count + (kind === 'add' ? 1 : -1)));
  }

  tell(at: number): void {
    const news = this.presences[at]?.takeNewsHere();
    if (news) for (const [i, other] of this.presences.entries()) if (i !== at) other.addElsewhere(news);
  }

  present(id: string): boolean {
    return [0, 1, 2].some((at) => (this.#connections.get(`${at}${id}`) ?? 0) > 0);
  }
}

test('[PRE2] [PRE3] whatever comes and goes on three relays, each presence ends up as the union of all', () => {
  const step = fc.record({
    at: fc.nat(2),
    id: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('add' as const, 'remove' as const, 'tell' as const),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const relays = new Relays();
      for (const { at, id, kind } of steps) relays.step(at, id, kind);
      for (const at of [0, 1, 2]) relays.tell(at);
      const present = ['a', 'b'].filter((id) => relays.present(id));
      for (const presence of relays.presences) expect(ids(presence.all())).toEqual(present);
    }),
    { numRuns: 1_000 },
  );
});
