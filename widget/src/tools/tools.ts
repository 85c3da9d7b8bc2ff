// Behind the header's menu: who is here, search, alerts, a window of its own, a transcript. Loaded when it is first opened.
import type { Member, Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { RoomHandle } from '../connection/room-handle.ts';
import { select } from '../connection/selection.ts';
import type { Extras } from '../extras/extras.ts';
import type { MenuItem } from '../extras/menu.ts';
import { menu } from '../extras/menu.ts';
import type { Popover } from '../extras/popover.ts';
import { avatar } from '../header/avatar.ts';
import type { Moderation } from '../moderation/moderation.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { Translate } from '../text/translate.ts';
import { translator } from '../text/translate.ts';
import type { Alert } from './alerts.ts';
import { alertTo, isOn, turn } from './alerts.ts';
import { bellIcon, peopleIcon, saveIcon, searchIcon, soundIcon, windowIcon } from './icons.ts';
import type { Key } from './phrases.ts';
import { english } from './phrases.ts';
import { openWindow, windowUrl } from './popout.ts';
import { Search } from './search.ts';
import { sheet } from './sheet.ts';
import { toolsStyles } from './tools.styles.ts';
import { save, transcript } from './transcript.ts';

export class Tools {
  readonly #panel: PanelApi;
  readonly #popover: Popover;
  readonly #extras: Extras;
  #isOpening = false;
  #sheet: 'none' | 'people' | 'search' | 'sanctions' = 'none';
  #search: Search | undefined;

  constructor(panel: PanelApi, extras: Extras) {
    this.#panel = panel;
    this.#popover = extras.popover;
    this.#extras = extras;
    panel.adopt(toolsStyles);
    panel.updates.parts.push({ rendered: () => this.#focusSheet() });
  }

  async openMenu(anchor: Element): Promise<void> {
    await Promise.all([this.#extras.more.load(), this.#mayModerate && this.#extras.moderation.get()]);
    this.#popover.toggle(anchor, () => menu(this.#t('menu'), this.#items()));
  }

  /** What lies over the messages. */
  overlay(): TemplateResult | typeof nothing {
    const t = this.#t;
    switch (this.#sheet) {
      case 'none':
        return nothing;
      case 'people':
        return sheet(t('people'), t('close'), this.#close, this.#people());
      case 'search':
        return sheet(t('search'), t('close'), this.#close, this.#search?.render() ?? html``);
      case 'sanctions':
        return this.#sanctions(this.#extras.moderation.value);
    }
  }

  /** Tells of messages that arrived while nobody looked. */
  alert(fresh: readonly Message[]): void {
    alertTo(fresh, this.#panel.context.title, () => this.#panel.element.focus());
  }

  get #t(): Translate<Key> {
    return translator(english, this.#extras.more.current);
  }

  #items(): MenuItem[] {
    const t = this.#t;
    const { room } = this.#panel.room;
    const then = (run: () => void) => () => {
      this.#popover.close();
      run();
    };
    const toggle = (alert: Alert): (() => void) => then(() => void this.#turn(alert));
    const moderation = this.#mayModerate ? this.#extras.moderation.value : undefined;
    const url = windowUrl(select(this.#panel.element));
    return [
      { label: t('people'), icon: peopleIcon, run: then(() => this.#open('people')) },
      { label: t('search'), icon: searchIcon, run: then(() => this.#open('search')) },
      { label: t('sound'), icon: soundIcon, isChecked: isOn('sound'), run: toggle('sound') },
      { label: t('notifications'), icon: bellIcon, isChecked: isOn('notifications'), run: toggle('notifications') },
      ...(url === undefined ? [] : [{ label: t('popout'), icon: windowIcon, run: then(() => this.#popout(url)) }]),
      ...(room === undefined ? [] : [{ label: t('transcript'), icon: saveIcon, run: then(() => void this.#save(room)) }]),
      ...(moderation?.roomItems(then(() => this.#open('sanctions'))) ?? []),
    ];
  }

  #open(what: 'people' | 'search' | 'sanctions'): void {
    this.#sheet = what;
    this.#isOpening = true;
    if (what === 'search')
      this.#search = new Search(this.#panel, this.#t, (id) => {
        this.#close();
        void this.#extras.jumpTo(id);
      });
    if (what === 'sanctions') this.#extras.moderation.value?.sanctions.open();
    this.#panel.updates.requestUpdate();
  }

  /** Into what has just opened. */
  #focusSheet(): void {
    if (!this.#isOpening) return;
    this.#isOpening = false;
    const { root } = this.#panel.updates;
    (root.querySelector<HTMLElement>('.sheet input') ?? root.querySelector<HTMLElement>('.sheet button'))?.focus();
  }

  readonly #close = (): void => {
    this.#search?.close();
    this.#extras.moderation.value?.sanctions.close();
    this.#sheet = 'none';
    this.#panel.updates.requestUpdate();
    this.#panel.element.focus();
  };

  #sanctions(moderation: Moderation | undefined): TemplateResult | typeof nothing {
    if (moderation === undefined) return nothing;
    return sheet(moderation.sanctionsTitle, this.#t('close'), this.#close, moderation.sanctions.render());
  }

  #people(): TemplateResult {
    const t = this.#t;
    const { presence, me } = this.#panel.room.view;
    const members = presence?.members ?? [];
    const count = presence?.scope === 'sample' ? presence.count : members.length;
    return html`
      <p class="sheet-note">${t('here', { count })}</p>
      <ul class="results">
        ${members.map((member) => html`<li class="person">${this.#person(member, me)}</li>`)}
      </ul>
      ${count > members.length ? html`<p class="sheet-note">${t('more', { count: count - members.length })}</p>` : nothing}
      ${(this.#mayModerate && this.#extras.moderation.value?.sanctionsLink(() => this.#open('sanctions'))) || nothing}
    `;
  }

  #person(member: Member, me: string | undefined): TemplateResult {
    const isMe = member.id === me;
    const name = html`${avatar(member)}<bdi>${member.name}</bdi>${isMe ? html`<small>${this.#t('you')}</small>` : nothing}`;
    if (isMe || !this.#mayModerate) return html`<div class="result">${name}</div>`;
    const onClick = (event: Event): void => void this.#moderate(event.currentTarget as Element, member);
    return html`<button type="button" class="result" aria-haspopup="menu" @click=${onClick}>${name}</button>`;
  }

  async #moderate(anchor: Element, member: Member): Promise<void> {
    const moderation = await this.#extras.moderation.get();
    if (moderation) this.#popover.toggle(anchor, () => menu(member.name, moderation.memberItems(member)));
  }

  get #mayModerate(): boolean {
    return this.#panel.room.room?.settings?.you.moderate ?? false;
  }

  async #turn(alert: Alert): Promise<void> {
    const isDone = await turn(alert, !isOn(alert));
    if (!isDone) this.#panel.tell(this.#t('notificationsBlocked'));
  }

  #popout(url: string): void {
    if (!openWindow(url)) this.#panel.tell(this.#t('popoutBlocked'));
  }

  async #save(room: RoomHandle): Promise<void> {
    const { formats, title } = this.#panel.context;
    try {
      const { text, count } = await transcript(room, formats.moment);
      save(text, `${title.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.txt`);
      this.#panel.tell(this.#t('transcriptSaved', { count }));
    } catch {
      this.#panel.tell(this.#t('failed'));
    }
  }
}
