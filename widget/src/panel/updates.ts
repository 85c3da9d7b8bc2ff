// Renders at most once a turn, and tells the parts of the panel before and after it.

/** A part of the panel that takes part in its life. */
export interface PanelPart {
  connected?(): void;
  disconnected?(): void;
  /** Before each render. */
  willRender?(): void;
  /** After each render, with the result in the document. */
  rendered?(): void;
}

/** What a part needs of the panel that it belongs to. */
export interface PanelHost {
  /** True while the element is in the document. */
  readonly isConnected: boolean;
  /** Holds everything that is rendered. */
  readonly root: HTMLElement;
  readonly parts: PanelPart[];
  readonly requestUpdate: () => void;
  /** However much happens, one render a frame. */
  readonly requestFrame: () => void;
}

export class Updates implements PanelHost {
  readonly root: HTMLElement;
  readonly parts: PanelPart[] = [];
  readonly #element: Element;
  readonly #render: () => void;
  #pending: Promise<void> | undefined;
  #frame: number | undefined;

  constructor(element: Element, root: HTMLElement, render: () => void) {
    this.#element = element;
    this.root = root;
    this.#render = render;
  }

  get isConnected(): boolean {
    return this.#element.isConnected;
  }

  /** Resolves after the render that is due; at once where none is. */
  get complete(): Promise<void> {
    return this.#pending ?? Promise.resolve();
  }

  readonly requestUpdate = (): void => {
    this.#pending ??= Promise.resolve().then(() => this.#update());
  };

  /** A hidden page has no frames, and nothing to wait for. */
  readonly requestFrame = (): void => {
    if (document.hidden) this.requestUpdate();
    else
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.requestUpdate();
      });
  };

  tell(what: keyof PanelPart): void {
    for (const part of this.parts) part[what]?.();
  }

  #update(): void {
    this.tell('willRender'); // what this changes is part of the render
    this.#pending = undefined;
    this.#render();
    this.tell('rendered');
  }
}
