// Puts an element on a fake client into the page, and waits for what is on its way to the screen.
import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../../widget/src/define.ts';
import type { ChatRoom } from '../../../widget/src/chat-room.ts';
import { FakeClient, type FakeRoom } from './fake-client.ts';

export interface Mounted {
  readonly element: ChatRoom;
  readonly client: FakeClient;
  readonly room: FakeRoom;
}

export async function mount(fields: Partial<ChatRoom> = {}): Promise<Mounted> {
  const client = new FakeClient();
  const element = await fixture<ChatRoom>(html`<chat-room room="lobby" lang="en" .client=${client}></chat-room>`);
  Object.assign(element, fields);
  element.style.setProperty('--chat-room-height', '500px');
  element.style.width = '400px';
  await settled(element);
  return { element, client, room: client.room('lobby') };
}

/** Until what has happened so far is drawn: a frame for the event, one for what the drawing leads to, and those in which rows come. */
export async function settled(element: ChatRoom): Promise<void> {
  let before: Element[] = [];
  for (let still = 0; still < 3; still++) {
    await nextFrame();
    await element.updateComplete;
    const rows = findAll(element, '.row');
    if (rows.length !== before.length || rows[0] !== before[0] || rows.at(-1) !== before.at(-1)) still = 0;
    before = rows;
  }
}

/** axe finds nothing wrong; what moves has arrived by then, so that colours are measured as they will be. */
export async function expectAccessible(element: Element): Promise<void> {
  for (const animation of element.shadowRoot?.getAnimations() ?? []) {
    if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  }
  await expect(element).to.be.accessible();
}

export function find<E extends Element = HTMLElement>(element: Element, selector: string): E {
  const found = element.shadowRoot?.querySelector<E>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

export function findAll(element: Element, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

/** Text as a person reads it. */
export function textOf(element: Element, selector: string): string {
  return findAll(element, selector)
    .map((found) => found.textContent?.replace(/\s+/gu, ' ').trim() ?? '')
    .join(' | ');
}

export function type(element: Element, text: string): HTMLTextAreaElement {
  const box = find<HTMLTextAreaElement>(element, 'textarea');
  box.value = text;
  // The cursor is behind what was typed; Firefox leaves it where it was.
  box.setSelectionRange(text.length, text.length);
  box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  return box;
}

/** Presses a key; false where the widget kept the browser from its default. */
export function press(target: EventTarget, key: string, fields: KeyboardEventInit & { keyCode?: number } = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...fields });
  // Firefox ignores keyCode in the constructor's argument.
  if (fields.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: fields.keyCode });
  return target.dispatchEvent(event);
}
