import type { Message } from '@chat-room/sdk';
import type { RoomHandle } from '../connection/room-handle.ts';

/** Events read at a time: as many as a page may hold. */
export const PAGE_EVENTS = 200;

/**
 * The messages of a log from its end backwards, a page at a time and each page newest first, until there is nothing
 * before, `signal` aborts, or `maxPages` have been read. The return value says whether that was all of it.
 */
export async function* readBackwards(
  room: RoomHandle,
  maxPages: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Message[], boolean, void> {
  let before: number | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { messages, first, atStart } = await room.history({
      limit: PAGE_EVENTS,
      signal,
      ...(before !== undefined && { before }),
    });
    if (messages.length > 0) yield messages.toReversed();
    if (atStart || first === undefined) return true;
    before = first;
  }
  return false;
}
