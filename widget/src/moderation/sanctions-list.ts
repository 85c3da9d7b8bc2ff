// Who is muted or banned, for those who may take it back: read page by page, and kept up to date by the log.
import type { Message, ModerationAction, Sanction } from '@chat-room/sdk';
import { readSanctions } from '@chat-room/sdk/moderation';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { RoomHandle } from '../connection/room-handle.ts';
import { offsetOf } from '../connection/unread.ts';
import { avatar } from '../header/avatar.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { PanelPart } from '../panel/updates.ts';
import { startOfDay } from '../text/formats.ts';
import type { Translate } from '../text/translate.ts';
import type { Key } from './phrases.ts';

const PAGE_SANCTIONS = 50;

type Lifting = Extract<ModerationAction, { readonly type: 'unmute' | 'unban' }>;

/** What lists of sanctions need besides the chat. */
export interface SanctionsSource {
  t(): Translate<Key>;
  /** What a button is called that shows more. */
  more(): string;
  /** Asks the relay to take a sanction back. False where it did not. */
  lift(action: Lifting): Promise<boolean>;
  /** Says that it was done. */
  tellDone(action: Lifting): void;
}

export class SanctionsList implements PanelPart {
  readonly #panel: PanelApi;
  readonly #source: SanctionsSource;
  #room: RoomHandle | undefined;
  #stop = (): void => undefined;
  /** By kind and member, as the relay sorts them; what was set since is before them. */
  #sanctions: ReadonlyMap<string, Sanction> = new Map();
  /** Changed by the log while the list was open: what a page says of these may be older. */
  readonly #changed = new Set<string>();
  readonly #lifting = new Set<string>();
  /** Asks for the next page. */
  #next: string | undefined;
  #state: 'loading' | 'ready' | 'failed' = 'loading';
  /** Up to here the log has been looked at. */
  #offset = 0;
  /** Place of the button that gets the focus of one that went away. */
  #focusPlace: number | undefined;

  constructor(panel: PanelApi, source: SanctionsSource) {
    this.#panel = panel;
    this.#source = source;
    panel.updates.parts.push(this);
  }

  /** Reads the list anew, and follows the log until closed. */
  open(): void {
    this.close();
    const { room } = this.#panel.room;
    this.#room = room;
    this.#sanctions = new Map();
    this.#changed.clear();
    this.#next = undefined;
    if (room === undefined) return;
    this.#offset = lastOffset(room.timeline);
    this.#stop = room.on('timeline', (messages) => this.#follow(messages));
    void this.#load(room);
  }

  close(): void {
    this.#stop();
    this.#room = undefined;
  }

