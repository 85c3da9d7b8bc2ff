import type { FrameOf, Presence, ServerFrame } from '../protocol/index.ts';

/**
 * The presence after a change; undefined where it is not the next one, or the list is only a sample: then the relay has
 * to be asked (PRE3).
 */
export function applyPresenceChange(
  presence: Presence | undefined,
  { version, joined, left }: FrameOf<ServerFrame, 'presenceChange'>,
): Presence | undefined {
  if (presence?.scope !== 'all' || version !== presence.version + 1) return undefined;
  const gone = [...left, ...joined.map(({ id }) => id)];
  const stayed = presence.members.filter(({ id }) => !gone.includes(id));
  return { ...presence, version, members: [...stayed, ...joined] };
}
