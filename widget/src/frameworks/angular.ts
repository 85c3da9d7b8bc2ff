// Templates of Angular check what a directive declares. README.md has one; this says what its inputs have to be.
import type { ChatRoom } from '../define.ts';
import type { ChatRoomProps } from './markup.ts';

/** Inputs of a directive on `chat-room`, as signals: one for each property. */
export type ChatRoomInputs = {
  readonly [K in keyof Omit<ChatRoomProps, 'send-on'>]-?: () => ChatRoom[K] | undefined;
};
