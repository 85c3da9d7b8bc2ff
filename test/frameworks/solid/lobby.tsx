import type { ChatRoom } from '@chat-room/widget';
import '@chat-room/widget/define';
import type {} from '@chat-room/widget/solid';
import { createSignal } from 'solid-js';

export function Lobby(props: { name?: string }) {
  let chat!: ChatRoom;
  const [last, setLast] = createSignal('');

  return (
    <section>
      <button type="button" onClick={() => chat.focus()}>
        {last() || 'Say something'}
      </button>
      <chat-room
        ref={chat}
        room="lobby"
        relay="wss://chat.example.com/ws"
        name={props.name}
        theme="dark"
        attr:send-on="ctrl-enter"
        prop:getToken={async () => (await fetch('/chat-token')).text()}
        on:chat-room-message={({ detail }) => setLast(detail.message.text)}
        on:chat-room-send={(event) => event.detail.text.includes('secret') && event.preventDefault()}
      >
        <p slot="empty">Nobody has said anything yet.</p>
      </chat-room>
    </section>
  );
}
