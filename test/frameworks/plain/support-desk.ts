import '@chat-room/widget/define';

const chat = document.createElement('chat-room');
chat.room = 'support';
chat.relay = 'wss://chat.example.com/ws';
chat.layout = 'launcher';
chat.getToken = async () => (await fetch('/chat-token')).text();
// A template of Lit, a node or text; undefined leaves the message as it is.
chat.renderMessage = ({ data, text }) => (data === 'shout' ? text.toUpperCase() : undefined);
document.body.append(chat);

let isLive = false;
chat.addEventListener('chat-room-ready', () => {
  isLive = true;
});
chat.addEventListener('chat-room-message', ({ detail: { message } }) => {
  if (isLive && !message.own) document.title = `${message.from.name}: ${message.text}`;
});
chat.addEventListener('chat-room-send', (event) => {
  if (event.detail.text.includes('secret')) event.preventDefault();
});

await chat.updateComplete;
chat.open();
await chat.send('Hello');
