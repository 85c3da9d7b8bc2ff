// Classes and types, and no side effect: importing this defines nothing, in a browser or on a server.
export { ChatRoom } from './chat-room.ts';
export type { ClientHandle, RoomHandle, RoomHandleEvents } from './connection/room-handle.ts';
export type { ChatRoomEvents } from './events.ts';
export type { Phrase, Phrases } from './text/translate.ts';
