import type { Status, StatusChange } from '@chat-room/sdk';

/** `ended` stays; `back` goes by itself. */
export type Notice =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'down' }
  | { readonly kind: 'back' }
  | { readonly kind: 'ended'; readonly code: string };

/** Most interruptions are shorter: nobody needs to hear of them. */
export const DOWN_AFTER_MS = 2_000;
export const BACK_FOR_MS = 2_500;

const NONE: Notice = { kind: 'none' };

/** Decides what people are told of the connection, and when. */
export class ConnectionNotice {
  current: Notice = NONE;
  readonly #onChange: (notice: Notice) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasOnline = false;

  constructor(onChange: (notice: Notice) => void) {
    this.#onChange = onChange;
  }

  /** Takes a change of the client's status. */
  update({ status, error }: StatusChange): void {
    if (status === 'closed') {
      this.#show(error === undefined ? NONE : { kind: 'ended', code: error.code });
    } else if (status === 'online') this.#online();
    else this.#offline(status);
  }

  /** The room refused us for good. */
  deny(code: string): void {
    this.#show({ kind: 'ended', code });
  }

  #online(): void {
    this.#wasOnline = true;
    const wasDown = this.current.kind === 'down';
    this.#show(wasDown ? { kind: 'back' } : NONE);
    if (wasDown) this.#timer = setTimeout(() => this.#show(NONE), BACK_FOR_MS);
  }

  #offline(status: Exclude<Status, 'online' | 'closed'>): void {
    if (this.current.kind === 'back') this.#show(NONE);
    if (status === 'idle' || this.current.kind !== 'none' || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#show({ kind: this.#wasOnline ? 'down' : 'connecting' }), DOWN_AFTER_MS);
  }

  #show(notice: Notice): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (notice.kind === 'none' && this.current.kind === 'none') return;
    this.current = notice;
    this.#onChange(notice);
  }
}
