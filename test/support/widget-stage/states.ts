// Every state that a chat can be in, set up on a client that does what it is told. Runs in the page.
import { ADA, BOB, type FakeClient, failed, ME, message, messages, NOON, sending } from '../../widget/support/fake-client.ts';

export type StateName = keyof typeof STATES;

interface Stage {
  readonly element: HTMLElementTagNameMap['chat-room'];
  readonly client: FakeClient;
  readonly room: ReturnType<FakeClient['room']>;
  /** The first element that a selector finds in the chat, once it is there. */
  find(selector: string): Promise<HTMLElement>;
}

const EVERYBODY = [ADA, BOB, ME];

/** What people say to each other, with something of everything. */
const CONVERSATION = [
  message({ offset: 1, from: ADA, text: 'Good morning! Does **anyone** know how `drain` works?' }),
  message({
    offset: 2,
    from: ADA,
    text: 'The docs say:\n> it tells clients when to come back\n\n- all at once?\n- or _spread_?',
  }),
  message({ offset: 3, from: ME, text: 'Spread over a window. See https://example.com/drain', replyTo: 'e1:2' }),
  message({ offset: 4, from: BOB, text: 'Thanks @Grace Hopper!', data: { mentions: [{ id: ME.id, name: ME.name }] } }),
  message({ offset: 5, from: BOB, text: 'One more thing', editedAt: NOON }),
  message({ offset: 6, from: ADA, text: '', deletedAt: NOON }),
  message({ offset: 7, from: ME, text: 'Any time', reactions: [{ reaction: '+1', members: [ADA.id, BOB.id] }] }),
];

async function converse({ room }: Stage): Promise<void> {
  room.reads = { [ADA.id]: 7 };
  room.goLive(CONVERSATION, EVERYBODY);
}

/** The buttons of a message, and the items of the menu, by their places: their names are another in each language. */
const REACT = 1;
const REPLY = 2;
const MORE = 3;
const PEOPLE = 1;
const SEARCH = 2;

/** Focuses a message and presses a button of its toolbar. */
async function openToolbar(stage: Stage, key: string, button?: number): Promise<void> {
  await converse(stage);
  (await stage.find(`[data-key="${key}"]`)).focus();
  await stage.find('.toolbar');
  if (button !== undefined) (await stage.find(`.toolbar > :nth-child(${button})`)).click();
}

async function openMenu(stage: Stage, item?: number | 'last'): Promise<void> {
  await converse(stage);
  (await stage.find('[part=menu-button]')).click();
  await stage.find('.menu button');
  if (item !== undefined) (await stage.find(`.menu > :${item === 'last' ? 'last-child' : `nth-child(${item})`}`)).click();
}

export const STATES = {
  loading: async ({ room }: Stage) => room.setState('joining'),
  empty: async ({ room }: Stage) => {
    room.goLive([], EVERYBODY);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    room.answerLoad([], true);
  },
  conversation: converse,
  unsent: async ({ room, client }: Stage) => {
    room.goLive([
      ...CONVERSATION.slice(0, 3),
      failed(message({ offset: 8, from: ME, text: 'Is anybody there?' })),
      sending(message({ offset: 9, from: ME, text: 'I will wait' })),
    ]);
    client.setStatus('offline');
  },
  denied: async ({ room, client }: Stage) => {
    room.setState('denied');
    client.setStatus('closed', 'unauthorized');
  },
  reading: async (stage: Stage) => {
    const { room } = stage;
    room.goLive(messages(1, 60), EVERYBODY);
    await stage.find('[data-key="k1"]'); // rows come in by frames, the last first
    const log = await stage.find('.log');
    log.scrollTop = log.scrollHeight - 1_200;
    log.dispatchEvent(new Event('scroll'));
    room.receive(...messages(61, 63));
    room.setTypers(ADA, BOB);
  },
  toolbar: (stage: Stage) => openToolbar(stage, 'k5'),
  palette: (stage: Stage) => openToolbar(stage, 'k5', REACT),
  'message menu': (stage: Stage) => openToolbar(stage, 'k7', MORE),
  replying: async (stage: Stage) => {
    await openToolbar(stage, 'k4', REPLY);
    const box = (await stage.find('textarea')) as HTMLTextAreaElement;
    box.value = 'Ask @';
    box.setSelectionRange(5, 5);
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await stage.find('.completions');
  },
  menu: (stage: Stage) => openMenu(stage),
  people: (stage: Stage) => openMenu(stage, PEOPLE),
  sanctions: async (stage: Stage) => {
    const { room } = stage;
    room.settings = { slowModeMs: 0, you: { write: true, moderate: true } };
    await openMenu(stage, 'last');
    await stage.find('.sheet');
    room.requests.shift()?.resolve({
      sanctions: [
        { kind: 'mute', member: BOB, until: NOON + 3_600_000, at: NOON, by: ADA },
        { kind: 'ban', member: { id: 'm-carl', name: 'Carl' }, until: NOON + 90_000_000, at: NOON, by: ADA },
        { kind: 'ban', member: { id: 'm-dora', name: 'Dora Maar' }, at: NOON, by: ADA },
      ],
      next: 'page-2',
    });
    await stage.find('.person');
  },
  search: async (stage: Stage) => {
    stage.room.log = CONVERSATION;
    await openMenu(stage, SEARCH);
    const box = (await stage.find('.search')) as HTMLInputElement;
    box.value = 'thing';
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await stage.find('.result');
  },
  moderated: async ({ room }: Stage) => {
    room.settings = { pinned: 1, slowModeMs: 30_000, you: { write: true, moderate: false, mutedUntil: NOON * 2 } };
    room.goLive([
      ...CONVERSATION.slice(0, 3),
      message({ offset: 8, from: ADA, text: '', notice: { type: 'slowMode', intervalMs: 30_000 } }),
      message({ offset: 9, from: ADA, text: '', notice: { type: 'mute', member: BOB } }),
    ]);
  },
  slow: async (stage: Stage) => {
    const { room } = stage;
    room.settings = { slowModeMs: 30_000, you: { write: true, moderate: false } };
    room.goLive([...CONVERSATION, message({ offset: 8, from: ME, text: 'Slowly, then', at: Date.now() - 5_000 })], EVERYBODY);
    (await stage.find('[data-key="k8"]')).focus(); // loads what stands above the box
    await stage.find('.slow');
  },
  launcher: async ({ element, room }: Stage) => {
    element.layout = 'launcher';
    await element.updateComplete;
    room.goLive(CONVERSATION, EVERYBODY);
    room.receive(message({ offset: 8 }), message({ offset: 9 }));
  },
  'open launcher': async ({ element, room }: Stage) => {
    element.layout = 'launcher';
    room.goLive(CONVERSATION, EVERYBODY);
    element.open();
  },
};
