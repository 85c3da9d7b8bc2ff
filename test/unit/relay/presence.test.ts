import type { Member } from '@chat-room/sdk/protocol';
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

test('[PRE2] [PRE3] whoever follows snapshots and changes holds the truth after each telling, whenever they joined', () => {
  const action = fc.record({ kind: fc.constantFrom('add', 'remove', 'tell', 'join'), id: fc.constantFrom('a', 'b', 'c', 'd') });
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
      };
      for (const { kind, id } of actions) steps[kind](id);
      tell();
      for (const { held } of watchers) expect([...held].sort()).toEqual(ids(presence.snapshot().members));
    }),
    { numRuns: 500 },
  );
});
