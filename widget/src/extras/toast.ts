import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { PanelHost } from '../panel/updates.ts';

const SHOWN_MS = 3_000;

/** A word on what was just done. It goes by itself. */
export class Toast {
  #text = '';
  readonly #host: PanelHost;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: PanelHost) {
    this.#host = host;
  }

  template(): TemplateResult | typeof nothing {
    return this.#text === '' ? nothing : html`<div class="bar toast" part="toast" role="status">${this.#text}</div>`;
  }

  show(text: string): void {
    clearTimeout(this.#timer);
    this.#text = text;
    this.#timer = setTimeout(() => this.show(''), SHOWN_MS);
    if (text === '') clearTimeout(this.#timer);
    this.#host.requestUpdate();
  }
}
