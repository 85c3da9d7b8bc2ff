import { ChatError } from '../errors.ts';
import type { Message } from '../types.ts';
import type { Room } from './room.ts';

/** Messages that a slow reader may leave unread. Beyond it the reading fails, rather than skip one in silence. */
const MAX_UNREAD = 10_000;

/** The messages of a room, from the first `next` on, until the signal aborts, or the room is left or denied. */
export async function* streamMessages(room: Room, signal: AbortSignal | undefined): AsyncGenerator<Message, void, void> {
  const unread: Message[] = [];
  let wake = (): void => undefined;
  const onChange = (): void => wake();
  const stops = [
    room.on('message', (message) => {
      unread.push(message);
      wake();
    }),
    room.on('state', onChange),
  ];
  signal?.addEventListener('abort', onChange);
  try {
    while (!signal?.aborted) {
      if (unread.length > MAX_UNREAD) throw new ChatError('slow_reader');
      const next = unread.shift();
      if (next) yield next;
      else if (room.state === 'left' || room.state === 'denied') return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    for (const stop of stops) stop();
    signal?.removeEventListener('abort', onChange);
  }
}
