// What the element on the page and the chat in it know of each other.
import type { Message } from '@chat-room/sdk';
import type { SendOn } from '../composer/enter.ts';
import type { Choice } from '../connection/selection.ts';
import type { Language } from '../text/translate.ts';

/** The element, as its chat sees it. */
export interface Embedding extends HTMLElement, Choice {
  readonly layout: 'inline' | 'launcher';
  readonly readonly: boolean;
  readonly sendOn: SendOn;
  readonly renderMessage: ((message: Message) => unknown) | undefined;
  /** True where the chat is before somebody's eyes, as far as the layout decides that. */
  readonly isOpen: boolean;
  readonly language: Language;
  close(): void;
}

/** The chat in an element, as the element sees it. It lives as long as the element does. */
export interface Panel {
  /** Something of the element changed. */
  update(): void;
  /** Resolves once the latest change is shown. */
  readonly updateComplete: Promise<void>;
  connected(): void;
  disconnected(): void;
  send(text: string): Promise<void>;
  focus(): void;
}

/** What the element wants to hear of. */
export interface PanelListener {
  /** How many messages wait to be seen. */
  onUnread(count: number): void;
  /** The page has another language now. */
  onLanguage(): void;
}

/** Makes a chat in `root`. */
export type CreatePanel = (embedding: Embedding, root: HTMLElement, listener: PanelListener) => Panel;
