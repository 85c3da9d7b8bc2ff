// The start page: which room would you like to enter?
import { toRoomName } from '@chat-room/sdk/protocol';
import { copyOnClick } from '../gallery/shared/copy-button.ts';
import { byId } from './page.ts';
import { forgetRooms, recentRooms } from './recent-rooms.ts';
import { pathOfRoom } from './room-path.ts';
import { rememberVisitorName, visitorName } from './visitor-name.ts';

const roomBox = byId('room', HTMLInputElement);
const nameBox = byId('name', HTMLInputElement);
const problem = byId('problem', HTMLElement);

nameBox.value = visitorName() ?? '';
roomBox.focus();
byId('enter', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  enter();
});
roomBox.addEventListener('input', () => showProblem(''));

showRecentRooms();
window.addEventListener('pageshow', showRecentRooms); // "back" from a room shows the page as it was left
byId('forget', HTMLButtonElement).addEventListener('click', () => {
  forgetRooms();
  showRecentRooms();
  roomBox.focus();
});

const embed = `<script type="module" src="${location.origin}/widget.js"></script>\n<chat-room room="lobby"></chat-room>`;
byId('embed', HTMLElement).textContent = embed;
copyOnClick(byId('copy', HTMLButtonElement), () => embed);

function enter(): void {
  const room = toRoomName(roomBox.value);
  if (room === undefined) {
    showProblem(
      roomBox.value.trim() === ''
        ? 'Type the name of a room first; any name will do.'
        : 'A room can’t have this name: it holds invisible characters, or “.” or “..” between slashes.',
    );
    roomBox.focus();
    return;
  }
  rememberVisitorName(nameBox.value);
  location.assign(pathOfRoom(room));
}

function showProblem(text: string): void {
  problem.textContent = text;
  roomBox.setAttribute('aria-invalid', String(text !== ''));
}

function showRecentRooms(): void {
  const rooms = recentRooms();
  byId('recent', HTMLElement).hidden = rooms.length === 0;
  byId('recent-rooms', HTMLElement).replaceChildren(...rooms.map(roomItem));
}

function roomItem(room: string): HTMLLIElement {
  const link = document.createElement('a');
  link.href = pathOfRoom(room);
  link.textContent = room;
  link.dir = 'auto';
  const item = document.createElement('li');
  item.append(link);
  return item;
}
