// What one does with messages, and what was done to the room. Loaded when somebody first points at a message, focuses one,
// or when a room has a pin or a notice to show.
import type { JsonValue, Member, Message, ModerationAction } from '@chat-room/sdk';
import type { Attachment } from '@chat-room/sdk/upload';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { Attachments } from '../attachments/attachments.ts';
import type { EmojiPart } from '../emoji/emoji-part.ts';
import type { Moderation } from '../moderation/moderation.ts';
import { Lazy } from '../panel/lazy.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import { mentionedIn } from '../rich/markdown.ts';
import { MAX_MENTIONS } from '../text/data.ts';
import type { Translate } from '../text/translate.ts';
import { translator } from '../text/translate.ts';
import { Completer } from './completer.ts';
import { extrasStyles } from './extras.styles.ts';
import { insertText } from './insert-text.ts';
import { intentChip } from './intent-chip.ts';
import { KeyboardInset } from './keyboard-inset.ts';
import { MessageActions } from './message-actions.ts';
import { MoreLanguage } from './more-language.ts';
import { noticeTemplate } from './notice.ts';
import { peopleOf } from './people.ts';
import type { Key } from './phrases.ts';
import { english } from './phrases.ts';
import { pinnedBar } from './pinned-bar.ts';
import { PinnedMessage } from './pinned-message.ts';
import { Popover } from './popover.ts';
import { roveFocus } from './roving-focus.ts';
import { SlowMode } from './slow-mode.ts';
import { Toast } from './toast.ts';

/** How long a message that somebody was led to is marked. */
const TARGET_MS = 2_000;
/** So much of the log is loaded on the way to a message: ten thousand events. */
const MAX_PAGES = 50;
const PAGE_EVENTS = 200;

type JsonObject = { readonly [key: string]: JsonValue };

/** What a message says. */
export interface Content {
  readonly text: string;
  readonly data?: JsonObject;
}

export class Extras {
  readonly popover: Popover;
  readonly toast: Toast;
  readonly more: MoreLanguage;
  readonly moderation: Lazy<Moderation>;
  readonly #panel: PanelApi;
  readonly #emoji: Lazy<EmojiPart>;
  readonly #attachments: Lazy<Attachments>;
  readonly #actions: MessageActions;
  readonly #pinned: PinnedMessage;
  readonly #completer: Completer;
  readonly #slowMode: SlowMode;

