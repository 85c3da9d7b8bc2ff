import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit';
import { html, LitElement, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { styles } from './chat-room.styles.ts';
import { Composer } from './composer/composer.ts';
import { composerForm } from './composer/composer-form.ts';
import { Announcer } from './connection/announcer.ts';
import { connectionBar, noticeText } from './connection/connection-bar.ts';
import { ConnectionNotice } from './connection/connection-notice.ts';
import { titleOf } from './connection/page-room.ts';
import { RoomController } from './connection/room-controller.ts';
import type { ClientHandle, RoomHandle } from './connection/room-handle.ts';
import { select } from './connection/selection.ts';
import { Unread } from './connection/unread.ts';
import { toCodedError, WidgetError } from './connection/widget-error.ts';
import { fire } from './events.ts';
import { header, livenessOf } from './header/header.ts';
import { KeyboardInset } from './launcher/keyboard-inset.ts';
import { launcherButton } from './launcher/launcher.ts';
import type { LogActions } from './log/log.ts';
import { logTemplate, queuedCount } from './log/log.ts';
import { LogController } from './log/log-controller.ts';
import { roveFocus } from './log/roving-focus.ts';
import { typingRow } from './log/typing.ts';
import type { Context } from './text/context.ts';
import { formatsFor } from './text/formats.ts';
import { stringsFor } from './text/strings.ts';

/**
 * A live chat room: its messages, who is there, and a box to write the next one.
 *
 * @element chat-room
 * @fires chat-room-ready - The room is live.
 * @fires chat-room-message - A message is stored, one's own included.
 * @fires chat-room-send - Somebody presses send. Cancel it and nothing is sent.
 * @fires chat-room-status - The connection changed.
 * @fires chat-room-error - Something went wrong that the page may want to know of.
 *
 * @slot header - Replaces the header.
 * @slot empty - Shown while the room has no messages.
 *
 * @csspart frame - Everything, with its border and its corners.
 * @csspart header - The header; in it `title`, `status` (the dot), `close`.
 * @csspart connection-bar - What is said of a lost connection.
 * @csspart log - The scrolling messages; in it `day`, `unread`, `message` (also `message-own` or `message-other`),
 *   `avatar`, `author`, `bubble`, `deleted`, `quote`, `reactions`, `failure`, `empty`.
 * @csspart jump - The button that leads to the newest message.
 * @csspart typing - Who is typing.
 * @csspart composer - The form; in it `input`, `counter`, `send`. `readonly` stands in its place where nobody may write.
 * @csspart launcher - The round button of `layout="launcher"`; on it `badge`.
 *
 * @cssprop --chat-room-accent - Own messages, buttons, focus.
 * @cssprop --chat-room-on-accent - Text on the accent. By default black or white, whichever can be read.
 * @cssprop --chat-room-background - Behind everything.
 * @cssprop --chat-room-surface - Bubbles of others, and the composer's field.
 * @cssprop --chat-room-text - Text.
 * @cssprop --chat-room-muted - Times, hints and other text of less weight.
 * @cssprop --chat-room-border - Lines.
 * @cssprop --chat-room-danger - Failures.
 * @cssprop --chat-room-radius - Corners of the frame.
 * @cssprop --chat-room-font - Font family.
 * @cssprop --chat-room-height - Height, unless a rule of the page gives the element one.
 * @cssprop --chat-room-launcher-inset - Distance of the launcher from the page's corner.
 */
export class ChatRoom extends LitElement {
  static override styles = styles;

  /** Name of the room. Without one: this page's canonical URL. */
  @property() room = '';
  /** Where the relay is: `wss://…/ws`. Without one: where this script came from. */
  @property() relay = '';
  /** What the person is called. Without one the relay picks a guest's name. */
  @property() name = '';
  /** Says who the person is, where the relay asks for that. */
  @property() token = '';
  /** Colours: by the system's setting, or always the same. */
  @property({ reflect: true }) theme: 'auto' | 'light' | 'dark' = 'auto';
  /** Language of dates and words. Without one: that of the page. */
  @property({ reflect: true }) override lang = '';
  /** In the flow of the page, or behind a round button in its corner. */
  @property({ reflect: true }) layout: 'inline' | 'launcher' = 'inline';
  /** True for reading along only. */
  @property({ type: Boolean, reflect: true }) readonly = false;

  /** A client of the page's own. The element then makes none, and closes none. */
  @property({ attribute: false }) client: ClientHandle | undefined;
  /** Fetches a token whenever the connection needs a new one. */
  @property({ attribute: false }) getToken: (() => Promise<string> | string) | undefined;
  /** Shows something else than a message's text: a template, a node or plain text. Undefined leaves it as it is. */
  @property({ attribute: false }) renderMessage: ((message: Message) => unknown) | undefined;

  readonly #unread = new Unread();
  readonly #announcer = new Announcer(() => this.requestUpdate());
  readonly #notice = new ConnectionNotice((notice) => {
    if (notice.kind !== 'none')
      this.#announcer.say(noticeText(notice, queuedCount(this.#room.view.messages), this.#context.strings));
    this.requestUpdate();
  });
  readonly #room = new RoomController(this, () => select(this), {
    onStatus: (change) => {
      this.#notice.update(change);
      fire(this, 'chat-room-status', change);
    },
    onReady: () => fire(this, 'chat-room-ready', { room: select(this).room }),
    onMessage: (message) => fire(this, 'chat-room-message', { message }),
    onTimeline: (messages) => this.#onTimeline(messages),
    onReset: () => this.#onReset(),
    onError: (error) => this.#onError(error),
    onDenied: () => this.#notice.deny('forbidden'),
  });
  readonly #log: LogController;
  readonly #composer = new Composer(this, {
    onSend: (text) => this.#onSend(text),
    onTyping: (isTyping) => this.#room.room?.setTyping(isTyping),
  });
  readonly #logActions: LogActions;
  #isOpen = false;
  #activeKey: string | undefined;

  constructor() {
    super();
    const room = this.#room;
    this.#log = new LogController(this, {
      get messages() {
        return room.view.messages;
      },
      loadEarlier: () => room.loadEarlier(),
      onFollow: () => this.#look(),
    });
    this.#logActions = this.#createLogActions();
    new KeyboardInset(this);
  }

  /** Sends a message, like the person would. Resolves once the relay has stored it. */
  async send(text: string): Promise<void> {
    const room = this.#room.room;
    if (room === undefined) throw new WidgetError('not_connected', 'The element is in no document, or has no room.');
    this.#unread.forget();
    this.#log.jumpToEnd();
    await room.send(text);
  }

  /** Puts the cursor into the composer. */
  override focus(): void {
    this.#composer.focus();
  }

  /** Opens the panel of a launcher. */
  open(): void {
    if (this.layout === 'launcher') this.#toggle(true);
  }

  /** Closes the panel of a launcher. */
  close(): void {
    if (this.layout === 'launcher') this.#toggle(false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
  }

  protected override render(): TemplateResult {
    const context = this.#context;
    const isLauncher = this.layout === 'launcher';
    return html`
      <section
        class="frame"
        part="frame"
        role=${isLauncher ? 'dialog' : 'region'}
        aria-label=${context.strings.chat(context.title)}
        ?hidden=${isLauncher && !this.#isOpen}
        @keydown=${this.#onFrameKeydown}
      >
        ${this.#renderChat(context)}
      </section>
      ${
        isLauncher
          ? launcherButton(
              { isOpen: this.#isOpen, unread: this.#unread.count, onToggle: () => this.#toggle(!this.#isOpen) },
              context,
            )
          : nothing
      }
    `;
  }

  #renderChat(context: Context): TemplateResult {
    const { view } = this.#room;
    const { strings } = context;
    const { window, isFollowing, arriving } = this.#log;
    const log = { view, window, isFollowing, arriving, activeKey: this.#activeKey, unread: this.#unread, now: Date.now() };
    return html`
      <slot name="header">
        ${header({ liveness: livenessOf(view, this.#notice.current), presence: view.presence, onClose: this.layout === 'launcher' ? this.#onClose : undefined }, context)}
      </slot>
      <div class="stage">
        ${connectionBar(this.#notice.current, queuedCount(view.messages), strings)} ${logTemplate(log, this.#logActions, context)}
      </div>
      ${typingRow(view.typing, context)}
      ${this.readonly ? html`<p class="readonly" part="readonly">${strings.readonly}</p>` : composerForm(this.#composer, context)}
      <div class="spoken" role="status">${this.#announcer.text}</div>
    `;
  }

  get #context(): Context {
    const language = this.lang || this.closest('[lang]')?.getAttribute('lang') || navigator.language;
    return { strings: stringsFor(language), formats: formatsFor(language), title: titleOf(select(this).room) };
  }

  /** True while the newest message is before somebody's eyes. */
  get #isSeen(): boolean {
    return this.#log.isFollowing && !document.hidden && (this.layout === 'inline' || this.#isOpen);
  }

  /** Counts what is in view as read. */
  readonly #look = (): void => {
    if (this.#isSeen) {
      this.#unread.see();
      this.#room.markRead();
    }
    this.requestUpdate();
  };

  #onTimeline(messages: readonly Message[]): void {
    const fresh = this.#unread.observe(messages, this.#isSeen);
    if (fresh.length > 0) this.#announcer.announce(fresh, this.#context.strings);
    this.#look();
  }

  #onReset(): void {
    this.#unread.reset();
    this.#announcer.reset();
    this.#log.reset();
    this.requestUpdate();
  }

  #onError(error: unknown): void {
    const coded = toCodedError(error);
    if (this.#room.room === undefined) this.#notice.deny(coded.code);
    fire(this, 'chat-room-error', { error: coded });
  }

  #onSend(text: string): boolean {
    if (!fire(this, 'chat-room-send', { text })) return false;
    this.send(text).catch((error: unknown) => {
      // What failed on its way stands in the log with Retry beside it. What was refused before that comes back.
      const isShown = this.#room.view.messages.some((message) => message.delivery.state === 'failed' && message.text === text);
      if (!isShown) this.#composer.giveBack(text);
      this.#announcer.say(this.#context.strings.notSent);
      this.#onError(error);
    });
    return true;
  }

  readonly #onClose = (): void => this.#toggle(false);

  readonly #onFrameKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || this.layout !== 'launcher') return;
    event.stopPropagation();
    this.#toggle(false);
  };

  #toggle(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#look();
    void this.updateComplete.then(() => {
      if (isOpen) this.focus();
      else this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus();
    });
  }

  #createLogActions(): LogActions {
    const room = (): RoomHandle | undefined => this.#room.room;
    return {
      onScroll: this.#log.onScroll,
      onKeydown: (event) => roveFocus(event, (edge) => (edge === 'last' ? this.#log.jumpToEnd() : this.#log.showEarlier())),
      onFocusin: (event) => {
        this.#activeKey = (event.target as Element).closest<HTMLElement>('[data-key]')?.dataset['key'];
        this.requestUpdate();
      },
      jumpToEnd: () => this.#log.jumpToEnd(),
      retryEarlier: () => this.#room.retryEarlier(),
      // A failure shows on the message again.
      retry: ({ id }) =>
        void room()
          ?.retry(id)
          .catch((error: unknown) => this.#onError(error)),
      discard: ({ id }) => room()?.discard(id),
      render: (message) => this.renderMessage?.(message),
    };
  }
}
