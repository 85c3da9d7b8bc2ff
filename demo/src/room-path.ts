import { toRoomName } from '@chat-room/sdk/protocol';

const PREFIX = '/chat/';

/** Where the page of a room is. */
export function pathOfRoom(room: string): string {
  return `${PREFIX}${encodeURIComponent(room)}/`;
}

/** The room that a page is for, or undefined where its path is malformed or names none. */
export function roomOfPath(pathname: string): string | undefined {
  if (!pathname.startsWith(PREFIX)) return undefined;
  const encoded = pathname.slice(PREFIX.length).replace(/\/$/, '');
  try {
    return toRoomName(decodeURIComponent(encoded));
  } catch {
    return undefined; // "%E0%A4%A" is no text
  }
}
