// Messages that are not stored yet survive a reload. Loaded with the first of them.
import type { ChatClient, Room } from '@chat-room/sdk';
import { keepOutbox } from '@chat-room/sdk/outbox-storage';
import type { ClientHandle, RoomHandle } from '../connection/room-handle.ts';

/** `scope` keeps relays apart. Returns a function that ends it. */
export function keep(client: ClientHandle, room: RoomHandle, scope: string): () => void {
  // Called for clients that the widget has made itself: they are the SDK's.
  return keepOutbox(client as ChatClient, room as Room, localStorage, { scope });
}
