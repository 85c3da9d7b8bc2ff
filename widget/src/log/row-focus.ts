import type { PanelHost } from '../panel/updates.ts';

/** What the log hands over of what happens in it. */
export interface RowHandlers {
  readonly onFocusin: (event: Event) => void;
  readonly onFocusout: () => void;
  readonly onPointerover: (event: PointerEvent) => void;
  readonly onPointerleave: () => void;
}

/** Which message has the focus, is pointed at, or was led to. */
export class RowFocus {
  /** Key of the message that the Tab key reaches. */
  activeKey: string | undefined;
  /** Key of the message that somebody was led to just now. */
  targetKey: string | undefined;
  readonly #host: PanelHost;
  readonly handlers: RowHandlers;
  readonly #onUse: () => void;
  #focused: string | undefined;
  #pointed: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onUse` hears that somebody may want to do something with a message. */
  constructor(host: PanelHost, onUse: () => void) {
    this.#host = host;
    this.#onUse = onUse;
    this.handlers = {
      onFocusin: (event) => {
        // A tap does not scroll: what is done with the message would open above what is seen.
        if (isTouch()) (event.target as Element).scrollIntoView({ block: 'nearest' });
        this.#focus(keyOf(event));
      },
      onFocusout: () => this.#focus(undefined),
      // A finger points by giving the focus.
      onPointerover: (event) => this.#point(event.pointerType === 'touch' ? undefined : keyOf(event)),
      onPointerleave: () => this.#point(undefined),
    };
  }

  /** Key of the message whose buttons are shown: what somebody points at goes before what has the focus. */
  get toolbarKey(): string | undefined {
    return this.#pointed ?? this.#focused;
  }

  /** Marks a message for some time. */
  mark(key: string, durationMs: number): void {
    clearTimeout(this.#timer);
    this.targetKey = key;
    this.#timer = setTimeout(() => {
      this.targetKey = undefined;
      this.#host.requestUpdate();
    }, durationMs);
    this.#host.requestUpdate();
  }

  #focus(key: string | undefined): void {
    this.#focused = key;
    if (key !== undefined) this.activeKey = key;
    this.#show();
  }

  #point(key: string | undefined): void {
    if (key === this.#pointed) return;
    this.#pointed = key;
    this.#show();
  }

  #show(): void {
    if (this.toolbarKey !== undefined) this.#onUse();
    this.#host.requestUpdate();
  }
}

function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

function keyOf({ target }: Event): string | undefined {
  return (target as Element).closest<HTMLElement>('[data-key]')?.dataset['key'];
}
