import type { Message, StatusChange } from '@chat-room/sdk';

/** What the element tells the page. All of them bubble, and cross shadow roots. */
export interface ChatRoomEvents {
  /** The room is live: history is there, and every later event arrives. */
  'chat-room-ready': CustomEvent<{ readonly room: string }>;
  /** A message is stored; each once, in the order of the log, one's own included. */
  'chat-room-message': CustomEvent<{ readonly message: Message }>;
  /** Somebody presses send. Cancel it and nothing is sent; the text stays in the composer. `send()` does not fire it. */
  'chat-room-send': CustomEvent<{ readonly text: string }>;
  /** The connection changed. */
  'chat-room-status': CustomEvent<StatusChange>;
  /** Something went wrong that the page may want to know of. What people need to know, the element shows itself. */
  'chat-room-error': CustomEvent<{ readonly error: Error }>;
}

/** Fires an event; false where the page cancelled it. */
export function fire<T extends keyof ChatRoomEvents>(target: EventTarget, type: T, detail: ChatRoomEvents[T]['detail']): boolean {
  return target.dispatchEvent(
    new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: type === 'chat-room-send' }),
  );
}

declare global {
  interface HTMLElementEventMap extends ChatRoomEvents {}
  interface DocumentEventMap extends ChatRoomEvents {}
}
