// Templates of Vue 3, as vue-tsc and the Vue language tools read them.
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { ChatRoom } from '../define.ts';
import type { ChatRoomEvents } from '../events.ts';
import type { ChatRoomProps } from './markup.ts';

/** `<chat-room>` as Vue sees a component. A template ref on it holds the element. */
export type ChatRoomComponent = new () => ChatRoom & {
  /** @deprecated For the types of templates only: an element has no `$props`. */
  readonly $props: HTMLAttributes & ChatRoomProps & PublicProps;
  /** @deprecated For the types of templates only: an element has no `$emit`. */
  readonly $emit: EmitFn<{ [K in keyof ChatRoomEvents]: (event: ChatRoomEvents[K]) => void }>;
};

declare module 'vue' {
  /** An attribute that Vue leaves out: what puts an element into a place that a custom element has for it. */
  interface HTMLAttributes {
    slot?: string | undefined;
  }
  interface GlobalComponents {
    'chat-room': ChatRoomComponent;
  }
}
