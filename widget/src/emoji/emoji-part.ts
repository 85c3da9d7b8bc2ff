// The emoji picker. Loaded when somebody first asks for it.
import type { Extras } from '../extras/extras.ts';
import type { Popover } from '../extras/popover.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import { translator } from '../text/translate.ts';
import type { Drawn } from './drawn.ts';
import { findDrawn } from './drawn.ts';
import { emojiStyles } from './emoji.styles.ts';
import { EmojiPicker } from './emoji-picker.ts';
import { EmojiMemory } from './memory.ts';
import { english } from './phrases.ts';

export class EmojiPart {
  readonly #panel: PanelApi;
  readonly #extras: Extras;
  readonly #popover: Popover;
  readonly #memory = new EmojiMemory();
  readonly #drawn: Drawn = findDrawn();
  #isOpening = false;

  constructor(panel: PanelApi, extras: Extras) {
    this.#panel = panel;
    this.#extras = extras;
    this.#popover = extras.popover;
    panel.adopt(emojiStyles);
    panel.updates.parts.push({ rendered: () => this.#focus() });
  }

  /** Opens beside `anchor`, or in the place of what is open. Whoever hears of the pick closes it. */
  open(anchor: Element, onPick: (emoji: string) => void): void {
    const language = this.#extras.more.current;
    const picker = new EmojiPicker({
      memory: this.#memory,
      drawn: this.#drawn,
      t: translator(english, language),
      language: language.tag,
      loadNames: async () => (await import('./emoji-names.ts')).EMOJI_NAMES,
      onPick,
      onClose: this.#popover.close,
      requestUpdate: () => this.#panel.updates.requestUpdate(),
    });
    const content = (): ReturnType<EmojiPicker['render']> => picker.render();
    this.#isOpening = true;
    if (this.#popover.isOpen) this.#popover.show(content);
    else this.#popover.toggle(anchor, content);
  }

  /** To the search field; where that would bring up a keyboard on the screen, to the tabs. */
  #focus(): void {
    if (!this.#isOpening) return;
    this.#isOpening = false;
    const first = matchMedia('(pointer: coarse)').matches ? '.emoji-tabs [tabindex="0"]' : '.emoji-search';
    this.#panel.updates.root.querySelector<HTMLElement>(first)?.focus();
  }
}
