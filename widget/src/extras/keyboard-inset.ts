import type { PanelPart } from '../panel/updates.ts';

/** What an on-screen keyboard hides of the page, in pixels. Zooming in shrinks the visible part as well, and hides nothing. */
export function hiddenByKeyboard(pageHeight: number, visible: { height: number; offsetTop: number; scale: number }): number {
  return visible.scale === 1 ? Math.max(0, Math.round(pageHeight - visible.height - visible.offsetTop)) : 0;
}

/** Phones lay their keyboard over the page without telling the layout (iOS always): the panel learns of it here. */
export class KeyboardInset implements PanelPart {
  readonly #element: HTMLElement;

  constructor(element: HTMLElement) {
    this.#element = element;
    if (element.isConnected) this.connected();
  }

  connected(): void {
    globalThis.visualViewport?.addEventListener('resize', this.#measure);
    globalThis.visualViewport?.addEventListener('scroll', this.#measure);
  }

  disconnected(): void {
    globalThis.visualViewport?.removeEventListener('resize', this.#measure);
    globalThis.visualViewport?.removeEventListener('scroll', this.#measure);
  }

  readonly #measure = (): void => {
    const { visualViewport } = globalThis;
    if (visualViewport === null) return;
    this.#element.style.setProperty('--_keyboard', `${hiddenByKeyboard(innerHeight, visualViewport)}px`);
  };
}
