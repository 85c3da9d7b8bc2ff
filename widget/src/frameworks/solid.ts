// JSX of Solid. Events go by `on:`; what is set is a property, or with `attr:` an attribute.
import type { JSX } from 'solid-js';
import type { ChatRoom } from '../define.ts';
import type { ChatRoomAttributes, ChatRoomHandlers, ChatRoomProps, Prefixed } from './markup.ts';

/** What `<chat-room>` takes in JSX. */
export type ChatRoomJsxProps = JSX.HTMLAttributes<ChatRoom> &
  ChatRoomProps &
  ChatRoomHandlers<'on:'> &
  Prefixed<'prop:', Omit<ChatRoomProps, 'send-on'>> &
  Prefixed<'attr:', Omit<ChatRoomAttributes, 'readonly'>> &
  Prefixed<'bool:', Pick<ChatRoomAttributes, 'readonly'>>;

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-room': ChatRoomJsxProps;
    }
  }
}