  /** Another room has another list. */
  willRender(): void {
    if (this.#room !== undefined && this.#panel.room.room !== this.#room) this.open();
  }

  rendered(): void {
    if (this.#focusPlace === undefined) return;
    const { root } = this.#panel.updates;
    const buttons = root.querySelectorAll<HTMLElement>('[data-sanction]');
    const next = buttons[Math.min(this.#focusPlace, buttons.length - 1)] ?? root.querySelector<HTMLElement>('.sheet button');
    this.#focusPlace = undefined;
    next?.focus();
  }

  render(): TemplateResult {
    const t = this.#source.t();
    const holding = [...this.#sanctions].filter(([, { until }]) => until === undefined || until > Date.now());
    return html`
      <div class="sheet-note" role="status">${this.#note(holding.length, t)}</div>
      <ul class="results">
        ${holding.map(([key, sanction], place) => html`<li class="person">${this.#entry(key, sanction, place, t)}</li>`)}
      </ul>
      ${this.#next !== undefined && this.#state !== 'loading' ? html`<p class="sheet-note">${this.#action(this.#source.more())}</p>` : nothing}
    `;
  }

  #note(count: number, t: Translate<Key>): unknown {
    switch (this.#state) {
      case 'loading':
        return html`<span class="spinner"></span>`;
      case 'failed':
        return html`${t('failed')} ${this.#next === undefined ? this.#action(this.#panel.context.t('retry')) : nothing}`;
      case 'ready':
        return count === 0 && this.#next === undefined ? t('noSanctions') : nothing;
    }
  }

  /** Goes on reading. */
  #action(label: string): TemplateResult {
    return html`<button type="button" class="link" @click=${() => this.#room && void this.#load(this.#room)}>${label}</button>`;
  }

  #entry(key: string, sanction: Sanction, place: number, t: Translate<Key>): TemplateResult {
    const { kind, member, until } = sanction;
    const state = t(kind === 'mute' ? 'isMuted' : 'isBanned');
    const end = until === undefined ? '' : ` ${t('until', { moment: this.#moment(until) })}`;
    return html`
      <div class="result">
        ${avatar(member)}
        <span class="result-text sanction"><bdi id=${`sanction-${place}`}>${member.name}</bdi><small>${state}${end}</small></span>
        <button
          type="button"
          class="sanction-lift"
          id=${`lift-${place}`}
          data-sanction=${key}
          aria-labelledby=${`lift-${place} sanction-${place}`}
          aria-disabled=${this.#lifting.has(key)}
          @click=${() => void this.#lift(key, sanction)}
        >
          ${t(kind === 'mute' ? 'unmute' : 'unban')}
        </button>
      </div>
    `;
  }

  /** The time alone where that is today. */
  #moment(at: number): string {
    const { formats } = this.#panel.context;
    const now = Date.now();
    const time = formats.time(at);
    return startOfDay(at) === startOfDay(now) ? time : `${formats.day(at, now)}, ${time}`;
  }

  async #load(room: RoomHandle): Promise<void> {
    this.#state = 'loading';
    this.#panel.updates.requestUpdate();
    try {
      const { sanctions, next } = await readSanctions(room, {
        limit: PAGE_SANCTIONS,
        ...(this.#next !== undefined && { after: this.#next }),
      });
      if (room !== this.#room) return;
      const known = sanctions.map((sanction) => [keyOf(sanction.kind, sanction.member.id), sanction] as const);
      this.#sanctions = new Map([...this.#sanctions, ...known.filter(([key]) => !this.#changed.has(key))]);
      this.#next = next;
      this.#state = 'ready';
    } catch (error) {
      if (room !== this.#room) return;
      this.#state = 'failed';
      this.#panel.onError(error);
    }
    this.#panel.updates.requestUpdate();
  }

  async #lift(key: string, { kind, member }: Sanction): Promise<void> {
    if (this.#lifting.has(key)) return;
    this.#lifting.add(key);
    this.#panel.updates.requestUpdate();
    const action: Lifting = { type: kind === 'mute' ? 'unmute' : 'unban', member };
    const isDone = await this.#source.lift(action);
    this.#lifting.delete(key);
    if (isDone) this.#remove(key);
    if (isDone) this.#source.tellDone(action);
    this.#panel.updates.requestUpdate();
  }

  /** What the log has done to the list since. */
  #follow(messages: readonly Message[]): void {
    const fresh = messages.filter((message) => offsetOf(message) > this.#offset && message.notice !== undefined);
    this.#offset = Math.max(this.#offset, lastOffset(messages));
    for (const message of fresh) this.#apply(message);
    if (fresh.length > 0) this.#panel.updates.requestUpdate();
  }

  #apply({ notice, at, from: by }: Message): void {
    if (notice === undefined || !('member' in notice)) return;
    const { type, member } = notice;
    const kind = type === 'mute' || type === 'unmute' ? 'mute' : 'ban';
    const key = keyOf(kind, member.id);
    if (type !== kind) {
      this.#remove(key);
      return;
    }
    this.#changed.add(key);
    const others = [...this.#sanctions].filter(([other]) => other !== key);
    const sanction = { kind, member, at, by, ...(notice.until !== undefined && { until: notice.until }) } as const;
    this.#sanctions = new Map([[key, sanction], ...others]);
  }

  #remove(key: string): void {
    const keys = [...this.#sanctions.keys()];
    const active = this.#panel.element.shadowRoot?.activeElement;
    if (keys.includes(key) && active instanceof HTMLElement && active.dataset['sanction'] === key) {
      this.#focusPlace = keys.indexOf(key);
    }
    this.#changed.add(key);
    this.#sanctions = new Map([...this.#sanctions].filter(([other]) => other !== key));
  }
}

function keyOf(kind: Sanction['kind'], memberId: string): string {
  return `${kind}:${memberId}`;
}

function lastOffset(messages: readonly Message[]): number {
  return messages.reduce((last, message) => Math.max(last, offsetOf(message)), 0);
}
