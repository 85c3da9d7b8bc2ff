import type { Typing } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { Context } from '../text/context.ts';

/** Who is typing. The row is there when nobody is, so that the log above keeps its height. */
export function typingRow({ members, count }: Typing, { t }: Context): TemplateResult {
  return html`
    <div class="typing" part="typing">
      ${
        count === 0
          ? nothing
          : html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${typingText(
              members.map(({ name }) => name),
              count,
              t,
            )}</span>`
      }
    </div>
  `;
}

function typingText([first = '', second]: readonly string[], count: number, t: Context['t']): string {
  if (count === 1) return t('typingOne', { first });
  return count === 2 && second !== undefined ? t('typingTwo', { first, second }) : t('typingMany');
}
