// What a template may say about a <chat-room>, in any framework. Types only: the modules of this directory are empty.
import type { ChatRoom } from '../define.ts'; // which also types `querySelector('chat-room')`
import type { ChatRoomEvents } from '../events.ts';

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** Properties that are attributes of the same name, too. */
export type ChatRoomAttributes = Optional<
  Pick<ChatRoom, 'room' | 'relay' | 'name' | 'token' | 'theme' | 'layout' | 'readonly'>
> & {
  /** What sends: the Enter key, or Ctrl (⌘) and Enter, where Enter alone breaks the line. */
  'send-on'?: ChatRoom['sendOn'] | undefined;
};

/** Properties that no attribute of their name can set. */
export type ChatRoomProperties = Optional<Pick<ChatRoom, 'sendOn' | 'client' | 'getToken' | 'renderMessage'>>;

/** What can be set on a `<chat-room>`: it is optional, and undefined is as good as nothing. */
export type ChatRoomProps = ChatRoomAttributes & ChatRoomProperties;

/** The same names with something before them, as in `on:chat-room-message`. */
export type Prefixed<Prefix extends string, T> = { [K in keyof T & string as `${Prefix}${K}`]?: T[K] };

/** Handlers of the element's events, each under the event's name with `Prefix` before it. */
export type ChatRoomHandlers<Prefix extends string> = Prefixed<
  Prefix,
  { [K in keyof ChatRoomEvents]: ((event: ChatRoomEvents[K]) => void) | undefined }
>;
