// What a client knows of a room's settings, against a network that drops and a log that is trimmed and replaced: whatever was
// missed on the way, once it is live it knows what the log comes to.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatClient, Room, RoomSettings } from '../../sdk/src/index.ts';
import type { ModerationAction, RoomEvent } from '../../sdk/src/protocol/index.ts';
import { FakeWorld, turn } from '../support/sdk/fake-world.ts';

const ROOM = 'lobby';
const MOD = { id: 'm_mod', name: 'Mod' };
const EVE = { id: 'm_eve', name: 'Eve' };

interface Run {
  readonly world: FakeWorld;
  readonly client: ChatClient;
  readonly room: Room;
}

type Step = (run: Run) => void | Promise<void>;

/** `me` stands for the client's own member, who is known when it runs. */
const action = fc.oneof(
  fc.nat(12).map((target): ModerationAction => ({ type: 'pin', target: target + 1 })),
  fc.constant<ModerationAction>({ type: 'unpin' }),
  fc.nat(3).map((n): ModerationAction => ({ type: 'slowMode', intervalMs: n * 1_000 })),
  fc
    .tuple(fc.constantFrom('mute', 'unmute', 'ban', 'unban'), fc.constantFrom('me', EVE.id), fc.nat(5))
    .map(([type, id, until]) => ({ type, member: { id, name: 'M' }, ...(type === 'mute' && { until }) }) as ModerationAction),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: action.map(
      (one): Step =>
        (run) =>
          act(run, one),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>(({ world }) => void world.relay.say(ROOM, 'hello')) },
  {
    weight: 2,
    arbitrary: fc.nat(12).map(
      (target): Step =>
        ({ world }) =>
          void world.relay.publish(ROOM, { type: 'delete', target: target + 1 }, EVE),
    ),
  },
  { weight: 4, arbitrary: fc.constant<Step>(({ world }) => void world.socket.deliverToClient()) },
  { weight: 4, arbitrary: fc.constant<Step>(({ world }) => void world.socket.deliverToRelay()) },
  { weight: 4, arbitrary: fc.constant<Step>(({ world }) => world.settle()) },
  { weight: 3, arbitrary: fc.constant<Step>(({ world }) => (world.socket.isHeld ? world.socket.drop() : undefined)) },
  { weight: 2, arbitrary: fc.constant<Step>(({ world }) => world.relay.overflow(world.socket)) },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (start): Step =>
        ({ world }) =>
          world.relay.trim(ROOM, start),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>(({ world }) => world.relay.replaceLog(ROOM)) },
  { weight: 1, arbitrary: fc.constant<Step>(({ room }) => leaveAndJoin(room)) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 30_000 }).map(
      (ms): Step =>
        ({ world }) =>
          world.clock.advance(ms),
    ),
  },
);

test('[MOD9] [P4] whatever happens, the settings of a client that is live are the fold of the log', async () => {
  const schedules = fc.record({
    pageSize: fc.integer({ min: 1, max: 4 }),
    steps: fc.array(step, { minLength: 1, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(schedules, async ({ pageSize, steps }) => {
      const world = new FakeWorld();
      world.relay.pageSize = pageSize;
      const client = world.client({ user: { name: 'Ada' } });
      const room = client.room(ROOM);
      room.join().catch(() => undefined);
      await world.settle();
      for (const one of steps) {
        await one({ world, client, room });
        await turn();
      }
      world.relay.tellPositions(world.socket);
      await world.settleInTime();
      expect(room.state).toBe('live');
      expect(room.settings).toEqual(foldOf({ world, client, room }));
      await client.close();
    }),
    { numRuns: 400 },
  );
}, 60_000);

function act({ world, client }: Run, one: ModerationAction): void {
  const mine =
    'member' in one && one.member.id === 'me' ? { ...one, member: { ...one.member, id: client.member?.id ?? '' } } : one;
  world.relay.publish(ROOM, { type: 'moderation', action: mine }, MOD);
}

function leaveAndJoin(room: Room): void {
  void room.leave();
  room.join().catch(() => undefined);
}

/** Every event that the log has ever held, one after the other. */
function foldOf({ world, client }: Run): RoomSettings {
  const { epoch } = world.relay.log(ROOM);
  const events = world.relay.archive.filter((stored) => stored.epoch === epoch).map(({ event }) => event);
  const last = <T>(pick: (event: RoomEvent) => T | undefined, otherwise: T): T =>
    events.map(pick).findLast((value) => value !== undefined) ?? otherwise;
  let pinned: number | undefined;
  for (const event of events) {
    if (event.type === 'delete' && event.target === pinned) pinned = undefined;
    if (event.type === 'moderation' && /pin$/.test(event.action.type))
      pinned = 'target' in event.action ? event.action.target : undefined;
  }
  const slowModeMs = last(
    (event) => (event.type === 'moderation' && event.action.type === 'slowMode' ? event.action.intervalMs : undefined),
    0,
  );
  const mute = last<number | 'none'>((event) => {
    if (event.type !== 'moderation' || !('member' in event.action) || event.action.member.id !== client.member?.id)
      return undefined;
    return event.action.type === 'mute' ? (event.action.until ?? 0) : event.action.type === 'unmute' ? 'none' : undefined;
  }, 'none');
  const you = { write: true, moderate: false, ...(mute !== 'none' && { mutedUntil: mute }) };
  return { ...(pinned !== undefined && { pinned }), slowModeMs, you };
}
