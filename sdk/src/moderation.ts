// Beside the client, for who moderates: `@chat-room/sdk/moderation`. Who only chats does not load it.

import type { Sanction } from './protocol/index.ts';
import { isString, lenient, list, member, number, shaped, time } from './protocol/shapes.ts';
import type { Room } from './room/room.ts';

export interface SanctionsPage {
  /** In an order of the relay's own. */
  readonly sanctions: readonly Sanction[];
  /** Asks for the page after this one; absent on the last. */
  readonly next?: string | undefined;
}

const read = shaped<SanctionsPage>({
  sanctions: list(
    shaped<Sanction>({ kind: (value) => (value === 'ban' ? value : 'mute'), member, until: time, at: number, by: member }),
  ),
  next: lenient(isString),
});

/** The mutes and bans that hold in a room, page by page: `after` is the `next` of the page before. For who may moderate. */
export async function readSanctions(
  room: Pick<Room, 'request'>,
  options: { readonly after?: string; readonly limit?: number } = {},
): Promise<SanctionsPage> {
  const { sanctions, next } = read(await room.request({ type: 'sanctions', ...options }));
  return { sanctions, next };
}
