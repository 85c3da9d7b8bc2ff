// The picker: a search field, a tab for each group, and one group or what was found as a grid. The grid is one stop for the
// Tab key; the arrow keys move in it.
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { Lazy } from '../panel/lazy.ts';
import type { Translate } from '../text/translate.ts';
import type { GroupKey, Names } from './catalogue.ts';
import { GROUP_KEYS, inTone, TONES } from './catalogue.ts';
import { addToCatalogue } from './complete-emoji.ts';
import type { Drawn } from './drawn.ts';
import { drawnOf } from './drawn.ts';
import { placeAfter } from './grid-keys.ts';
import type { EmojiMemory } from './memory.ts';
import type { Key } from './phrases.ts';
import type { NamedEmoji } from './search-emoji.ts';
import { createIndex, searchEmoji } from './search-emoji.ts';

type Tab = GroupKey | 'recent';

/** What stands on the tabs. */
const TAB_EMOJI: { readonly [tab in Tab]: string } = {
  recent: '🕘',
  smileys: '😀',
  people: '👋',
  nature: '🐻',
  food: '🍎',
  travel: '🚗',
  activities: '⚽',
  objects: '💡',
  symbols: '💟',
  flags: '🏁',
};

/** More than anybody looks through: they will type another letter. */
const MAX_FOUND = 120;

export interface EmojiPickerOptions {
  readonly memory: EmojiMemory;
  readonly drawn: Drawn;
  readonly t: Translate<Key>;
  /** A BCP 47 tag, for the names of countries. */
  readonly language: string;
  readonly loadNames: () => Promise<Names>;
  onPick(emoji: string): void;
  onClose(): void;
  requestUpdate(): void;
}

export class EmojiPicker {
  readonly #options: EmojiPickerOptions;
  readonly #index: Lazy<readonly NamedEmoji[]>;
  /** The latest when the picker was opened: they don't move while one picks. */
  readonly #recent: readonly string[];
  #tab: Tab;
  #query = '';
  /** Of the emoji that the Tab key reaches. */
  #place = 0;

