import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { sendIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import type { Composer } from './composer.ts';

/** The box to write in, and the button beside it. The button dims; it never moves, and never loses the focus. */
export function composerForm(composer: Composer, context: Context): TemplateResult {
  const { strings, title } = context;
  return html`
    <form class="composer" part="composer" @submit=${composer.onSubmit}>
      <div class="field">
        <textarea
          part="input"
          rows="1"
          dir="auto"
          enterkeyhint="enter"
          aria-label=${strings.message}
          placeholder=${strings.placeholder(title)}
          @input=${composer.onInput}
          @keydown=${composer.onKeydown}
        ></textarea>
        ${composer.bytesLeft === undefined ? nothing : counter(composer.bytesLeft, context)}
      </div>
      <button class="send" part="send" type="submit" aria-label=${strings.send} aria-disabled=${!composer.canSend}>${sendIcon}</button>
    </form>
  `;
}

function counter(bytesLeft: number, { strings, formats }: Context): TemplateResult {
  const isOver = bytesLeft < 0;
  const text = (isOver ? strings.tooLong : strings.bytesLeft)(formats.count(Math.abs(bytesLeft)));
  return html`<span class="counter ${isOver ? 'over' : ''}" part="counter">${text}</span>`;
}
