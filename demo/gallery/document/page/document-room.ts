// What the document asks of the SDK: a client, a room, and its events as pieces.
import type { CustomEventMessage } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import type { DocumentSync, SyncRoom } from '../document-sync.ts';
import type { PlacedPiece } from '../pieces.ts';
import { readPiece } from '../pieces.ts';

export type Room = ReturnType<ChatClient['room']>;

const EVENT = 'document';
const PAGE_EVENTS = 200;

/** With the name that the visitor chose on another page, and as the same member as before, where the browser remembers. */
export function newClient(): ChatClient {
  const storage = storageOrNone();
  const name = storage?.getItem('chat-room.name');
  return new ChatClient({
    url: new URL('/ws', location.href.replace(/^http/, 'ws')).href,
    user: { ...(name && { name }) },
    ...(storage && { storage }),
  });
}

function storageOrNone(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // the browser keeps it from us
  }
}

export function syncRoomOf(room: Room): SyncRoom {
  return {
    publish: async (piece) => (await room.publish(EVENT, { ...piece })).position,
    readPage: async (before) => {
      const { events, first, atStart } = await room.history({ limit: PAGE_EVENTS, ...(before !== undefined && { before }) });
      return { pieces: events.flatMap(toPlaced), first, atStart };
    },
  };
}

/** From now on the document follows the room. Rejects where the room is refused. */
export async function follow(room: Room, sync: DocumentSync): Promise<void> {
  room.on('event', (event) => {
    for (const placed of toPlaced(event)) sync.receive(placed);
  });
  room.on('discontinuity', () => sync.restart());
  await room.join();
  sync.start();
}

function toPlaced({ name, data, offset }: CustomEventMessage): readonly PlacedPiece[] {
  const piece = name === EVENT && offset !== undefined ? readPiece(data) : undefined;
  return piece && offset !== undefined ? [{ offset, piece }] : [];
}
