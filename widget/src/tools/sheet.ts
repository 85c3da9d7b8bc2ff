import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import { closeIcon } from '../icons.ts';

/** Something that lies over the messages until it is closed. */
export function sheet(title: string, closeLabel: string, onClose: () => void, content: TemplateResult): TemplateResult {
  const onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    onClose();
  };
  return html`
    <div class="sheet" part="sheet" role="dialog" aria-label=${title} @keydown=${onKeydown}>
      <div class="sheet-head">
        <h3>${title}</h3>
        <button class="tool" type="button" aria-label=${closeLabel} @click=${onClose}>${closeIcon}</button>
      </div>
      ${content}
    </div>
  `;
}
