import { MAX_TEXT_BYTES } from '@chat-room/sdk/protocol';
import type { PanelHost } from '../panel/updates.ts';
import { recall, remember } from '../shell/storage.ts';
import type { SendOn } from './enter.ts';
import { enterAction, isComposing } from './enter.ts';
import type { Intent } from './intent.ts';
import { NEW } from './intent.ts';

/** Bytes are counted for people only once few are left. */
const COUNTED_BYTES = MAX_TEXT_BYTES / 10;

export interface ComposerListener {
  /** The cursor is in the box. */
  onFocus(): void;
  sendOn(): SendOn;
  /** Takes the text; false where it stays in the box. */
  onSend(text: string, intent: Intent): boolean;
  onTyping(isTyping: boolean): void;
  /** The Up key in an empty box. */
  onEditLast(): void;
}

/** What helps with the writing, once it is loaded: names and emoji that complete what is being typed. */
export interface ComposerHelper {
  /** Place of the chosen one among the candidates; undefined where there are none. */
  readonly selected: number | undefined;
  /** The box has changed. */
  look(box: HTMLTextAreaElement): void;
  /** Takes a key; false where that is none of its keys. */
  press(event: KeyboardEvent): boolean;
  close(): void;
}

/** The box to write in. Its text lives in the textarea: what a person types is never a render away from them. */
export class Composer {
  intent: Intent = NEW;
  /** Bytes that still fit, once they are few; negative when the text is too long. */
  bytesLeft: number | undefined;
  isEmpty = true;
  /** Files go with the text, or without one. */
  hasFiles = false;
  helper: ComposerHelper | undefined;
  readonly #host: PanelHost;
  readonly #listener: ComposerListener;
  #room = '';
  /** The draft that an edit has pushed aside. */
  #aside = '';

  constructor(host: PanelHost, listener: ComposerListener) {
    this.#host = host;
    this.#listener = listener;
  }

  get canSend(): boolean {
    return (!this.isEmpty || this.hasFiles) && (this.bytesLeft ?? 0) >= 0;
  }

  /** Goes on with the draft for a room, once there is a box to hold it. What was typed before that stays. */
  enter(room: string): void {
    if (room === this.#room || this.#box === undefined) return;
    const isTyped = this.#room === '' && this.#box.value !== '';
    this.#room = room;
    if (isTyped) return;
    this.intent = NEW;
    this.#write(recall(`chat-room:draft:${room}`) ?? '');
  }

  focus(): void {
    this.#box?.focus();
  }

  /** Puts text back that could not be sent, unless something else was typed meanwhile. */
  giveBack(text: string, intent: Intent): void {
    if (this.#box?.value !== '') return;
    this.intent = intent;
    this.#write(text);
  }

  /** What is written from now on is meant so. An edit begins with the text of its message, and keeps the draft for later. */
  begin(intent: Exclude<Intent, { kind: 'new' }>): void {
    this.cancel();
    if (intent.kind === 'edit') this.#aside = this.#box?.value ?? '';
    this.intent = intent;
    if (intent.kind === 'edit') this.#write(intent.message.text);
    this.#host.requestUpdate();
    this.focus();
  }

  /** What is written is a new message again; after an edit, the one that was there before it. */
  readonly cancel = (): void => {
    const wasEdit = this.intent.kind === 'edit';
    this.intent = NEW;
    if (wasEdit) this.#write(this.#aside);
    this.#host.requestUpdate();
  };

  readonly onInput = (): void => {
    this.#measure();
    if (this.helper && this.#box) this.helper.look(this.#box);
    else this.#listener.onFocus(); // a page that has not the focus itself tells of none
    if (this.intent.kind !== 'edit') remember(`chat-room:draft:${this.#room}`, this.#box?.value ?? '');
    this.#listener.onTyping(!this.isEmpty);
  };

  readonly onKeydown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (this.helper?.press(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Escape' && this.intent.kind !== 'new') {
      event.stopPropagation();
      this.cancel();
    } else if (event.key === 'ArrowUp' && this.#box?.value === '' && this.intent.kind === 'new') {
      event.preventDefault();
      this.#listener.onEditLast();
    } else if (enterAction(event, matchMedia('(pointer: coarse)').matches, this.#listener.sendOn()) === 'send') {
      event.preventDefault();
      this.#send();
    }
  };

  readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#send();
    this.focus();
  };

  readonly onFocus = (): void => this.#listener.onFocus();

  /** The cursor is elsewhere. */
  readonly onBlur = (): void => this.helper?.close();

  #send(): void {
    this.#measure();
    const { intent } = this;
    const text = withoutEnds(this.#box?.value ?? '');
    if (!this.canSend || !this.#listener.onSend(text, intent)) return;
    this.intent = NEW;
    this.#write(intent.kind === 'edit' ? this.#aside : '');
  }

  #write(text: string): void {
    const box = this.#box;
    if (box === undefined) return;
    box.value = text;
    if (this.intent.kind !== 'edit') remember(`chat-room:draft:${this.#room}`, text);
    this.#measure();
    this.helper?.close();
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
    return this.#host.root.querySelector('textarea') ?? undefined;
  }
}

/** Without blank lines before it, and without blanks behind it: the first line of code keeps its indentation. */
function withoutEnds(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
}

/** Undefined while there is plenty. No UTF-16 unit takes more than three bytes: most texts are not looked at. */
function bytesLeft(text: string): number | undefined {
  if (text.length * 3 < MAX_TEXT_BYTES - COUNTED_BYTES) return undefined;
  const left = MAX_TEXT_BYTES - new TextEncoder().encode(text).length;
  return left < COUNTED_BYTES ? left : undefined;
}