  constructor(panel: PanelApi) {
    this.#panel = panel;
    panel.adopt(extrasStyles);
    this.popover = new Popover(panel.updates);
    this.toast = new Toast(panel.updates);
    this.more = new MoreLanguage(panel);
    const onLoad = (isLoaded: boolean): void => {
      if (!isLoaded) panel.tell(panel.context.t('failed'));
      panel.updates.requestUpdate();
    };
    this.moderation = new Lazy(async () => {
      const [{ Moderation }] = await Promise.all([import('../moderation/moderation.ts'), this.more.load()]);
      return new Moderation(panel, this);
    }, onLoad);
    this.#emoji = new Lazy(async () => {
      const [{ EmojiPart }] = await Promise.all([import('../emoji/emoji-part.ts'), this.more.load()]);
      return new EmojiPart(panel, this);
    }, onLoad);
    this.#attachments = new Lazy(async () => {
      const [{ Attachments }] = await Promise.all([import('../attachments/attachments.ts'), this.more.load()]);
      return new Attachments(panel, this);
    }, onLoad);
    this.#actions = new MessageActions(panel, this);
    panel.updates.parts.push(new KeyboardInset(panel.element));
    this.#completer = new Completer(panel);
    panel.composer.helper = this.#completer;
    const box = panel.updates.root.querySelector('textarea');
    if (box && box.value !== '') this.#completer.look(box); // what was typed while this was loaded
    this.#slowMode = new SlowMode(panel);
    this.#pinned = new PinnedMessage(panel.updates, () => panel.room.room);
  }

  /** Key of the message whose menu is open. */
  get openKey(): string | undefined {
    return this.popover.isOpen ? this.#actions.key : undefined;
  }

  toolbar(message: Message): TemplateResult | typeof nothing {
    return this.#actions.isOffered(message) ? this.#actions.toolbar(message, this.t) : nothing;
  }

  /** A button in the composer was pressed. */
  useTool(button: HTMLElement): void {
    if (button.dataset['tool'] === 'emoji') void this.pickEmoji(button, (emoji) => this.#insert(emoji));
    else void this.#attachments.get().then((attachments) => attachments?.choose());
  }

  /** Opens the picker beside `anchor`, or in the place of what is open. */
  async pickEmoji(anchor: Element, onPick: (emoji: string) => void): Promise<void> {
    (await this.#emoji.get())?.open(anchor, onPick);
  }

  #insert(text: string): void {
    this.popover.close();
    const box = this.#panel.updates.root.querySelector('textarea');
    if (box) insertText(box, text, box.selectionStart, box.selectionEnd);
    // With the focus a keyboard would come up where one was not asked for.
    if (matchMedia('(pointer: coarse)').matches) box?.blur();
  }

  /** The arrow keys, Enter and Escape in the log. */
  rove(event: KeyboardEvent): void {
    const { log } = this.#panel;
    roveFocus(event, (edge) => (edge === 'last' ? log.jumpToEnd() : log.showEarlier()));
  }

  toggleReaction(message: Message, reaction: string): void {
    this.#actions.toggleReaction(message, reaction);
  }

  /** Edits one's own latest message. */
  editLast(): void {
    this.#actions.editLast(this.#panel.room.view.messages);
  }

  notice(message: Message, action: ModerationAction, isActive: boolean): TemplateResult {
    return noticeTemplate(message, action, isActive, this.#panel.context, this.t);
  }

  pinnedBar(): TemplateResult | typeof nothing {
    const message = this.#pinned.current;
    return message === undefined ? nothing : pinnedBar(message, () => void this.jumpTo(message.id), this.t);
  }

  /** A message with that text: whom it names, and the files that go with it. A promise only where files are on their way. */
  contentFor(text: string): Content | Promise<Content> {
    const mentions = mentionsIn(text, peopleOf(this.#panel.room.view)).map(({ id, name }) => ({ id, name }));
    const data = mentions.length > 0 ? { mentions } : undefined;
    const pending = this.#panel.composer.hasFiles ? this.#attachments.value?.take() : undefined;
    return pending?.then((attachments) => withFiles(text, data, attachments)) ?? { text, ...(data && { data }) };
  }

  /** Files that somebody chose, pasted or dropped. */
  addFiles(files: readonly File[]): void {
    void this.#attachments.get().then((attachments) => attachments?.add(files));
  }

  /** Images and files in a message. */
  attachments(message: Message): TemplateResult | typeof nothing {
    void this.#attachments.get();
    return this.#attachments.value?.view(message) ?? nothing;
  }

  /** Over everything else. */
  overlay(): TemplateResult {
    return html`${this.popover.template()} ${this.#attachments.value?.overlay() ?? nothing}`;
  }

  /** What is answered or edited, how long one waits, and what completes the word that is being typed. */
  aboveComposer(): TemplateResult {
    const { composer } = this.#panel;
    const { intent } = composer;
    const chip = intent.kind === 'new' ? nothing : intentChip(intent, composer.cancel, this.t);
    return html`${chip} ${this.#slowMode.template(this.t)} ${this.#attachments.value?.pending() ?? nothing} ${this.#completer.template(this.t)}`;
  }

  /** Shows the message with that id, wherever in the log it is. */
  async jumpTo(id: string): Promise<void> {
    const { log, rows, context } = this.#panel;
    const message = await this.#find(id).catch(() => undefined);
    if (message === undefined || !log.show(message.key)) this.#panel.tell(context.t('unavailable'));
    else rows.mark(message.key, TARGET_MS);
  }

  /** Loads the log back to a message, as far as that is sensible. */
  async #find(id: string): Promise<Message | undefined> {
    const { room } = this.#panel.room;
    if (room === undefined) return undefined;
    const found = (): Message | undefined => room.timeline.find((message) => message.id === id);
    let atStart = false;
    for (let page = 0; page < MAX_PAGES && !atStart && found() === undefined; page++) {
      ({ atStart } = await room.loadBefore(PAGE_EVENTS));
    }
    return found();
  }

  /** What this part says, which parts loaded later say as well. */
  get t(): Translate<Key> {
    return translator(english, this.#panel.context.language);
  }
}

/** Those of `people` whom the text names. */
function mentionsIn(text: string, people: readonly Member[]): readonly Member[] {
  const named = mentionedIn(
    text,
    people.map(({ name }) => name),
  );
  return people.filter(({ name }) => named.has(name.toLocaleLowerCase())).slice(0, MAX_MENTIONS);
}

/** Who sees nothing but texts sees the names of the files. */
function withFiles(text: string, data: JsonObject | undefined, attachments: readonly Attachment[]): Content {
  if (attachments.length === 0) return { text, ...(data && { data }) };
  const files = attachments.map((file) => ({ ...file }));
  if (text !== '') return { text, data: { ...data, attachments: files } };
  return { text: files.map(({ name }) => name).join(', '), data: { ...data, attachments: files, fallback: true } };
}
