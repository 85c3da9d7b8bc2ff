import type { Message } from '@chat-room/sdk';
import type { Strings } from '../text/strings.ts';

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
  announce(messages: readonly Message[], strings: Strings): void {
    this.#waiting.push(...messages);
    if (this.#timer === undefined) this.#flush(strings);
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

  #flush(strings: Strings): void {
    this.#timer = undefined;
    const messages = this.#waiting.splice(0);
    const [first] = messages;
    if (first === undefined) return;
    this.say(messages.length === 1 ? spoken(first) : strings.newMessages(messages.length));
    this.#timer = setTimeout(() => this.#flush(strings), QUIET_MS);
  }
}

function spoken({ from, text }: Message): string {
  return `${from.name}: ${text.length > MAX_SPOKEN ? `${text.slice(0, MAX_SPOKEN)}…` : text}`;
}
