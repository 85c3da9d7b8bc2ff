import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { attachIcon, emojiIcon, sendIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import type { Composer } from './composer.ts';

/** The id by which the box names the list of candidates, and an entry in it. */
export const COMPLETIONS_ID = 'completions';
export const completionId = (index: number): string => `completion-${index}`;

/** What other parts put into it: above the box, and at its end. */
export interface ComposerSlots {
  readonly above: unknown;
  /** One of the buttons in the box was pressed; its `data-tool` names it. */
  readonly onTool: (event: Event) => void;
}

/** The box to write in, and the button beside it. The button dims; it never moves, and never loses the focus. */
export function composerForm(composer: Composer, { above, onTool }: ComposerSlots, context: Context): TemplateResult {
  const { t, title } = context;
  const selected = composer.helper?.selected;
  return html`
    <form class="composer" part="composer" @submit=${composer.onSubmit}>
      ${above}
      <slot name="composer-actions"></slot>
      <div class="field">
        <textarea
          part="input"
          rows="1"
          dir="auto"
          enterkeyhint="enter"
          aria-label=${t('message')}
          aria-autocomplete="list"
          aria-controls=${selected === undefined ? nothing : COMPLETIONS_ID}
          aria-activedescendant=${selected === undefined ? nothing : completionId(selected)}
          placeholder=${t('placeholder', { title })}
          @input=${composer.onInput}
          @keydown=${composer.onKeydown}
          @focus=${composer.onFocus}
          @blur=${composer.onBlur}
        ></textarea>
        ${tool('attach', attachIcon, onTool, t)} ${tool('emoji', emojiIcon, onTool, t)}
        ${composer.bytesLeft === undefined ? nothing : counter(composer.bytesLeft, context)}
      </div>
      <button class="send" part="send" type="submit" aria-label=${t('send')} aria-disabled=${!composer.canSend}>${sendIcon}</button>
    </form>
  `;
}

function tool(name: 'attach' | 'emoji', icon: TemplateResult, onTool: (event: Event) => void, t: Context['t']): TemplateResult {
  return html`<button class="tool" type="button" data-tool=${name} aria-label=${t(name)} @click=${onTool}>${icon}</button>`;
}

function counter(bytesLeft: number, { t }: Context): TemplateResult {
  const isOver = bytesLeft < 0;
  const text = t(isOver ? 'tooLong' : 'bytesLeft', { count: Math.abs(bytesLeft) });
  return html`<span class="counter ${isOver ? 'over' : ''}" part="counter">${text}</span>`;
}
