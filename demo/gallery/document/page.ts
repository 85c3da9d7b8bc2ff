// A document that several people write at once: document-sync.ts says how. Here it meets the editor and the people.
import * as Y from 'yjs';
import { followClient } from '../shared/connection.ts';
import { copyOnClick } from '../shared/copy-button.ts';
import { DocumentSync } from './document-sync.ts';
import { follow, newClient, syncRoomOf } from './page/document-room.ts';
import { openEditor } from './page/editor.ts';
import type { Person } from './page/people.ts';
import { colourOf, People } from './page/people.ts';
import { showCursors } from './page/remote-cursors.ts';
import { keepUnsent, takeUnsent } from './page/unsent-storage.ts';
import { documentAt, freshDocument } from './which-document.ts';

const KEEP_EVERY_MS = 1_000;

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T; // the page beside this is ours
}

const doc = new Y.Doc();
const text = doc.getText('text');
const undoManager = new Y.UndoManager(text);
const by = `${doc.clientID}`;
const client = newClient();
const { room: name, isEverybodys } = documentAt(location.search);
const room = client.room(name);
const sync = new DocumentSync(doc, syncRoomOf(room), {
  by,
  schedule: (run, delayMs) => setTimeout(run, delayMs),
  random: Math.random,
  onChange: showLater,
});
const people = new People(room, text, by, showLater);
const editor = openEditor(element('editor'), text, undoManager, {
  onUpdate: ({ hasFocus, state }) => {
    const { anchor, head } = state.selection.main;
    people.moved(hasFocus ? { anchor, head } : undefined);
    showLater();
  },
});

// --- what is shown ----------------------------------------------------------------------------------------------------

let isShowing = false;
let wasLoaded = false;
let shownPeople = '';

/** However much changes, once a frame; and in a hidden page, where there are none, not at all. */
function showLater(): void {
  if (isShowing) return;
  isShowing = true;
  requestAnimationFrame(() => {
    isShowing = false;
    show();
  });
}

function show(): void {
  if (sync.isLoaded && !wasLoaded) {
    wasLoaded = true;
    editor.setEditable(true);
    undoManager.clear();
  }
  showStored();
  showPeople(people.others);
  const words = text.toString().match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  element('words').textContent = words === 1 ? '1 word' : `${words.toLocaleString('en')} words`;
  const { readEvents, tailLength } = sync;
  element('log-note').textContent = wasLoaded
    ? `To open this document the page read ${readEvents.toLocaleString('en')} events. Since the last snapshot there were ${tailLength.toLocaleString('en')}.`
    : '';
  element<HTMLButtonElement>('undo').disabled = !undoManager.canUndo();
  element<HTMLButtonElement>('redo').disabled = !undoManager.canRedo();
}

function showStored(): void {
  const [state, words] = storedState();
  const status = element('stored');
  if (status.dataset['state'] === state) return;
  status.dataset['state'] = state;
  status.textContent = words;
}

function storedState(): readonly [state: string, words: string] {
  if (sync.problem !== undefined)
    return ['problem', `Not stored: ${sync.problem instanceof Error ? sync.problem.message : 'refused'}`];
  if (!wasLoaded) return ['reading', 'Reading…'];
  if (sync.isStored) return ['stored', 'Stored in the room'];
  return room.state === 'live' ? ['storing', 'Storing…'] : ['waiting', 'Kept here until the relay is back'];
}

function showPeople(others: readonly Person[]): void {
  showCursors(editor.view, others);
  const me = client.member?.name ?? '';
  const all: readonly Person[] = [{ by, name: 'You', colour: colourOf(me) }, ...others];
  const names = JSON.stringify(all.map(({ by, name, colour }) => [by, name, colour]));
  if (names === shownPeople) return;
  shownPeople = names;
  element('people').replaceChildren(...all.map(chipOf));
}

function chipOf({ name, colour }: Person): HTMLElement {
  const [chip, circle, label] = [document.createElement('li'), document.createElement('i'), document.createElement('span')];
  circle.style.setProperty('--who', colour);
  circle.textContent = Array.from(name)[0]?.toUpperCase() ?? '';
  circle.ariaHidden = 'true';
  label.textContent = name;
  chip.title = name;
  chip.append(circle, label);
  return chip;
}

element('everybodys').hidden = !isEverybodys;
element('own').hidden = isEverybodys;
element<HTMLAnchorElement>('fresh').href = freshDocument();
copyOnClick(element('copy'), () => location.href);

// --- what is done -----------------------------------------------------------------------------------------------------

element('undo').addEventListener('click', () => {
  undoManager.undo();
  editor.view.focus();
});
element('redo').addEventListener('click', () => {
  undoManager.redo();
  editor.view.focus();
});
undoManager.on('stack-item-added', showLater);
undoManager.on('stack-item-popped', showLater);
room.on('state', showLater);
doc.on('update', showLater);

// --- what outlasts the page -------------------------------------------------------------------------------------------

for (const update of takeUnsent(name)) sync.adopt(update);
let keptAt = sync.isStored;
const keep = (): void => {
  if (keptAt && sync.isStored) return;
  keptAt = sync.isStored;
  keepUnsent(name, by, sync.unsent);
};
setInterval(keep, KEEP_EVERY_MS);
addEventListener('pagehide', () => {
  keep();
  people.leave();
});

followClient(client);
follow(room, sync).catch(() => undefined); // refused for good: the badge says it
