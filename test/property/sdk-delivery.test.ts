// P1 to P4 from the client's side: whatever the network and the relay do, in whatever order, what a listener sees is the
// log: each event once, in order, with an explicit discontinuity where the log was lost; and each send is stored once.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatClient, Receipt, Room } from '../../sdk/src/index.ts';
import type { RoomEvent } from '../../sdk/src/protocol/index.ts';
import { errorReply } from '../../sdk/src/protocol/index.ts';
import { FakeWorld, turn } from '../support/sdk/fake-world.ts';

const ROOM = 'lobby';

type Seen = { readonly epoch: string | undefined; readonly offset: number; readonly text: string } | 'discontinuity';

interface Run {
  readonly world: FakeWorld;
  readonly client: ChatClient;
  readonly room: Room;
  readonly seen: Seen[];
  readonly sends: { readonly text: string; receipt: Receipt | undefined }[];
}

/** One thing that may happen. `lossy`: after it, recovery may be impossible. `refusing`: a later publish may overtake. */
interface Step {
  readonly name: string;
  readonly lossy?: boolean;
  readonly refusing?: boolean;
  run(run: Run): void | Promise<void>;
}

const count = fc.integer({ min: 1, max: 6 });

const step = fc.oneof(
  { weight: 6, arbitrary: count.map((n): Step => ({ name: `send ${n}`, run: (run) => sendSome(run, n) })) },
  { weight: 5, arbitrary: count.map((n): Step => ({ name: `others publish ${n}`, run: (run) => othersPublish(run, n) })) },
  {
    weight: 8,
    arbitrary: count.map(
      (n): Step => ({ name: `to relay ${n}`, run: ({ world }) => times(n, () => world.socket.deliverToRelay()) }),
    ),
  },
  {
    weight: 8,
    arbitrary: count.map(
      (n): Step => ({ name: `to client ${n}`, run: ({ world }) => times(n, () => world.socket.deliverToClient()) }),
    ),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ name: 'settle', run: ({ world }) => world.settle() }) },
  { weight: 3, arbitrary: fc.constant<Step>({ name: 'open', run: ({ world }) => world.socket.open() }) },
  { weight: 3, arbitrary: fc.constant<Step>({ name: 'drop', run: ({ world }) => drop(world) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ name: 'cut without a word', run: ({ world }) => world.socket.cut() }) },
  { weight: 2, arbitrary: fc.constant<Step>({ name: 'repeat the last push', run: repeatPush }) },
  {
    weight: 2,
    arbitrary: fc.constant<Step>({ name: 'slow reader, told later', run: ({ world }) => world.relay.overflow(world.socket) }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ name: 'old sockets call back', run: ({ world }) => haunt(world) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ name: 'slow reader', run: ({ world }) => overflow(world) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ name: 'leave and join', run: leaveAndJoin }) },
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: 1, max: 40_000 })
      .map((ms): Step => ({ name: `${ms} ms`, run: ({ world }) => world.clock.advance(ms) })),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map((on): Step => ({ name: `push first: ${on}`, run: ({ world }) => setPushFirst(world, on) })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ name: 'drain', run: ({ world }) => drain(world) }) },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 1, max: 3_000 })
      .map((ms): Step => ({ name: `refuse ${ms} ms`, refusing: true, run: ({ world }) => refuseFor(world, ms) })),
  },
  {
    weight: 1,
    arbitrary: count.map(
      (n): Step => ({ name: `trim to ${n * 5}`, lossy: true, run: ({ world }) => world.relay.trim(ROOM, n * 5) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>({ name: 'replace the log', lossy: true, run: ({ world }) => world.relay.replaceLog(ROOM) }),
  },
);

test('[P2] [P3] [P4] [EVT2] [EVT3] [EVT4] [JOI1] [JOI3] [JOI4] [POS2] [POS4] [PUB3] whatever happens, a listener sees the log and each send is stored once', async () => {
  const schedules = fc.record({
    pageSize: fc.integer({ min: 1, max: 5 }),
    steps: fc.array(step, { minLength: 1, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(schedules, async ({ pageSize, steps }) => {
      const run = begin(pageSize);
      await turn();
      for (const one of steps) {
        await one.run(run);
        await turn();
      }
      run.world.relay.tellPositions(run.world.socket);
      await run.world.settleInTime();
      checkSeen(
        run,
        steps.some(({ lossy }) => lossy),
      );
      checkSends(
        run,
        steps.some(({ refusing, lossy }) => refusing || lossy),
      );
      await run.client.close();
    }),
    { numRuns: 300 },
  );
}, 60_000);

function begin(pageSize: number): Run {
  const world = new FakeWorld();
  world.relay.pageSize = pageSize;
  const client = world.client({ user: { name: 'Ada' } });
  const room = client.room(ROOM);
  const seen: Seen[] = [];
  room.on('message', ({ id, text }) => {
    const [epoch = '', offset] = id.split(':');
    seen.push({ epoch, offset: Number(offset), text });
  });
  room.on('event', ({ offset = 0, data }) => seen.push({ epoch: undefined, offset, text: String(data) }));
  room.on('discontinuity', () => seen.push('discontinuity'));
  room.join().catch(() => undefined);
  return { world, client, room, seen, sends: [] };
}

function times(n: number, run: () => unknown): void {
  for (let i = 0; i < n; i++) run();
}

function sendSome({ room, sends }: Run, n: number): void {
  times(n, () => {
    const send: Run['sends'][number] = { text: `mine ${sends.length}`, receipt: undefined };
    sends.push(send);
    void room.send(send.text).then((receipt) => {
      send.receipt = receipt;
    });
  });
}

function othersPublish({ world }: Run, n: number): void {
  times(n, () => {
    const text = `theirs ${world.relay.archive.length}`;
    if (text.length % 2 === 0) world.relay.say(ROOM, text);
    else world.relay.publish(ROOM, { type: 'custom', name: 'move', data: text });
  });
}

function repeatPush({ world }: Run): void {
  const { toClient } = world.socket;
  const last = toClient.findLast((text) => text.startsWith('{"type":"events"'));
  if (last !== undefined) toClient.push(last);
}

function leaveAndJoin({ room }: Run): void {
  void room.leave();
  room.join().catch(() => undefined);
}

function setPushFirst({ relay }: FakeWorld, on: boolean): void {
  relay.pushFirst = on;
}

function drop({ socket }: FakeWorld): void {
  if (socket.isHeld) socket.drop();
}

function overflow({ relay, socket }: FakeWorld): void {
  relay.overflow(socket);
  relay.tellPositions(socket);
}

function haunt({ network }: FakeWorld): void {
  for (const socket of network.sockets) if (!socket.isHeld) socket.haunt();
}

function drain({ relay, socket }: FakeWorld): void {
  if (relay.joined(ROOM).includes(socket)) socket.toClient.push(JSON.stringify({ type: 'drain', retryAfterMs: 700 }));
}

function refuseFor({ relay, clock }: FakeWorld, ms: number): void {
  const until = clock.now() + ms;
  relay.refuse = () => (clock.now() < until ? errorReply('rate_limited', undefined, 1, until - clock.now()) : undefined);
}

function checkSeen({ world, seen, room }: Run, mayLose: boolean): void {
  const { archive } = world.relay;
  let before: Exclude<Seen, string> | undefined;
  for (const one of seen) {
    if (one === 'discontinuity') {
      expect(mayLose).toBe(true);
      before = undefined;
      continue;
    }
    const epoch: string | undefined = one.epoch ?? before?.epoch; // custom events do not tell theirs
    if (before) expect({ ...one, epoch }).toMatchObject({ epoch: before.epoch ?? epoch, offset: before.offset + 1 });
    const stored = archive.filter(({ event }) => event.offset === one.offset && textOf(event) === one.text);
    expect(stored.map((entry) => entry.epoch)).toContain(epoch ?? stored[0]?.epoch);
    before = { ...one, epoch };
  }
  const log = world.relay.log(ROOM);
  expect(room.state).toBe('live');
  if (before) expect(before).toMatchObject({ epoch: before.epoch && log.epoch, offset: log.end });
  expect(new Set(room.timeline.map(({ key }) => key)).size).toBe(room.timeline.length);
}

function textOf(event: RoomEvent): string | undefined {
  if (event.type === 'custom') return String(event.data);
  return event.type === 'message' ? event.text : undefined;
}

function checkSends({ world, sends, room }: Run, mayReorder: boolean): void {
  const { archive } = world.relay;
  for (const { text, receipt } of sends) {
    expect(receipt, text).toBeDefined();
    const stored = archive.filter(
      ({ epoch, event }) => epoch === receipt?.position.epoch && 'text' in event && event.text === text,
    );
    expect(
      stored.map(({ event }) => event.offset),
      text,
    ).toEqual([receipt?.offset]);
  }
  const offsets = sends.map(({ receipt }) => receipt?.offset ?? 0);
  if (!mayReorder) expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  expect(room.timeline.filter(({ delivery }) => delivery.state !== 'stored')).toEqual([]);
}