  constructor(options: EmojiPickerOptions) {
    this.#options = options;
    this.#recent = options.memory.recent;
    this.#tab = this.#recent.length > 0 ? 'recent' : 'smileys';
    this.#index = new Lazy(async () => {
      const index = createIndex(await options.loadNames(), options.drawn, options.language);
      addToCatalogue(index.map(({ emoji, name }) => [name.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, '_'), emoji]));
      return index;
    }, options.requestUpdate);
  }

  render(): TemplateResult {
    const { t, memory } = this.#options;
    const example = inTone('✋', TONES[memory.tone] ?? '');
    return html`
      <div class="emoji-picker" part="emoji-picker" @keydown=${this.#onKeydown}>
        <div class="emoji-head">
          <input
            class="emoji-search"
            type="search"
            autocomplete="off"
            enterkeyhint="done"
            aria-label=${t('searchEmoji')}
            placeholder=${t('searchEmoji')}
            .value=${this.#query}
            @focus=${() => void this.#index.get()}
            @input=${this.#onSearch}
          />
          <button class="tool emoji-tone" type="button" aria-label=${t('skinTone', { example })} @click=${this.#onTone}>
            ${example}
          </button>
        </div>
        <div class="emoji-tabs" role="tablist">${this.#tabs.map((tab) => this.#tabButton(tab))}</div>
        ${this.#grid()}
      </div>
    `;
  }

  get #isSearch(): boolean {
    return this.#query.trim() !== '';
  }

  get #tabs(): readonly Tab[] {
    return this.#recent.length > 0 ? ['recent', ...GROUP_KEYS] : GROUP_KEYS;
  }

  #tabButton(tab: Tab): TemplateResult {
    const label = this.#options.t(`${tab}Group`);
    const isSelected = tab === this.#tab && !this.#isSearch;
    return html`
      <button
        type="button"
        role="tab"
        aria-label=${label}
        title=${label}
        aria-selected=${isSelected}
        tabindex=${tab === this.#tab ? 0 : -1}
        @click=${() => this.#select(tab)}
      >
        ${TAB_EMOJI[tab]}
      </button>
    `;
  }

  #grid(): TemplateResult {
    const { t } = this.#options;
    const isSearch = this.#isSearch;
    const shown = this.#shown();
    const label = t(isSearch ? 'emojiFound' : `${this.#tab}Group`);
    return html`
      <div class="emoji-grid" role="listbox" aria-label=${label} @click=${this.#onClick} @focusin=${this.#onFocus}>
        ${shown.map(
          (emoji, place) => html`
            <button type="button" role="option" aria-selected=${place === this.#place} tabindex=${place === this.#place ? 0 : -1}>
              ${emoji}
            </button>
          `,
        )}
      </div>
      <p class="emoji-none" role="status">${isSearch && shown.length === 0 ? this.#excuse() : nothing}</p>
    `;
  }

  /** Why nothing was found. */
  #excuse(): string {
    if (this.#index.isPending) return '';
    return this.#options.t(this.#index.value === undefined ? 'emojiSearchFailed' : 'noEmoji');
  }

  /** What the grid has, in the skin tone that was chosen. What was picked lately is shown as it was picked. */
  #shown(): readonly string[] {
    const tone = TONES[this.#options.memory.tone] ?? '';
    if (this.#isSearch) {
      const found = searchEmoji(this.#index.value ?? [], this.#query);
      return found.slice(0, MAX_FOUND).map((emoji) => inTone(emoji, tone));
    }
    if (this.#tab === 'recent') return this.#recent;
    return drawnOf(this.#tab, this.#options.drawn).map(({ emoji }) => inTone(emoji, tone));
  }

  #select(tab: Tab): void {
    this.#tab = tab;
    this.#query = '';
    this.#place = 0;
    this.#options.requestUpdate();
  }

  #pick(emoji: string | undefined): void {
    if (emoji === undefined) return;
    this.#options.memory.add(emoji);
    this.#options.onPick(emoji);
  }

  readonly #onSearch = (event: Event): void => {
    this.#query = (event.target as HTMLInputElement).value;
    this.#place = 0;
    void this.#index.get();
    this.#options.requestUpdate();
  };

  readonly #onTone = (): void => {
    this.#options.memory.nextTone();
    this.#options.requestUpdate();
  };

  readonly #onClick = (event: Event): void => {
    const option = (event.target as Element).closest('[role="option"]');
    if (option !== null) this.#pick(option.textContent?.trim());
  };

  readonly #onFocus = (event: Event): void => {
    const options = [...(event.currentTarget as Element).children];
    this.#place = Math.max(options.indexOf(event.target as Element), 0);
    this.#options.requestUpdate();
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229) return;
    const target = event.target as HTMLElement;
    const isHandled = event.key === 'Escape' ? this.#close() : this.#move(event, target);
    if (!isHandled) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #close(): true {
    this.#options.onClose();
    return true;
  }

  /** True where the key has a meaning for what has the focus. */
  #move(event: KeyboardEvent, target: HTMLElement): boolean {
    const picker = event.currentTarget as HTMLElement;
    const search = picker.querySelector<HTMLElement>('.emoji-search');
    const options = [...picker.querySelectorAll<HTMLElement>('[role="option"]')];
    if (target === search) {
      if (event.key === 'ArrowDown') options[this.#place]?.focus();
      else if (event.key === 'Enter') this.#pick(this.#isSearch ? this.#shown()[0] : undefined);
      else return false;
      return true;
    }
    const list = target.parentElement;
    if (list === null || !list.matches('[role="listbox"], [role="tablist"]')) return false;
    const place = placeAfter(event.key, list, target);
    if (place === undefined) return false;
    const next = place < 0 ? search : (list.children[place] as HTMLElement | undefined);
    next?.focus();
    if (next?.role === 'tab') next.click();
    return true;
  }
}
