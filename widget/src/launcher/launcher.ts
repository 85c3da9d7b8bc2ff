import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { chatIcon, closeIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';

export interface LauncherModel {
  readonly isOpen: boolean;
  readonly unread: number;
  readonly onToggle: () => void;
}

const MOST = 99;

/** The button that stands in a corner of the page: opens the panel, and counts what waits in it. */
export function launcherButton({ isOpen, unread, onToggle }: LauncherModel, { strings, formats }: Context): TemplateResult {
  const badge = unread > MOST ? `${formats.count(MOST)}+` : formats.count(unread);
  return html`
    <button
      class="launcher"
      part="launcher"
      type="button"
      aria-expanded=${isOpen}
      aria-label=${isOpen ? strings.close : strings.open(unread)}
      @click=${onToggle}
    >
      ${isOpen ? closeIcon : chatIcon}
      ${unread === 0 || isOpen ? nothing : html`<span class="badge" part="badge" aria-hidden="true">${badge}</span>`}
    </button>
  `;
}
