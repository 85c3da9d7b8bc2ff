import { MAX_TEXT_BYTES } from '@chat-room/sdk/protocol';
import type { ReactiveControllerHost } from 'lit';
import { enterAction } from './enter.ts';

/** Bytes are counted for people only once few are left. */
const COUNTED_BYTES = MAX_TEXT_BYTES / 10;

type Host = ReactiveControllerHost & { readonly renderRoot: DocumentFragment | HTMLElement };

export interface ComposerListener {
  /** Takes the text; false where it stays in the box. */
  onSend(text: string): boolean;
  onTyping(isTyping: boolean): void;
}

/** The box to write in. Its text lives in the textarea: what a person types is never a render away from them. */
export class Composer {
  /** Bytes that still fit, once they are few; negative when the text is too long. */
  bytesLeft: number | undefined;
  isEmpty = true;
  readonly #host: Host;
  readonly #listener: ComposerListener;

  constructor(host: Host, listener: ComposerListener) {
    this.#host = host;
    this.#listener = listener;
  }

  get canSend(): boolean {
    return !this.isEmpty && (this.bytesLeft ?? 0) >= 0;
  }

  focus(): void {
    this.#box?.focus();
  }

  /** Puts text back that could not be sent, unless something else was typed meanwhile. */
  giveBack(text: string): void {
    if (this.#box?.value === '') this.#write(text);
  }

  readonly onInput = (): void => {
    this.#measure();
    this.#listener.onTyping(!this.isEmpty);
  };

  readonly onKeydown = (event: KeyboardEvent): void => {
    const action = enterAction(event, matchMedia('(pointer: coarse)').matches);
    if (action !== 'send') return;
    event.preventDefault();
    this.#send();
  };

  readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#send();
    this.focus();
  };

  #send(): void {
    this.#measure();
    const text = this.#box?.value.trim() ?? '';
    if (!this.canSend || !this.#listener.onSend(text)) return;
    this.#write('');
  }

  #write(text: string): void {
    const box = this.#box;
    if (box === undefined) return;
    box.value = text;
    this.#measure();
  }

  /** Grows with the text; the styles say up to where. */
  #measure(): void {
    const box = this.#box;
    if (box === undefined) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
    this.isEmpty = box.value.trim() === '';
    this.bytesLeft = bytesLeft(box.value.trim());
    this.#host.requestUpdate();
  }

  get #box(): HTMLTextAreaElement | undefined {
    return this.#host.renderRoot.querySelector('textarea') ?? undefined;
  }
}

/** Undefined while there is plenty. No UTF-16 unit takes more than three bytes: most texts are not looked at. */
function bytesLeft(text: string): number | undefined {
  if (text.length * 3 < MAX_TEXT_BYTES - COUNTED_BYTES) return undefined;
  const left = MAX_TEXT_BYTES - new TextEncoder().encode(text).length;
  return left < COUNTED_BYTES ? left : undefined;
}
