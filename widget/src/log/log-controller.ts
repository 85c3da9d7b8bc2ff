import type { Message } from '@chat-room/sdk';
import type { PanelHost, PanelPart } from '../panel/updates.ts';
import type { RowWindow } from './row-window.ts';
import { around, earlier, follow, KEPT_ROWS, later, relocate, tail } from './row-window.ts';
import type { Anchor } from './scroll-anchor.ts';
import { distanceToEnd, restore, visibleAnchors } from './scroll-anchor.ts';

/** So near to the end the log follows it. */
const FOLLOW_PX = 80;
/** So near to where the rendered rows end, the next ones are fetched. */
const NEAR_PX = 600;
/** More than this at once is a backlog, which does not dance in row by row. */
const MAX_ARRIVING = 3;

/** What the log needs to know, and whom it asks for more. */
export interface LogSource {
  messages(): readonly Message[];
  loadEarlier(): void;
  /** The reader reached the end, or left it. */
  onFollow(isFollowing: boolean): void;
}

/** Scrolling: which rows are in the document, what stays in place, and whether the end is followed. */
export class LogController implements PanelPart {
  window: RowWindow = { start: 0, end: 0 };
  /** What is in the document of it by now. */
  #drawn: RowWindow = this.window;
  isFollowing = true;
  /** Keys of rows that rise in. */
  arriving: ReadonlySet<string> = new Set();
  readonly #host: PanelHost;
  readonly #source: LogSource;
  #messages: readonly Message[] = [];
  #anchors: readonly Anchor[] = [];
  /** Where the log was scrolled to when this was last looked at. */
  #scrollTop = 0;
  #log: Element | undefined;
  #resizes: ResizeObserver | undefined;
  /** Key of the message to bring into view with the next render. */
  #target: string | undefined;

  constructor(host: PanelHost, source: LogSource) {
    this.#host = host;
    this.#source = source;
    host.parts.push(this);
  }

  /** Everything shown is void. */
  reset(): void {
    this.#messages = [];
    this.arriving = new Set();
    this.window = tail(0);
    this.#follow(true);
  }

