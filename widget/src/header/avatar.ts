import type { Member } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import { hueOf, initials } from './identity.ts';

/** Initials on a colour. The name stands beside it, so that it says nothing to a screen reader. */
export function avatar({ id, name }: Member): TemplateResult {
  return html`<span class="avatar" part="avatar" data-hue=${hueOf(id)} aria-hidden="true">${initials(name)}</span>`;
}
