// Markup of Svelte 5, as svelte-check and the Svelte language tools read it: `onchat-room-message`, or `on:chat-room-message`.
import type { HTMLAttributes } from 'svelte/elements';
import type { ChatRoom } from '../define.ts';
import type { ChatRoomHandlers, ChatRoomProps } from './markup.ts';

/** What `<chat-room>` takes in a Svelte component. */
export type ChatRoomSvelteProps = HTMLAttributes<ChatRoom> & ChatRoomProps & ChatRoomHandlers<'on'> & ChatRoomHandlers<'on:'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'chat-room': ChatRoomSvelteProps;
  }
}
