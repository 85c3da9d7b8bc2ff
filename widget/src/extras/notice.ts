import type { Message, ModerationAction } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { Context } from '../text/context.ts';
import type { Translate } from '../text/translate.ts';
import type { Key } from './phrases.ts';

/** What somebody who may has done to the room: a line of its own between the messages. */
export function noticeTemplate(
  { key, own, from }: Message,
  action: ModerationAction,
  isActive: boolean,
  context: Context,
  t: Translate<Key>,
): TemplateResult {
  const name = own ? context.t('you') : from.name;
  return html`
    <div class="notice" part="notice" role="article" data-key=${key} data-anchor tabindex=${isActive ? 0 : -1}>
      <span>${noticeText(action, name, t)}</span>
    </div>
  `;
}

function noticeText(action: ModerationAction, name: string, t: Translate<Key>): string {
  switch (action.type) {
    case 'pin':
    case 'unpin':
      return t(`${action.type}Done`, { name });
    case 'slowMode':
      return action.intervalMs > 0 ? t('slowModeOn', { count: Math.ceil(action.intervalMs / 1_000) }) : t('slowModeOff');
    case 'mute':
    case 'unmute':
    case 'ban':
    case 'unban':
      return t(`${action.type}Done`, { name: action.member.name });
  }
}
