import type { ChatRoom } from '@chat-room/widget';
import '@chat-room/widget/define';
import type {} from '@chat-room/widget/react';
import { useRef, useState } from 'react';

// One for all renders: another function would be another person, and connect anew.
const getToken = async () => (await fetch('/chat-token')).text();

export function Lobby({ name }: { name?: string }) {
  const chat = useRef<ChatRoom>(null);
  const [last, setLast] = useState('');

  return (
    <section>
      <button type="button" onClick={() => chat.current?.focus()}>
        {last || 'Say something'}
      </button>
      <chat-room
        ref={chat}
        room="lobby"
        relay="wss://chat.example.com/ws"
        name={name}
        theme="dark"
        send-on="ctrl-enter"
        getToken={getToken}
        onchat-room-message={({ detail }) => setLast(detail.message.text)}
        onchat-room-send={(event) => event.detail.text.includes('secret') && event.preventDefault()}
      >
        <p slot="empty">Nobody has said anything yet.</p>
      </chat-room>
    </section>
  );
}
