// A room that a client has joined, in a world of fakes.

import type { ChatClient, Room, RoomState } from '../../../sdk/src/index.ts';
import type { ClientFrame } from '../../../sdk/src/protocol/index.ts';
import { FakeWorld } from './fake-world.ts';

export interface JoinedRoom {
  readonly world: FakeWorld;
  readonly client: ChatClient;
  readonly room: Room;
  /** The room's states so far. */
  readonly states: readonly RoomState[];
}

export async function joined(recent = 0, prepare: (world: FakeWorld) => void = () => undefined): Promise<JoinedRoom> {
  const world = new FakeWorld();
  prepare(world);
  const client = world.client({ user: { name: 'Ada' } });
  const room = client.room('lobby');
  const states: RoomState[] = [];
  room.on('state', (state) => states.push(state));
  const live = room.join({ recent });
  await world.settle();
  await live;
  return { world, client, room, states };
}

/** The frames that the client has sent and the relay has not read. */
export function sent(world: FakeWorld): ClientFrame[] {
  return world.socket.toRelay.map((text) => JSON.parse(text) as ClientFrame);
}

/** So many messages of somebody else. */
export function fill(world: FakeWorld, count: number): void {
  for (let i = 1; i <= count; i++) world.relay.say('lobby', `old ${i}`);
}
