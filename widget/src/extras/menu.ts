import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { sentIcon as checkIcon } from '../icons.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon: TemplateResult;
  readonly isDanger?: boolean;
  /** Present where the item turns something on and off. */
  readonly isChecked?: boolean;
  readonly run: () => void;
}

/** A menu for a popover: the arrow keys move in it, Tab leaves it. */
export function menu(label: string, items: readonly MenuItem[]): TemplateResult {
  return html`
    <div class="menu" part="menu" role="menu" aria-label=${label} @keydown=${onKeydown}>
      ${items.map(
        ({ label, icon, isDanger, isChecked, run }, index) => html`
          <button
            class=${isDanger === true ? 'danger' : nothing}
            type="button"
            role=${isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked=${isChecked ?? nothing}
            tabindex=${index === 0 ? 0 : -1}
            ?autofocus=${index === 0}
            @click=${run}
          >
            ${icon}<span>${label}</span>${isChecked === true ? checkIcon : nothing}
          </button>
        `,
      )}
    </div>
  `;
}

function onKeydown(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('button')];
  const place = items.indexOf(event.target as HTMLElement);
  const next = nextPlace(event.key, place, items.length);
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** Where an arrow key leads in a ring of `count`; undefined for another key. */
function nextPlace(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (place + 1) % count;
    case 'ArrowUp':
      return (place - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
