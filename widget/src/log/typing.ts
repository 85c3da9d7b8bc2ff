import type { Typing } from '@chat-room/sdk';
import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Context } from '../text/context.ts';

/** Who is typing. The row is there when nobody is, so that the log above keeps its height. */
export function typingRow({ members, count }: Typing, { strings }: Context): TemplateResult {
  const names = members.map(({ name }) => name);
  return html`
    <div class="typing" part="typing">
      ${count === 0 ? nothing : html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${strings.typing(names, count)}</span>`}
    </div>
  `;
}
