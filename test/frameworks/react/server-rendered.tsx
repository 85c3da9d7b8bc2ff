import type { ChatRoom } from '@chat-room/widget';
import '@chat-room/widget/define';
import type {} from '@chat-room/widget/react';
import { useEffect, useRef, useState } from 'react';

export function ServerRenderedLobby() {
  const chat = useRef<ChatRoom>(null);
  const [last, setLast] = useState('');

  useEffect(() => {
    const element = chat.current;
    if (element === null) return;
    element.getToken = async () => (await fetch('/chat-token')).text();
    const listening = new AbortController();
    element.addEventListener('chat-room-message', ({ detail }) => setLast(detail.message.text), {
      signal: listening.signal,
    });
    return () => listening.abort();
  }, []);

  return (
    <section aria-label={last}>
      <chat-room ref={chat} room="lobby" relay="wss://chat.example.com/ws" />
    </section>
  );
}
