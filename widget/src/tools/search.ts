import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { avatar } from '../header/avatar.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import { plainText } from '../rich/markdown.ts';
import type { Translate } from '../text/translate.ts';
import type { Key } from './phrases.ts';
import { PAGE_EVENTS, readBackwards } from './whole-log.ts';

/** So much of a log is searched: twenty thousand events. */
const MAX_PAGES = 100;
const MAX_RESULTS = 100;
/** A pause in typing after which the search begins. */
const PAUSE_MS = 250;
const CONTEXT_CHARACTERS = 40;

/** Looks through the log for a text, from its end backwards. */
export class Search {
  readonly #panel: PanelApi;
  readonly #t: Translate<Key>;
  readonly #jumpTo: (id: string) => void;
  #query = '';
  #results: Message[] = [];
  #state: 'idle' | 'searching' | 'done' | 'cut' | 'failed' = 'idle';
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(panel: PanelApi, t: Translate<Key>, jumpTo: (id: string) => void) {
    this.#panel = panel;
    this.#t = t;
    this.#jumpTo = jumpTo;
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  render(): TemplateResult {
    const t = this.#t;
    return html`
      <input
        class="search"
        type="search"
        enterkeyhint="search"
        dir="auto"
        aria-label=${t('searchFor')}
        placeholder=${t('searchFor')}
        @input=${this.#onInput}
      />
      <p class="sheet-note" role="status">${this.#note()}</p>
      <ul class="results">
        ${this.#results.map((message) => html`<li>${this.#result(message)}</li>`)}
      </ul>
    `;
  }

  #note(): unknown {
    const t = this.#t;
    switch (this.#state) {
      case 'idle':
        return nothing;
      case 'searching':
        return html`<span class="spinner"></span> ${t('searching')}`;
      case 'failed':
        return t('failed');
      case 'cut':
        return `${this.#found()} ${t('searchedPart', { count: MAX_PAGES * PAGE_EVENTS })}`;
      case 'done':
        return this.#found();
    }
  }

  #found(): string {
    const count = this.#results.length;
    return count === 0 ? this.#t('noResults') : this.#t('results', { count });
  }

  #result(message: Message): TemplateResult {
    const { formats } = this.#panel.context;
    const [before, found, after] = excerpt(plainText(message.text), this.#query);
    return html`
      <button type="button" class="result" @click=${() => this.#jumpTo(message.id)}>
        ${avatar(message.from)}
        <span class="result-text">
          <span class="result-head"><bdi>${message.from.name}</bdi> <time>${formats.day(message.at, Date.now())} ${formats.time(message.at)}</time></span>
          <span dir="auto">${before}<mark>${found}</mark>${after}</span>
        </span>
      </button>
    `;
  }

  readonly #onInput = (event: Event): void => {
    this.close();
    this.#query = (event.target as HTMLInputElement).value.trim();
    this.#results = [];
    this.#state = this.#query === '' ? 'idle' : 'searching';
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (this.#query !== '') this.#timer = setTimeout(() => void this.#run(signal), PAUSE_MS);
    this.#panel.updates.requestUpdate();
  };

  async #run(signal: AbortSignal): Promise<void> {
    const { room } = this.#panel.room;
    if (room === undefined) return;
    try {
      const pages = readBackwards(room, MAX_PAGES, signal);
      let next = await pages.next();
      while (!next.done && this.#results.length < MAX_RESULTS) {
        this.#results.push(...next.value.filter(({ text }) => includes(plainText(text), this.#query)));
        this.#panel.updates.requestUpdate();
        next = await pages.next();
      }
      if (!signal.aborted) this.#state = next.done === true && next.value === true ? 'done' : 'cut';
    } catch {
      if (!signal.aborted) this.#state = 'failed';
    }
    this.#panel.updates.requestUpdate();
  }
}

function includes(text: string, query: string): boolean {
  return folded(text).includes(folded(query));
}

/** Letters alike but for case and accents are the same to somebody who searches. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** The found words, and some before and after them. */
function excerpt(text: string, query: string): readonly [before: string, found: string, after: string] {
  const place = text.toLocaleLowerCase().indexOf(query.toLocaleLowerCase());
  if (place < 0) return ['', '', text];
  const start = Math.max(0, place - CONTEXT_CHARACTERS);
  return [
    (start > 0 ? '…' : '') + text.slice(start, place),
    text.slice(place, place + query.length),
    text.slice(place + query.length),
  ];
}
