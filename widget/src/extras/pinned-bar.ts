import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import { plainText } from '../rich/markdown.ts';
import type { Translate } from '../text/translate.ts';
import { pinIcon } from './icons.ts';
import type { Key } from './phrases.ts';

/** The room's pinned message: one line, and the way to it. */
export function pinnedBar(message: Message, onJump: () => void, t: Translate<Key>): TemplateResult {
  const { from, text } = message;
  return html`
    <button class="pinned" part="pinned" type="button" aria-label="${t('pinned')}: ${from.name} ${plainText(text)}" @click=${onJump}>
      ${pinIcon}
      <span dir="auto"><b>${from.name}</b> ${plainText(text)}</span>
    </button>
  `;
}
