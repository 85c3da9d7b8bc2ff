// A chat room without the SDK and without the widget: one WebSocket, text frames of JSON.
import { showConnection } from '../shared/connection.ts';

const log = document.querySelector('#log');
const form = document.querySelector<HTMLFormElement>('#say');
const box = document.querySelector<HTMLInputElement>('#text');
let socket: WebSocket | undefined;

function dial(): void {
  socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws/chat/lobby/`);
  socket.onopen = () => showConnection('live');
  socket.onmessage = ({ data }) => show(JSON.parse(data).message);
  socket.onclose = () => {
    showConnection('reconnecting');
    setTimeout(dial, 500 + 1_500 * Math.random());
  };
}

function show(message: string): void {
  const item = document.createElement('p');
  item.textContent = message;
  item.dir = 'auto';
  log?.append(item);
  item.scrollIntoView({ block: 'nearest' });
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!box?.value || socket?.readyState !== WebSocket.OPEN) return; // what was typed stays in the box
  socket.send(JSON.stringify({ message: box.value }));
  box.value = '';
});
box?.focus();
dial();
