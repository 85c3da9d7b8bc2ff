import type { Phrases } from '../text/translate.ts';

export interface LauncherState {
  readonly isOpen: boolean;
  readonly unread: number;
}

/** What the button says; the phrases of the chat itself are in text/phrases.ts. */
export const english = { open: 'Open chat', openUnread: 'Open chat, unread: {count}', closeChat: 'Close chat' } as const;

const CHAT = 'M20.5 11.5a8 8 0 0 1-8 8c-1.3 0-2.5-.3-3.6-.8L4 20l1.3-4.4a7.9 7.9 0 0 1-.8-3.6 8 8 0 0 1 16-.5Z';
const CLOSE = 'm6 6 12 12M18 6 6 18';
const SVG = 'http://www.w3.org/2000/svg';

/** The button that stands in a corner of the page: opens the chat, and counts what waits in it. Made without Lit, which may not be there yet. */
export class LauncherButton {
  readonly element = document.createElement('button');
  readonly #icon = document.createElementNS(SVG, 'path');
  readonly #badge = document.createElement('span');

  constructor(onPress: () => void) {
    const svg = document.createElementNS(SVG, 'svg');
    setAttributes(svg, { class: 'icon', viewBox: '0 0 24 24' });
    svg.append(this.#icon);
    setAttributes(this.#badge, { class: 'badge', part: 'badge' });
    setAttributes(this.element, { class: 'launcher', part: 'launcher' });
    this.element.append(svg, this.#badge);
    this.element.addEventListener('click', onPress);
  }

  show({ isOpen, unread }: LauncherState, phrases: Phrases): void {
    const count = unread > 99 ? '99+' : `${unread}`;
    const key = isOpen ? 'closeChat' : unread > 0 ? 'openUnread' : 'open';
    setAttributes(this.element, {
      'aria-expanded': String(isOpen),
      'aria-label': String(phrases[key] ?? english[key]).replace('{count}', count),
    });
    this.#icon.setAttribute('d', isOpen ? CLOSE : CHAT);
    this.#badge.hidden = isOpen || unread === 0;
    this.#badge.textContent = count;
  }
}

function setAttributes(element: Element, attributes: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
