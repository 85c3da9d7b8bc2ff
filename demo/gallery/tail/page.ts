// The page of tail -f: shows what arrives at most once a frame, acknowledges what it has shown, and has elements only for the lines
// in view. So ten thousand lines a second are no more work than ten.
import { LiveSocket } from '../shared/live-socket.ts';
import type { Row } from './page/line-store.ts';
import { LogView } from './page/log-view.ts';
import { continuation } from './resume.ts';
import { linesIn, Waiting } from './waiting.ts';
import type { Entry, Frame, ListedFile, Request } from './wire.ts';

/** What waits while the page is paused. */
const MAX_WAITING = { maxEntries: 20_000, maxChars: 4 * 1_024 * 1_024 };

function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T;
}

const search = element<HTMLInputElement>('search');
const pause = element<HTMLButtonElement>('pause');
const wrap = element<HTMLButtonElement>('wrap');
const bottom = element<HTMLButtonElement>('bottom');
const list = element('files');
const view = new LogView(element('lines'), element('sheet'), () => {
  bottom.hidden = view.isAtBottom;
});
const paused = new Waiting(MAX_WAITING);

let file = decodeURIComponent(location.hash.slice(1));
let isShown = false;
let frames = 0;
let acknowledged = 0;
let left = 0;
let lines = 0;
let ackFrame = 0;

const socket = new LiveSocket('/ws/gallery/tail', {
  onOpen: () => {
    [frames, acknowledged] = [0, 0];
    if (file !== '') ask({ type: 'follow', file });
  },
  onMessage: (data) => {
    if (typeof data !== 'string') return;
    const frame = JSON.parse(data) as Frame;
    if (frame.type === 'files') showFiles(frame.files);
    else {
      frames += 1;
      if (frame.file === file) receive(frame.entries, frame.isFirst);
      // A page in the background shows nothing, and is sent nothing until it is looked at again.
      if (ackFrame === 0) ackFrame = requestAnimationFrame(acknowledge);
    }
  },
});

function ask(request: Request): void {
  socket.send(JSON.stringify(request));
}

function acknowledge(): void {
  ackFrame = 0;
  if (acknowledged === frames) return;
  acknowledged = frames;
  ask({ type: 'ack', frames });
}

function receive(arrived: readonly Entry[], isFirst: boolean): void {
  let entries = arrived;
  if (isFirst && isShown) {
    const shown = [...view.store.rows.slice(-100).map(({ entry }) => entry), ...lastPaused];
    entries = continuation(shown, arrived) ?? [{ mark: 'jumped', bytes: 0 }, ...arrived];
  }
  isShown = true;
  lines += entries.length;
  left += linesIn(entries) - entries.filter((entry) => typeof entry === 'string').length;
  if (pause.ariaPressed === 'true') {
    paused.add(entries);
    lastPaused = [...lastPaused, ...entries.slice(-100)].slice(-100);
    pause.textContent = `Go on (${paused.count.toLocaleString('en')})`;
  } else {
    view.add(entries);
    findSoon();
  }
}

/** The end of what waits: where a reconnection goes on. */
let lastPaused: readonly Entry[] = [];

// --- files ------------------------------------------------------------------------------------------------------------

function follow(name: string): void {
  file = name;
  isShown = false;
  paused.clear();
  lastPaused = [];
  view.clear(true);
  setPaused(false);
  history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  for (const button of list.querySelectorAll('button')) button.ariaCurrent = String(button.dataset['name'] === file);
  element('lines').ariaLabel = `Lines of ${name}`;
  ask({ type: 'follow', file });
  find();
}

function showFiles(files: readonly ListedFile[]): void {
  const buttons = new Map(Array.from(list.querySelectorAll('button'), (button) => [button.dataset['name'], button]));
  for (const { name, bytes } of files) {
    const button = buttons.get(name) ?? addFile(name);
    buttons.delete(name);
    const size = button.querySelector('small');
    if (size) size.textContent = sizeOf(bytes);
  }
  for (const gone of buttons.values()) gone.parentElement?.remove();
  if (file === '' && files.length > 0) follow((files.find(({ name }) => name === 'shop.log') ?? files[0])?.name ?? '');
}

