// The chat itself: puts its parts together, and decides what each of them hears of.
import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing, render } from 'lit/html.js';
import { Composer } from '../composer/composer.ts';
import { composerForm } from '../composer/composer-form.ts';
import type { Intent } from '../composer/intent.ts';
import { NEW } from '../composer/intent.ts';
import { Announcer } from '../connection/announcer.ts';
import { connectionBar, noticeText } from '../connection/connection-bar.ts';
import { ConnectionNotice } from '../connection/connection-notice.ts';
import { titleOf } from '../connection/page-room.ts';
import { RoomController } from '../connection/room-controller.ts';
import { select } from '../connection/selection.ts';
import { Unread } from '../connection/unread.ts';
import { toCodedError, WidgetError } from '../connection/widget-error.ts';
import { fire } from '../events.ts';
import type { Extras } from '../extras/extras.ts';
import { header, livenessOf } from '../header/header.ts';
import type { LogActions, LogModel } from '../log/log.ts';
import { logTemplate, queuedCount } from '../log/log.ts';
import { LogController } from '../log/log-controller.ts';
import { LogRows } from '../log/log-rows.ts';
import { RowFocus } from '../log/row-focus.ts';
import { typingRow } from '../log/typing.ts';
import { recall } from '../shell/storage.ts';
import { adoptStyles } from '../styles/adopt.ts';
import type { Context, RichText } from '../text/context.ts';
import { directionOf } from '../text/direction.ts';
import { formatsFor } from '../text/formats.ts';
import { hasMarkup } from '../text/markup.ts';
import { english } from '../text/phrases.ts';
import { translator } from '../text/translate.ts';
import type { Tools } from '../tools/tools.ts';
import type { CreatePanel, Embedding, Panel, PanelListener } from './embedding.ts';
import { Lazy } from './lazy.ts';
import { panelStyles } from './panel.styles.ts';
import type { PanelApi } from './panel-api.ts';
import { Updates } from './updates.ts';

export const createPanel: CreatePanel = (embedding, root, listener) => new ChatPanel(embedding, root, listener);

