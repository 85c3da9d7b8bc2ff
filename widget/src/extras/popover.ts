import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { PanelHost, PanelPart } from '../panel/updates.ts';

const MARGIN = 8;

/** What is laid over everything else, beside what it belongs to. One at a time; the browser closes it on a press elsewhere. */
export class Popover implements PanelPart {
  readonly #host: PanelHost;
  #content: (() => TemplateResult) | undefined;
  #anchor: Element | undefined;
  /** Closed by the very press that is about to ask for it again. */
  #dismissed: Element | undefined;

  constructor(host: PanelHost) {
    this.#host = host;
    host.parts.push(this);
  }

  get isOpen(): boolean {
    return this.#content !== undefined;
  }

  /** Opens beside `anchor`; a second press on it closes. */
  toggle(anchor: Element, content: () => TemplateResult): void {
    if (anchor === this.#dismissed) return;
    this.#anchor = anchor;
    this.show(content);
  }

  /** Shows something else in the place of what is open. */
  show(content: () => TemplateResult): void {
    this.#content = content;
    this.#host.requestUpdate();
  }

  readonly close = (): void => this.#element?.hidePopover();

  template(): TemplateResult {
    return html`
      <div class="popover" part="popover" popover="auto" @beforetoggle=${this.#onToggle}>${this.#content?.() ?? nothing}</div>
    `;
  }

  rendered(): void {
    const element = this.#element;
    if (!element?.isConnected || this.#content === undefined) return;
    if (!element.matches(':popover-open')) element.showPopover();
    this.#place(element);
  }

  readonly #onToggle = (event: ToggleEvent): void => {
    if (event.newState === 'open') return;
    // What had the focus goes with the content: it returns to where it came from, unless what is chosen takes it further.
    if (this.#element?.matches(':focus-within') && this.#anchor instanceof HTMLElement) this.#anchor.focus();
    this.#dismissed = this.#anchor;
    setTimeout(() => {
      this.#dismissed = undefined;
    });
    this.#content = undefined;
    this.#host.requestUpdate();
  };

  /** Above the anchor where there is room, else below it; always within the window. */
  #place(element: HTMLElement): void {
    const anchor = this.#anchor?.getBoundingClientRect();
    if (anchor === undefined) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const top = anchor.top - height - MARGIN;
    const isRightToLeft = getComputedStyle(element).direction === 'rtl';
    const left = isRightToLeft ? anchor.left : anchor.right - width;
    element.style.top = `${within(top < MARGIN ? anchor.bottom + MARGIN : top, innerHeight - height)}px`;
    element.style.left = `${within(left, innerWidth - width)}px`;
  }

  get #element(): HTMLElement | null {
    return this.#host.root.querySelector('.popover');
  }
}

function within(place: number, end: number): number {
  return Math.max(MARGIN, Math.min(place, end - MARGIN));
}
