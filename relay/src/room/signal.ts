// What relays that have the same room open tell each other besides the log: lost where nobody listens, never kept.

import type { Member, Reads } from '@chat-room/sdk/protocol';

export type RoomSignal =
  /** A push for everyone in the room, encoded. */
  | { readonly kind: 'push'; readonly text: string }
  | { readonly kind: 'typing'; readonly member: Member; readonly active: boolean }
  | { readonly kind: 'reads'; readonly reads: Reads };

export function encodeSignal(signal: RoomSignal): string {
  return JSON.stringify(signal);
}

/** Reads what another relay encoded: it is one of ours, and of the same version or a neighbour of it. */
export function decodeSignal(text: string): RoomSignal | undefined {
  const signal = JSON.parse(text) as RoomSignal;
  return ['push', 'typing', 'reads'].includes(signal.kind) ? signal : undefined;
}
