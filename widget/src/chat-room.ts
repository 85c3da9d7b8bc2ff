import type { Message } from '@chat-room/sdk';
import type { SendOn } from './composer/enter.ts';
import type { ClientHandle } from './connection/room-handle.ts';
import { fire } from './events.ts';
import type { Embedding, Panel } from './panel/embedding.ts';
import { LauncherButton } from './shell/launcher-button.ts';
import { shellStyles } from './shell/shell.styles.ts';
import { recall, remember } from './shell/storage.ts';
import { adoptStyles } from './styles/adopt.ts';
import { ENGLISH, loadLanguage, tagOf } from './text/language.ts';
import { LOCALES } from './text/locales.ts';
import type { Language } from './text/translate.ts';

/** On a server there is no element to extend: the class can be imported there, and nothing else. */
const BaseElement = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const NOT_LOADED = 'The chat could not be loaded.';

/** Kept once somebody has opened a chat of this site. */
const OPENED = 'chat-room:opened';

/** Properties, the attributes of text that some of them are, and what these are without one. */
const PROPERTIES = [
  ['room', 'room', ''],
  ['relay', 'relay', ''],
  ['name', 'name', ''],
  ['token', 'token', ''],
  ['theme', 'theme', 'auto'],
  ['layout', 'layout', 'inline'],
  ['sendOn', 'send-on', 'enter'],
  ['client'],
  ['getToken'],
  ['renderMessage'],
] as const;

/**
 * A live chat room: its messages, who is there, and a box to write the next one.
 *
 * This class is what a page loads at first: attributes, the launcher's button, and the place where the chat will be. The
 * chat itself comes with `panel/panel.ts`: at once, or when a launcher is opened.
 */
export class ChatRoom extends BaseElement implements Embedding {
  static readonly observedAttributes = ['room', 'relay', 'name', 'token', 'layout', 'readonly', 'lang', 'send-on'];

  readonly #properties: { [name: string]: unknown } = {};
  #isOpen = false;
  #unread = 0;
  #language = ENGLISH;
  #languageDue: Promise<void> | undefined;
  #tag = '';
  #updated: Promise<void> = Promise.resolve();
  #button: LauncherButton | undefined;
  #loading: Promise<Panel | undefined> | undefined;
  #panel: Panel | undefined;
  #isUpdateDue = false;

  static {
    for (const [name, attribute, initial] of PROPERTIES) {
      const accessor: PropertyDescriptor & ThisType<ChatRoom> = {
        get() {
          return attribute ? (this.getAttribute(attribute) ?? initial) : this.#properties[name];
        },
        set(value: unknown) {
          // Frameworks take a property back by setting it to undefined.
          if (!attribute) this.#properties[name] = value;
          else if (value == null) this.removeAttribute(attribute);
          else this.setAttribute(attribute, value as string);
          this.#updateLater();
        },
      };
      Object.defineProperty(ChatRoom.prototype, name, accessor);
    }
  }

