import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { Intent } from '../composer/intent.ts';
import { closeIcon } from '../icons.ts';
import { plainText } from '../rich/markdown.ts';
import type { Translate } from '../text/translate.ts';
import { editIcon, replyIcon } from './icons.ts';
import type { Key } from './phrases.ts';

/** Stands above the box as long as the text in it is an answer or an edit. */
export function intentChip(
  { kind, message }: Exclude<Intent, { kind: 'new' }>,
  onCancel: () => void,
  t: Translate<Key>,
): TemplateResult {
  const label = kind === 'edit' ? t('editing') : t('replyingTo', { name: message.own ? t('yourself') : message.from.name });
  return html`
    <div class="intent" part="intent">
      ${kind === 'edit' ? editIcon : replyIcon}
      <div class="intent-text">
        <b>${label}</b>
        <span dir="auto">${plainText(message.text)}</span>
      </div>
      <button class="tool" type="button" aria-label=${t('cancel')} @click=${onCancel}>${closeIcon}</button>
    </div>
  `;
}
