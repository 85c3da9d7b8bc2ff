// JSX of React 19, which sets properties of custom elements, and hears their events by `on` and the event's exact name.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ChatRoom } from '../define.ts';
import type { ChatRoomHandlers, ChatRoomProps } from './markup.ts';

/** What `<chat-room>` takes in JSX. */
export type ChatRoomJsxProps = DetailedHTMLProps<HTMLAttributes<ChatRoom>, ChatRoom> & ChatRoomProps & ChatRoomHandlers<'on'>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-room': ChatRoomJsxProps;
    }
  }
}