  constructor() {
    super();
    // What a page has set before this script was there hides what is defined above.
    for (const [name, value] of Object.entries(this)) {
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  /** Name of the room. Without one: this page's canonical URL. */
  declare room: string;
  /** Where the relay is: `wss://…/ws`. Without one: where this script came from. */
  declare relay: string;
  /** What the person is called. Without one the relay picks a guest's name. */
  declare name: string;
  /** Says who the person is, where the relay asks for that. */
  declare token: string;
  /** A client of the page's own. The element then makes none, and closes none. */
  declare client: ClientHandle | undefined;
  /** Fetches a token whenever the connection needs a new one. */
  declare getToken: (() => Promise<string> | string) | undefined;
  /** Shows something else than a message's text: a template, a node or plain text. Undefined leaves it as it is. */
  declare renderMessage: ((message: Message) => unknown) | undefined;

  /** Colours: by the system's setting, or always the same. */
  declare theme: 'auto' | 'light' | 'dark';
  /** In the flow of the page, or behind a round button in its corner. */
  declare layout: 'inline' | 'launcher';
  /** What sends: the Enter key, or Ctrl (⌘) and Enter, where Enter alone breaks the line. */
  declare sendOn: SendOn;
  /** True for reading along only. */
  get readonly(): boolean {
    return this.hasAttribute('readonly');
  }
  set readonly(value: boolean) {
    this.toggleAttribute('readonly', value);
  }

  get script(): string {
    return import.meta.url;
  }

  get isOpen(): boolean {
    return this.layout !== 'launcher' || this.#isOpen;
  }

  get language(): Language {
    return this.#language;
  }

  /** Resolves once what was set is shown. */
  get updateComplete(): Promise<void> {
    return this.#updated.then(() => this.#panel?.updateComplete);
  }

  /** Sends a message, like the person would. Resolves once the relay has stored it. */
  async send(text: string): Promise<void> {
    const panel = await this.#load();
    if (panel === undefined) throw new Error(NOT_LOADED);
    await panel.send(text);
  }

  /** Puts the cursor into the composer. */
  override focus(): void {
    if (this.isOpen) this.#panel?.focus();
    else this.#button?.element.focus();
  }

  /** Opens the panel of a launcher. */
  open(): void {
    void this.#toggle(true);
  }

  /** Closes the panel of a launcher. */
  close(): void {
    void this.#toggle(false);
  }

  connectedCallback(): void {
    this.#panel?.connected();
    this.#updateLater();
  }

  disconnectedCallback(): void {
    this.#panel?.disconnected();
  }

  attributeChangedCallback(): void {
    this.#updateLater();
  }

  #updateLater(): void {
    if (this.#isUpdateDue || !this.isConnected) return;
    this.#isUpdateDue = true;
    this.#updated = Promise.resolve().then(() => this.#update());
  }

  async #update(): Promise<void> {
    this.#isUpdateDue = false;
    const tag = tagOf(this);
    if (tag !== this.#tag) {
      this.#tag = tag;
      this.#languageDue = loadLanguage(tag, LOCALES).then((language) => {
        this.#language = language;
      });
    }
    // Beside the phrases. Who has opened a chat of this site before may want to know what waits in it: after the page's own work.
    if (this.isOpen || this.client) void this.#load();
    else if (recall(OPENED)) setTimeout(() => void this.#load(), 1_000);
    await this.#languageDue;
    this.#showButton();
    this.#panel?.update();
    await this.#loading;
  }

  get #root(): ShadowRoot {
    // One that came with the page's HTML shows a skeleton, and stays until there is a chat to show.
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    adoptStyles(root, shellStyles);
    return root;
  }

  #showButton(): void {
    if (this.layout === 'launcher') {
      this.#button ??= new LauncherButton(() => this.#toggle(!this.#isOpen));
      this.#button.show({ isOpen: this.#isOpen, unread: this.#unread }, this.language.phrases);
      if (!this.#button.element.isConnected) this.#root.append(this.#button.element);
    } else this.#button?.element.remove();
  }

  /** The chat's own code, once. Undefined where it can't be fetched: then the next call tries again. */
  #load(): Promise<Panel | undefined> {
    this.#loading ??= this.#createPanel().catch((error: unknown) => {
      this.#loading = undefined;
      fire(this, 'chat-room-error', { error: new Error(NOT_LOADED, { cause: error }) });
      return undefined;
    });
    return this.#loading;
  }

  async #createPanel(): Promise<Panel> {
    const { createPanel } = await import('./panel/panel.ts');
    await this.#languageDue;
    const place = document.createElement('div');
    place.className = 'panel';
    const root = this.#root;
    for (const child of [...root.children]) if (child !== this.#button?.element) child.remove(); // the skeleton
    root.prepend(place);
    this.#panel = createPanel(this, place, {
      onUnread: (unread) => {
        this.#unread = unread;
        this.#showButton();
      },
      onLanguage: () => this.#updateLater(),
    });
    this.#panel.connected();
    this.#panel.update();
    this.#showButton();
    return this.#panel;
  }

  async #toggle(isOpen: boolean): Promise<void> {
    if (this.layout !== 'launcher' || isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    if (isOpen) remember(OPENED, '1');
    this.#showButton();
    const panel = await this.#load();
    panel?.update();
    await panel?.updateComplete;
    if (this.#isOpen === isOpen) this.focus();
  }
}
