import { skeleton } from '@chat-room/widget/skeleton';

/** The page with a chat in it that is seen before its script arrives. */
export function page(nonce: string): string {
  return `<!doctype html>
<title>Lobby</title>
<chat-room room="lobby">${skeleton({ kind: 'inline', nonce })}</chat-room>
<script type="module" src="https://chat.example.com/widget.js"></script>`;
}
