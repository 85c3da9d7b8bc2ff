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
  const gone = new Set([...left, ...joined.map(({ id }) => id)]);
  const members = [...presence.members.filter(({ id }) => !gone.has(id)), ...joined];
  return { scope: 'all', version, members };
}
