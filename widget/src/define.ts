// The package's only side effect. index.ts exports the class without it.
import { ChatRoom } from './chat-room.ts';

// A page may load two versions: the first one that is there wins. A server has no registry, and renders the tag alone.
if (!globalThis.customElements?.get('chat-room')) globalThis.customElements?.define('chat-room', ChatRoom);

// With it come the types of the events that the element fires.
export type { ChatRoomEvents } from './events.ts';
export { ChatRoom };

declare global {
  interface HTMLElementTagNameMap {
    'chat-room': ChatRoom;
  }
}
