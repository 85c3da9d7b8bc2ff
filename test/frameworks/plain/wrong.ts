// What the types are there to refuse, and only that: each line with an error in it says so.
import type { ChatRoom, ChatRoomEvents } from '@chat-room/widget';
import type {} from '@chat-room/widget/define';

declare const chat: ChatRoom;
const found: ChatRoom | null = document.querySelector('chat-room');

chat.theme = 'blue'; // wrong
chat.sendOn = 'space'; // wrong
chat.getToken = async () => 12; // wrong
chat.rooom = 'lobby'; // wrong
chat.addEventListener('chat-room-message', ({ detail }) => detail.text); // wrong
found?.send(12); // wrong
export const detail: ChatRoomEvents['chat-room-ready']['detail'] = { rooom: '' }; // wrong
