import type { TemplateResult } from 'lit/html.js';
import { nothing } from 'lit/html.js';
import type { ComposerHelper } from '../composer/composer.ts';
import { closeEmoji, completeEmoji } from '../emoji/complete-emoji.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { Translate } from '../text/translate.ts';
import type { Candidate, Completion } from './completion.ts';
import { completeMention, completionList } from './completion.ts';
import { insertText } from './insert-text.ts';
import { peopleOf } from './people.ts';
import type { Key } from './phrases.ts';

/** Completes the name or the emoji that is being typed. */
export class Completer implements ComposerHelper {
  readonly #panel: PanelApi;
  #box: HTMLTextAreaElement | undefined;
  #completion: Completion | undefined;
  #place = 0;

  constructor(panel: PanelApi) {
    this.#panel = panel;
  }

  get selected(): number | undefined {
    return this.#completion && this.#place;
  }

  look(box: HTMLTextAreaElement): void {
    this.#box = box;
    const isPoint = box.selectionStart === box.selectionEnd;
    const before = isPoint ? box.value.slice(0, box.selectionEnd) : '';
    const closed = closeEmoji(before);
    if (closed !== undefined) {
      insertText(box, closed.emoji, closed.start, box.selectionEnd);
      return;
    }
    this.#suggest(completeMention(before, peopleOf(this.#panel.room.view)) ?? completeEmoji(before));
  }

  press({ key, shiftKey }: KeyboardEvent): boolean {
    if (this.#completion === undefined) return false;
    const { candidates } = this.#completion;
    const chosen = candidates[this.#place];
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) this.#place = (this.#place + step + candidates.length) % candidates.length;
    else if (key === 'Escape') this.#suggest(undefined);
    else if (key === 'Enter' && chosen && this.#isTyped(chosen))
      return false; // the whole of it stands there: Enter sends
    else if ((key === 'Enter' || key === 'Tab') && !shiftKey && chosen) this.#choose(chosen);
    else return false;
    this.#panel.updates.requestUpdate();
    return true;
  }

  close(): void {
    this.#suggest(undefined);
  }

  template(t: Translate<Key>): TemplateResult | typeof nothing {
    if (this.#completion === undefined) return nothing;
    return completionList({ ...this.#completion, selected: this.#place, onChoose: this.#choose }, t);
  }

  readonly #choose = ({ insert }: Candidate): void => {
    const box = this.#box;
    if (box === undefined || this.#completion === undefined) return;
    const { start } = this.#completion;
    this.#suggest(undefined);
    insertText(box, insert, start, box.selectionEnd);
    this.#suggest(undefined);
  };

  #isTyped({ insert }: Candidate): boolean {
    const { value, selectionEnd } = this.#box ?? {};
    const typed = value?.slice(this.#completion?.start, selectionEnd);
    return typed?.toLocaleLowerCase() === insert.trimEnd().toLocaleLowerCase();
  }

  #suggest(completion: Completion | undefined): void {
    if (completion === undefined && this.#completion === undefined) return;
    this.#completion = completion;
    this.#place = 0;
    this.#panel.updates.requestUpdate();
  }
}
