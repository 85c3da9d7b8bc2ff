import type { Member } from '@chat-room/sdk';
import type { RoomView } from '../connection/room-controller.ts';

/** Those who may be meant by an `@`: whose messages are loaded, the latest first, then who else is here. Never oneself. */
export function peopleOf({ presence, messages, me }: RoomView): readonly Member[] {
  const people = new Map<string, Member>();
  for (const { from } of messages.toReversed()) people.set(from.id, from);
  for (const member of presence?.members ?? []) people.set(member.id, member);
  people.delete(me ?? '');
  return [...people.values()];
}
