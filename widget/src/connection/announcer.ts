import type { Message } from '@chat-room/sdk';
import type { Context } from '../text/context.ts';
import { plain } from '../text/context.ts';

/** A screen reader takes some seconds for a sentence: what arrives meanwhile is told as a number. */
export const QUIET_MS = 4_000;
const MAX_SPOKEN = 200;

/**
 * The one voice of the widget: new messages and what happens to the connection. It never reads history. The log itself
 * is not a live region, since two voices would say everything twice.
 */
export class Announcer {
  text = '';
  readonly #onChange: () => void;
  #waiting: Message[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Tells of messages: the first at once, those that follow closely together and later. */
  announce(messages: readonly Message[], context: Context): void {
    this.#waiting.push(...messages);
    if (this.#timer === undefined) this.#flush(context);
  }

  /** Says something that can't wait. */
  say(text: string): void {
    // The same words again are only heard if the text differs.
    this.text = text === this.text ? `${text}\u00a0` : text;
    this.#onChange();
  }

  /** Silent from now on. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.text = '';
  }

  #flush(context: Context): void {
    this.#timer = undefined;
    const messages = this.#waiting.splice(0);
    const [first] = messages;
    if (first === undefined) return;
    this.say(messages.length === 1 ? spoken(first, context) : context.t('newMessages', { count: messages.length }));
    this.#timer = setTimeout(() => this.#flush(context), QUIET_MS);
  }
}

function spoken({ from, text }: Message, context: Context): string {
  const words = plain(text, context);
  return `${from.name}: ${words.length > MAX_SPOKEN ? `${words.slice(0, MAX_SPOKEN)}…` : words}`;
}
