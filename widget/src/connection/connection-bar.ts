import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { alertIcon, sentIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import type { Notice } from './connection-notice.ts';

/** Codes that have a sentence of their own. */
const REASONS = ['unauthorized', 'forbidden', 'bad_room', 'no_relay', 'unsupported_version'] as const;

/** What people are told of the connection. `queued` messages wait for it. */
export function noticeText(notice: Exclude<Notice, { kind: 'none' }>, queued: number, t: Context['t']): string {
  switch (notice.kind) {
    case 'connecting':
      return t('connecting');
    case 'down':
      return `${t('connectionLost')} ${queued === 0 ? t('keepTyping') : t('queued', { count: queued })}`;
    case 'back':
      return t('backOnline');
    case 'ended':
      return t(REASONS.find((code) => code === notice.code) ?? 'ended');
  }
}

/** Lies over the log's upper edge: it moves nothing, and covers nothing that one could press. */
export function connectionBar(notice: Notice, queued: number, t: Context['t']): TemplateResult | typeof nothing {
  if (notice.kind === 'none') return nothing;
  const icon = notice.kind === 'back' ? sentIcon : notice.kind === 'ended' ? alertIcon : html`<span class="spinner"></span>`;
  return html`
    <div class="bar" part="connection-bar" data-kind=${notice.kind}>${icon}<span>${noticeText(notice, queued, t)}</span></div>
  `;
}