class ChatPanel implements Panel, PanelApi {
  readonly element: Embedding;
  readonly updates: Updates;
  readonly room: RoomController;
  readonly log: LogController;
  readonly rows: RowFocus;
  readonly composer: Composer;
  readonly #listener: PanelListener;
  readonly #pageLanguage: MutationObserver;
  readonly #unread = new Unread();
  readonly #announcer = new Announcer(() => this.updates.requestFrame());
  readonly #notice = new ConnectionNotice((notice) => {
    if (notice.kind !== 'none') this.#announcer.say(noticeText(notice, queuedCount(this.room.view.messages), this.context.t));
    this.updates.requestUpdate();
  });
  readonly #logActions: LogActions;
  readonly #logRows: LogRows;
  readonly #onLoad = (isLoaded: boolean): void => {
    if (!isLoaded) this.#announcer.say(this.context.t('failed'));
    this.updates.requestUpdate();
  };
  readonly #extras = new Lazy(async (): Promise<Extras> => {
    const { Extras } = await import('../extras/extras.ts');
    return new Extras(this);
  }, this.#onLoad);
  readonly #tools = new Lazy(async (): Promise<Tools> => {
    const [{ Tools }, extras] = await Promise.all([import('../tools/tools.ts'), this.#extras.get()]);
    if (extras === undefined) throw new Error('The menu needs the popover.');
    return new Tools(this, extras);
  }, this.#onLoad);
  readonly #rich = new Lazy(async (): Promise<RichText> => {
    const { createRichText } = await import('../rich/rich-text.ts');
    return createRichText(this);
  }, this.#onLoad);
  #context: Context | undefined;
  #hasRows = false;

  constructor(element: Embedding, root: HTMLElement, listener: PanelListener) {
    this.element = element;
    this.#listener = listener;
    this.#pageLanguage = new MutationObserver(() => listener.onLanguage());
    this.adopt(panelStyles);
    this.updates = new Updates(element, root, () => this.#render());
    this.room = new RoomController(this.updates, () => select(element), {
      onStatus: (change) => {
        this.#notice.update(change);
        fire(element, 'chat-room-status', change);
      },
      onReady: () => {
        fire(element, 'chat-room-ready', { room: select(element).room });
      },
      onMessage: (message) => fire(element, 'chat-room-message', { message }),
      onTimeline: (messages) => this.#onTimeline(messages),
      onReset: () => this.#onReset(),
      onError: (error) => this.onError(error),
      onDenied: () => this.#notice.deny('forbidden'),
    });
    this.log = new LogController(this.updates, {
      messages: () => this.room.view.messages,
      loadEarlier: () => this.room.loadEarlier(),
      onFollow: this.updates.requestUpdate,
    });
    this.rows = new RowFocus(this.updates, () => void this.#extras.get());
    this.composer = new Composer(this.updates, {
      sendOn: () => element.sendOn,
      onFocus: () => void this.#extras.get(),
      onSend: (text, intent) => this.#onSend(text, intent),
      onTyping: (isTyping) => this.room.room?.setTyping(isTyping),
      onEditLast: () => this.#extra((extras) => extras.editLast()),
    });
    this.#logActions = this.#createLogActions();
    this.#logRows = new LogRows(this.#logActions);
  }

  get updateComplete(): Promise<void> {
    return Promise.all([this.#rich, this.#extras, this.#tools].map((part) => part.settled)).then(() => this.updates.complete);
  }

  /** Whether the chat is seen may have changed as well. */
  update(): void {
    this.updates.requestUpdate();
  }

  connected(): void {
    document.addEventListener('visibilitychange', this.updates.requestUpdate);
    this.#pageLanguage.observe(document.documentElement, { attributeFilter: ['lang'] });
    this.updates.tell('connected');
  }

  disconnected(): void {
    document.removeEventListener('visibilitychange', this.updates.requestUpdate);
    this.#pageLanguage.disconnect();
    this.updates.tell('disconnected');
  }

  send(text: string): Promise<void> {
    return this.#send(text, NEW);
  }

  focus(): void {
    this.composer.focus();
  }

  tell(text: string): void {
    this.#extra((extras) => extras.toast.show(text));
  }

  adopt(styles: string): void {
    const { shadowRoot } = this.element;
    if (shadowRoot) adoptStyles(shadowRoot, styles);
  }

  onError(error: unknown): void {
    const coded = toCodedError(error);
    if (this.room.room === undefined) this.#notice.deny(coded.code);
    fire(this.element, 'chat-room-error', { error: coded });
  }

  /** Phrases and formats change with the language, and are kept as long as that is the same. */
  get context(): Context {
    const { language } = this.element;
    const title = titleOf(select(this.element).room);
    const rich = this.#rich.value;
    if (this.#context?.language !== language || this.#context.title !== title || this.#context.rich !== rich) {
      this.#context = { t: translator(english, language), formats: formatsFor(language.tag), language, title, rich };
    }
    return this.#context;
  }

  #render(): void {
    const { root } = this.updates;
    this.#see();
    const model = this.#logModel();
    render(this.#template(model), root);
    this.composer.enter(select(this.element).room);
    const rows = root.querySelector('.days');
    if (rows) this.#logRows.render(rows, model, this.context);
  }

  /** Counts what is in view as read. Once a render: of a burst, the relay need not hear of each message. */
  #see(): void {
    if (this.#isSeen) {
      this.#unread.see();
      this.room.markRead();
    }
    this.#listener.onUnread(this.#unread.count);
  }

  #template(model: LogModel): TemplateResult {
    const { context } = this;
    const { layout, isOpen, lang } = this.element;
    const isLauncher = layout === 'launcher';
    const extras = this.#extras.value;
    return html`
      <section
        class="frame"
        part="frame"
        role=${isLauncher ? 'dialog' : 'region'}
        aria-label=${context.t('chat', { title: context.title })}
        dir=${lang === '' ? nothing : directionOf(context.language.tag)}
        ?hidden=${!isOpen}
        @keydown=${this.#onFrameKeydown}
        @paste=${this.#onFiles}
        @dragover=${this.#onFiles}
        @drop=${this.#onFiles}
      >
        ${this.#header(context, isLauncher)} ${extras?.pinnedBar()} ${this.#stage(model, context)}
        ${typingRow(this.room.view.typing, context)} ${this.#foot(context)}
        <slot name="footer"></slot>
        <div class="spoken" role="status">${this.#announcer.text}</div>
        ${extras?.overlay()}
      </section>
    `;
  }

  #header(context: Context, isLauncher: boolean): TemplateResult {
    const { view } = this.room;
    const model = {
      liveness: livenessOf(view, this.#notice.current),
      presence: view.presence,
      onMenu: this.#onMenu,
      onClose: isLauncher ? () => this.element.close() : undefined,
    };
    return html`<slot name="header">${header(model, context)}</slot>`;
  }

  #stage(model: LogModel, context: Context): TemplateResult {
    return html`
      <div class="stage">
        ${connectionBar(this.#notice.current, queuedCount(model.view.messages), context.t)}
        ${this.#extras.value?.toast.template()}
        ${logTemplate(model, this.#logActions, context)} ${this.#tools.value?.overlay()}
      </div>
    `;
  }

  #logModel(): LogModel {
    const { view: whole } = this.room;
    const { window, isFollowing, arriving } = this.log;
    const { activeKey, targetKey } = this.rows;
    const toolbarKey = this.#extras.value?.openKey ?? this.rows.toolbarKey;
    if (whole.messages.slice(window.start, window.end).some(({ text }) => hasMarkup(text))) void this.#rich.get();
    // The first texts are shown as they will be, and not in passing as they were written.
    const isWaiting = this.#rich.isPending && !this.#hasRows;
    const view = isWaiting ? { ...whole, messages: [], isJoined: false } : whole;
    this.#hasRows ||= view.messages.length > 0;
    return { view, window, isFollowing, arriving, activeKey, toolbarKey, targetKey, unread: this.#unread, now: Date.now() };
  }

  /** Where one writes, or why one can't. */
  #foot(context: Context): TemplateResult {
    const { pinned, you } = this.room.room?.settings ?? {};
    if (pinned !== undefined) void this.#extras.get();
    const isMuted = (you?.mutedUntil ?? 0) > Date.now();
    if (this.element.readonly || you?.write === false || isMuted) {
      return html`<p class="readonly" part="readonly">${context.t(isMuted ? 'muted' : 'readonly')}</p>`;
    }
    return composerForm(this.composer, { above: this.#extras.value?.aboveComposer(), onTool: this.#onTool }, context);
  }

  /** True while the newest message is before somebody's eyes. */
  get #isSeen(): boolean {
    return this.log.isFollowing && !document.hidden && this.element.isOpen;
  }

  #onTimeline(messages: readonly Message[]): void {
    const fresh = this.#unread.observe(messages, this.#isSeen);
    this.#announcer.announce(fresh, this.context);
    if (fresh.length > 0 && !this.#isSeen && recall('chat-room:alerts'))
      void this.#tools.get().then((tools) => tools?.alert(fresh));
  }

  #onReset(): void {
    this.#unread.reset();
    this.#announcer.reset();
    this.log.reset();
    this.updates.requestUpdate();
  }

  async #send(text: string, intent: Intent): Promise<void> {
    const { room } = this.room;
    if (room === undefined) throw new WidgetError('not_connected', 'The element is in no document, or has no room.');
    if (intent.kind === 'edit') {
      if (text !== intent.message.text) await room.edit(intent.message.id, text);
      return;
    }
    this.#unread.forget();
    this.log.jumpToEnd();
    const composed = this.#extras.value?.contentFor(text) ?? { text };
    const content = composed instanceof Promise ? await composed : composed; // the echo shows in the turn of the key press
    if (content.text === '') return; // none of the files has arrived: that stands above the box
    await room.send(content.text, { ...content, ...(intent.kind === 'reply' && { replyTo: intent.message.id }) });
  }

  #onSend(text: string, intent: Intent): boolean {
    if (intent.kind !== 'edit' && !fire(this.element, 'chat-room-send', { text })) return false;
    this.#send(text, intent).catch((error: unknown) => {
      // What failed on its way stands in the log with Retry beside it. What was refused before that comes back.
      const isShown = this.room.view.messages.some((message) => message.delivery.state === 'failed' && message.text === text);
      if (!isShown) this.composer.giveBack(text, intent);
      this.#announcer.say(this.context.t('notSent'));
      this.onError(error);
    });
    return true;
  }

  /** Files that are pasted or dropped. */
  readonly #onFiles = (event: ClipboardEvent | DragEvent): void => {
    const carried = 'dataTransfer' in event ? event.dataTransfer : event.clipboardData;
    // Office programs put a picture of the text beside the text.
    if (!carried?.types.includes('Files') || carried.types.includes('text/plain')) return;
    event.preventDefault();
    const files = [...carried.files];
    if (event.type !== 'dragover') this.#extra((extras) => extras.addFiles(files));
  };

  /** The buttons in the box. */
  readonly #onTool = ({ currentTarget }: Event): void => {
    const button = currentTarget as HTMLElement;
    this.#extra((extras) => extras.useTool(button));
  };

  readonly #onMenu = async (event: Event): Promise<void> => {
    const anchor = event.currentTarget as Element;
    await (await this.#tools.get())?.openMenu(anchor);
  };

  readonly #onFrameKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || this.element.layout !== 'launcher') return;
    if (this.#extras.value?.popover.isOpen) return; // it is what closes first
    event.stopPropagation();
    this.element.close();
  };

  /** Does something for which the extras may have to be loaded first. */
  #extra(use: (extras: Extras) => unknown): void {
    void this.#extras.get().then((extras) => extras && use(extras));
  }

  #createLogActions(): LogActions {
    const { rows, log } = this;
    return {
      ...rows.handlers,
      onKeydown: (event) => this.#extras.value?.rove(event),
      onScroll: log.onScroll,
      jumpToEnd: () => log.jumpToEnd(),
      retryEarlier: () => this.room.retryEarlier(),
      // A failure shows on the message again.
      retry: ({ id }) => void this.room.room?.retry(id).catch((error: unknown) => this.onError(error)),
      discard: ({ id }) => this.room.room?.discard(id),
      renders: () => this.element.renderMessage,
      render: (message) => this.element.renderMessage?.(message),
      jumpTo: (id) => this.#extra((extras) => extras.jumpTo(id)),
      toggleReaction: (message, reaction) => this.#extra((extras) => extras.toggleReaction(message, reaction)),
      toolbar: (message) => this.#extras.value?.toolbar(message),
      notice: (message, action, isActive) => {
        void this.#extras.get();
        return this.#extras.value?.notice(message, action, isActive);
      },
      attachments: (message) => {
        void this.#extras.get();
        return this.#extras.value?.attachments(message);
      },
    };
  }
}
