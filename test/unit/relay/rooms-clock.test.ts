// What lasts is measured by a clock that nobody sets.

import type { Push } from '@chat-room/sdk/protocol';
import { expect, test } from 'vitest';
import { openMemoryEngine } from '../../../relay/src/engine/memory-engine.ts';
import { Rooms } from '../../../relay/src/room/rooms.ts';

const DAY_MS = 86_400_000;

test("[PRE3] [PRE5] who comes is told of, and an idle room let go, also when the system's clock was set back a day", async () => {
  const ignore = (): void => undefined;
  const observer = { delivered: ignore, joined: ignore, left: ignore, emptied: ignore, banned: ignore };
  const told: Push[] = [];
  const topics = { publish: (_: string, text: string) => told.push(JSON.parse(text) as Push), subscribers: () => 1 };
  const time = { now: 1_800_000_000_000, steady: 5_000 };
  const clocks = { now: () => time.now, steady: () => time.steady };
  const rooms = new Rooms(await openMemoryEngine(), topics as never, observer, clocks);
  const room = await rooms.open('lobby');

  const [ada, bob] = [
    { id: 'ada', name: 'Ada' },
    { id: 'bob', name: 'Bob' },
  ];
  rooms.enter(room, ada);
  rooms.tellNews();
  time.now -= DAY_MS;
  time.steady += 1_000;
  rooms.enter(room, bob);
  rooms.tellNews();
  expect(told).toMatchObject([{ joined: [ada] }, { joined: [bob] }]);

  for (const member of [ada, bob]) rooms.exit(room, member);
  time.steady += 1_000;
  rooms.tellNews();
  time.now -= DAY_MS;
  time.steady += 3_600_000;
  rooms.releaseIdle();
  expect(rooms.get('lobby')).toBeUndefined();
});
