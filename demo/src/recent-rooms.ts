import { isRoomName } from '@chat-room/sdk/protocol';
import { recall, remember } from './storage.ts';

const KEY = 'chat-room.recent';
const MAX_ROOMS = 8;

/** The rooms that were entered in this browser, the latest first. */
export function recentRooms(): readonly string[] {
  return parseRooms(recall(KEY));
}

/** Puts a room in front of the others. */
export function rememberRoom(room: string): void {
  remember(KEY, JSON.stringify(withRoom(recentRooms(), room)));
}

/** Forgets them all. */
export function forgetRooms(): void {
  remember(KEY, undefined);
}

/** The list with `room` in front, once, and no longer than people care to read. */
export function withRoom(rooms: readonly string[], room: string): readonly string[] {
  return [room, ...rooms.filter((other) => other !== room)].slice(0, MAX_ROOMS);
}

/** What a browser kept may be anything: an older page wrote it, or a person did. */
export function parseRooms(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isRoomName).slice(0, MAX_ROOMS) : [];
  } catch {
    return [];
  }
}
