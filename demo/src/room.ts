// A room's page: the widget, and above it where one is.
import { copyOnClick } from '../gallery/shared/copy-button.ts';
import { byId } from './page.ts';
import { rememberRoom } from './recent-rooms.ts';
import { pathOfRoom, roomOfPath } from './room-path.ts';
import { nameOfHash, visitorName } from './visitor-name.ts';

const room = roomOfPath(location.pathname);
if (room === undefined) showNoRoom();
else showRoom(room);

function showRoom(room: string): void {
  document.title = `${room} · chat-room`;
  const title = byId('title', HTMLElement);
  title.textContent = room; // for whoever listens to the page; the widget shows it to whoever looks

  const name = nameOfHash(location.hash) ?? visitorName();
  // One room, one address: what people copy is the spelling that everybody else has.
  const address = new URL(pathOfRoom(room), location.href);
  history.replaceState(null, '', address);
  const copy = byId('copy', HTMLButtonElement);
  copy.hidden = false;
  copyOnClick(copy, () => address.href);

  const chat = document.createElement('chat-room');
  chat.setAttribute('room', room);
  if (name !== undefined) chat.setAttribute('name', name);
  byId('main', HTMLElement).append(chat);
  rememberRoom(room);
}

function showNoRoom(): void {
  document.title = 'No such room · chat-room';
  const title = byId('title', HTMLElement);
  title.textContent = 'No such room';
  title.classList.remove('spoken');
  const text = document.createElement('p');
  text.textContent = 'This address does not name a room: part of it is missing, or was damaged on its way to you.';
  const link = document.createElement('a');
  link.href = '/';
  link.className = 'primary';
  link.textContent = 'Choose a room';
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.append(title, text, link);
  byId('main', HTMLElement).append(notice);
}