function addFile(name: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['name'] = name;
  button.ariaCurrent = String(name === file);
  button.append(name, document.createElement('small'));
  button.addEventListener('click', () => follow(name));
  const item = document.createElement('li');
  item.append(button);
  const after = [...list.children].find((other) => ((other.firstElementChild as HTMLElement).dataset['name'] ?? '') > name);
  list.insertBefore(item, after ?? null);
  return button;
}

function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

// --- search -----------------------------------------------------------------------------------------------------------

/** Ids of the rows that match, in their order. */
let found: number[] = [];
let words = '';
/** Up to which row has been searched. */
let searchedId = -1;
let nowId = -1;
let findFrame = 0;

function findSoon(): void {
  if (findFrame === 0) findFrame = requestAnimationFrame(find);
}

function find(): void {
  findFrame = 0;
  const { rows } = view.store;
  const wanted = search.value.trim().toLowerCase();
  if (wanted !== words) [words, searchedId, nowId, found] = [wanted, -1, -1, []];
  view.search(words);
  if (words !== '') findIn(rows, rows[0]?.id ?? 0);
  searchedId = rows.at(-1)?.id ?? -1;
  const place = found.indexOf(nowId);
  const which = place < 0 ? '' : `${(place + 1).toLocaleString('en')} of `;
  element('found').textContent = words === '' ? '' : `${which}${found.length.toLocaleString('en')}`;
  for (const id of ['previous', 'next']) element<HTMLButtonElement>(id).disabled = found.length === 0;
}

/** Ids count up by one: where a row stands follows from the first. */
function findIn(rows: readonly Row[], oldest: number): void {
  const added = rows.slice(Math.max(0, searchedId + 1 - oldest)).filter(({ plain }) => plain.toLowerCase().includes(words));
  found = [...found.filter((id) => id >= oldest), ...added.map(({ id }) => id)];
}

function step(by: 1 | -1): void {
  if (found.length === 0) return;
  const place = found.indexOf(nowId);
  // The first step goes to the newest.
  const next = place < 0 ? found.length - 1 : (place + by + found.length) % found.length;
  nowId = found[next] ?? -1;
  view.show(nowId - (view.store.rows[0]?.id ?? 0));
  find();
}

// --- controls ---------------------------------------------------------------------------------------------------------

function setPaused(isPaused: boolean): void {
  pause.ariaPressed = String(isPaused);
  pause.textContent = isPaused ? 'Go on' : 'Pause';
  if (isPaused) return;
  view.add(paused.take(MAX_WAITING.maxEntries, MAX_WAITING.maxChars));
  lastPaused = [];
  findSoon();
}

pause.addEventListener('click', () => setPaused(pause.ariaPressed !== 'true'));
wrap.addEventListener('click', () => {
  wrap.ariaPressed = String(wrap.ariaPressed !== 'true');
  view.wrap(wrap.ariaPressed === 'true');
});
element('clear').addEventListener('click', () => {
  view.clear(false);
  [found, searchedId, nowId] = [[], -1, -1];
  find();
});
bottom.addEventListener('click', () => view.toBottom());
element('previous').addEventListener('click', () => step(-1));
element('next').addEventListener('click', () => step(1));
search.addEventListener('input', find);
search.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? 1 : -1);
});
addEventListener('keydown', (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') search.focus();
  else if (event.key === 'p') pause.click();
  else if (event.key === 'w') wrap.click();
  else return;
  event.preventDefault();
});

setInterval(() => {
  const kept = view.store.rows.length.toLocaleString('en');
  const gaps = left > 0 ? ` · ${left.toLocaleString('en')} left out` : '';
  element('status').textContent = `${lines.toLocaleString('en')} lines/s · ${kept} kept${gaps}`;
  lines = 0;
}, 1_000);