  /** To the newest message, and from then on along with it. */
  jumpToEnd(): void {
    this.window = tail(this.#messages.length);
    this.#follow(true);
    this.#host.requestUpdate();
  }

  /** Brings a message before the reader's eyes. False where it is not loaded. */
  show(key: string): boolean {
    this.willRender(); // it may have been loaded since the last frame
    const place = placeOf({ key }, this.#messages);
    if (place < 0) return false;
    if (place < this.window.start || place >= this.window.end) this.window = around(place, this.#messages.length);
    this.#target = key;
    this.#follow(false);
    this.#host.requestUpdate();
    return true;
  }

  /** More rows before those in the document, from what is loaded or from the relay. */
  showEarlier(): void {
    if (this.window.start === 0) this.#source.loadEarlier();
    else this.#show(earlier(this.window));
  }

  readonly onScroll = (): void => {
    const log = this.#log;
    if (!log?.clientHeight) return;
    this.#noticeMove(log);
    if (this.window.end === this.#messages.length && distanceToEnd(log) <= FOLLOW_PX) this.#follow(true);
    this.#fill(log);
  };

  willRender(): void {
    if (this.#log) this.#noticeMove(this.#log);
    const messages = this.#source.messages();
    if (messages !== this.#messages) this.#replace(messages);
  }

  rendered(): void {
    this.#drawn = this.window;
    const log = this.#host.root.querySelector('.log') ?? undefined;
    if (log !== this.#log) this.#observe(log);
    if (!log?.clientHeight) return;
    this.#settle(log);
    this.#fill(log);
  }

  connected(): void {
    this.#observe(this.#log);
    // Taken out of the document, a box forgets where it was scrolled to.
    if (this.#log?.clientHeight) this.#settle(this.#log);
  }

  disconnected(): void {
    this.#resizes?.disconnect();
  }

  #replace(messages: readonly Message[]): void {
    const before = this.#messages;
    this.#messages = messages;
    // Who follows the end is shown what came, and only in a later frame what is further up.
    const old = this.isFollowing ? this.#drawn : this.window;
    const first = placeOf(before[old.start], messages);
    const last = placeOf(before[old.end - 1], messages);
    const window = relocate(old, first, last, messages.length);
    // Near the top what came in above is drawn at once: a first row that loses its name could not be scrolled back into place.
    const held = this.#scrollTop < NEAR_PX ? earlier(window) : window;
    this.window = this.isFollowing ? follow(window, messages.length) : held;
    const arrived = !this.isFollowing ? [] : messages.slice(placeOf(before.at(-1), messages) + 1);
    const isBacklog = arrived.length > MAX_ARRIVING || before.length === 0;
    const keys = arrived.map(({ key }) => key);
    this.arriving = new Set(isBacklog ? [] : [...this.arriving, ...keys].slice(-2 * MAX_ARRIVING));
  }

  #observe(log: Element | undefined): void {
    this.#resizes?.disconnect();
    this.#log = log;
    if (!log) return;
    // The composer grows, a font arrives, the page is turned: what was in view stays there.
    this.#resizes ??= new ResizeObserver(() => {
      if (!this.#log?.clientHeight) return;
      this.#noticeMove(this.#log);
      this.#settle(this.#log);
    });
    this.#resizes.observe(log);
    for (const child of log.children) this.#resizes.observe(child);
  }

  /**
   * Only who scrolls up leaves the end: that it is further away may be because the log grew or its box shrank. Asked
   * before each layout as well, since a focus or a script may have scrolled, and the event for that is still to come.
   */
  #noticeMove(log: Element): void {
    const unmoved = Math.min(this.#scrollTop, log.scrollHeight - log.clientHeight);
    if (log.scrollTop < unmoved - 0.5 && distanceToEnd(log) > FOLLOW_PX) this.#follow(false);
    // Where nobody has scrolled the places are known, and more exactly than they could be read.
    if (log.scrollTop !== this.#scrollTop) this.#note(log, 0);
  }

  #settle(log: Element): void {
    let drift = 0;
    if (this.#target !== undefined) this.#reveal(log, this.#target);
    else if (this.isFollowing) log.scrollTop = log.scrollHeight;
    else drift = restore(log, this.#anchors);
    this.#note(log, drift);
  }

  /** Where things are. Who follows the end needs no anchors: to look for them at each message would cost as much as the message. */
  #note(log: Element, drift: number): void {
    this.#scrollTop = log.scrollTop;
    if (!this.isFollowing) this.#anchors = visibleAnchors(log, drift);
  }

  /** Into the middle of the log, with the focus on it. */
  #reveal(log: Element, key: string): void {
    this.#target = undefined;
    const row = log.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (row === null) return;
    const place = row.getBoundingClientRect();
    const view = log.getBoundingClientRect();
    log.scrollTop += (place.top + place.bottom - view.top - view.bottom) / 2;
    row.focus({ preventScroll: true });
  }

  /** Rows are fetched before the reader gets there, some in each frame. */
  #fill(log: Element): void {
    const { start, end } = this.window;
    if (this.window !== this.#drawn) return; // what is due comes first
    if (log.scrollTop < NEAR_PX || (start > 0 && end - start < KEPT_ROWS)) this.showEarlier();
    else if (distanceToEnd(log) < NEAR_PX && end < this.#messages.length) this.#show(later(this.window, this.#messages.length));
  }

  #show(window: RowWindow): void {
    this.window = window;
    this.#host.requestFrame();
  }

  #follow(isFollowing: boolean): void {
    if (isFollowing === this.isFollowing) return;
    this.isFollowing = isFollowing;
    this.#source.onFollow(isFollowing);
  }
}

/** -1 where there is no such message. */
function placeOf(message: Pick<Message, 'key'> | undefined, messages: readonly Message[]): number {
  return messages.findLastIndex(({ key }) => key === message?.key);
}
