import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { alertIcon, sentIcon } from '../icons.ts';
import type { Strings } from '../text/strings.ts';
import type { Notice } from './connection-notice.ts';

/** What people are told of the connection; an empty text for nothing. `queued` messages wait for it. */
export function noticeText(notice: Notice, queued: number, strings: Strings): string {
  switch (notice.kind) {
    case 'none':
      return '';
    case 'connecting':
      return strings.connecting;
    case 'down':
      return `${strings.connectionLost} ${strings.queued(queued)}`;
    case 'back':
      return strings.backOnline;
    case 'ended':
      return strings.ended(notice.code);
  }
}

/** Lies over the log's upper edge: it moves nothing, and covers nothing that one could press. */
export function connectionBar(notice: Notice, queued: number, strings: Strings): TemplateResult | typeof nothing {
  if (notice.kind === 'none') return nothing;
  const icon = notice.kind === 'back' ? sentIcon : notice.kind === 'ended' ? alertIcon : html`<span class="spinner"></span>`;
  return html`
    <div class="bar" part="connection-bar" data-kind=${notice.kind}>${icon}<span>${noticeText(notice, queued, strings)}</span></div>
  `;
}
