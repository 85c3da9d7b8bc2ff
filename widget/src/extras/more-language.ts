import type { PanelApi } from '../panel/panel-api.ts';
import { loadLanguage } from '../text/language.ts';
import { MORE_LOCALES } from '../text/more-locales.ts';
import type { Language } from '../text/translate.ts';

/** The phrases of the parts that are loaded later: a second table for each locale. */
export class MoreLanguage {
  readonly #panel: PanelApi;
  #language: Language | undefined;
  #loading: Promise<void> | undefined;
  #tag = '';

  constructor(panel: PanelApi) {
    this.#panel = panel;
  }

  /** Without phrases, that is in English, until they are loaded. */
  get current(): Language {
    const { tag } = this.#panel.context.language;
    if (tag !== this.#tag) void this.load();
    return this.#language ?? { tag, phrases: {} };
  }

  /** Resolves when the phrases of the panel's language are there, or can't be had. */
  async load(): Promise<void> {
    const { tag } = this.#panel.context.language;
    if (tag !== this.#tag) {
      this.#tag = tag;
      this.#language = undefined;
      this.#loading = loadLanguage(tag, MORE_LOCALES).then((language) => {
        if (tag === this.#tag) this.#language = language;
        this.#panel.updates.requestUpdate();
      });
    }
    await this.#loading;
  }
}
