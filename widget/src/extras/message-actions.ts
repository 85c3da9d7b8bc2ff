// What can be done with a message: which of it is offered, and how it is done.
import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html } from 'lit/html.js';
import type { RoomHandle } from '../connection/room-handle.ts';
import { offsetOf } from '../connection/unread.ts';
import { emojiIcon, moreIcon } from '../icons.ts';
import type { Moderation } from '../moderation/moderation.ts';
import type { Lazy } from '../panel/lazy.ts';
import type { PanelApi } from '../panel/panel-api.ts';
import type { Translate } from '../text/translate.ts';
import type { Extras } from './extras.ts';
import { copyIcon, deleteIcon, editIcon, pinIcon, replyIcon } from './icons.ts';
import type { MenuItem } from './menu.ts';
import { menu } from './menu.ts';
import type { Key } from './phrases.ts';
import type { Popover } from './popover.ts';

/** At hand without the picker. */
const QUICK_REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export class MessageActions {
  readonly #panel: PanelApi;
  readonly #popover: Popover;
  readonly #moderation: Lazy<Moderation>;
  readonly #extras: Extras;
  /** Key of the message that a popover belongs to. */
  key: string | undefined;

  constructor(panel: PanelApi, extras: Extras) {
    this.#panel = panel;
    this.#extras = extras;
    this.#popover = extras.popover;
    this.#moderation = extras.moderation;
  }

  /** True where there is anything to do with it besides reading. */
  isOffered(message: Message): boolean {
    return message.delivery.state === 'stored' && message.deletedAt === undefined && message.notice === undefined;
  }

  /** One's own latest message, for the Up key. */
  editLast(messages: readonly Message[]): void {
    const last = messages.findLast((message) => message.own && this.isOffered(message));
    if (last) this.#panel.composer.begin({ kind: 'edit', message: last });
  }

  /** Adds one's reaction, or takes it back. */
  toggleReaction({ id, reactions }: Message, reaction: string): void {
    const { room, view } = this.#panel.room;
    if (room === undefined || this.#panel.element.readonly) return;
    const isMine = reactions.find((one) => one.reaction === reaction)?.members.includes(view.me ?? '') ?? false;
    this.#try(isMine ? room.unreact(id, reaction) : room.react(id, reaction));
  }

  /** The buttons beside a message. */
  toolbar(message: Message, t: Translate<Key>): TemplateResult {
    const { readonly } = this.#panel.element;
    const open = (content: () => TemplateResult) => (event: Event) => {
      this.key = message.key;
      this.#popover.toggle(event.currentTarget as Element, content);
    };
    const tool = (label: string, icon: TemplateResult, onClick: (event: Event) => void): TemplateResult =>
      html`<button class="tool" type="button" tabindex="-1" aria-label=${label} title=${label} @click=${onClick}>${icon}</button>`;
    return html`
      <div class="toolbar" part="toolbar">
        ${
          readonly
            ? ''
            : html`
              ${tool(
                t('react'),
                emojiIcon,
                open(() => this.#palette(message, t)),
              )}
              ${tool(t('reply'), replyIcon, () => this.#panel.composer.begin({ kind: 'reply', message }))}
            `
        }
        ${tool(t('more'), moreIcon, (event) => void this.#openMenu(event.currentTarget as Element, message, t))}
      </div>
    `;
  }

  #palette(message: Message, t: Translate<Key>): TemplateResult {
    const choose = (reaction: string): void => {
      this.#popover.close();
      this.toggleReaction(message, reaction);
    };
    return html`
      <div class="palette" role="group" aria-label=${t('react')}>
        ${QUICK_REACTIONS.map(
          (reaction, index) =>
            html`<button class="tool" type="button" ?autofocus=${index === 0} @click=${() => choose(reaction)}>${reaction}</button>`,
        )}
        <button class="tool" type="button" aria-label=${t('moreEmoji')} @click=${(event: Event) => void this.#extras.pickEmoji(event.currentTarget as Element, choose)}>${moreIcon}</button>
      </div>
    `;
  }

  async #openMenu(anchor: Element, message: Message, t: Translate<Key>): Promise<void> {
    const { settings } = this.#panel.room.room ?? {};
    if (settings?.you.moderate) await this.#moderation.get();
    this.key = message.key;
    this.#popover.toggle(anchor, () => this.#menu(message, t));
  }

  #menu(message: Message, t: Translate<Key>): TemplateResult {
    const items = this.#itemsFor(message, t).map((item) => ({
      ...item,
      run: () => {
        this.#popover.close();
        item.run();
      },
    }));
    return menu(t('more'), items);
  }

  #itemsFor(message: Message, t: Translate<Key>): MenuItem[] {
    const { room } = this.#panel.room;
    const items: MenuItem[] = [{ label: t('copy'), icon: copyIcon, run: () => void this.#copy(message.text, t) }];
    if (this.#panel.element.readonly || room === undefined) return items;
    const mayModerate = room.settings?.you.moderate ?? false;
    if (message.own)
      items.unshift({ label: t('edit'), icon: editIcon, run: () => this.#panel.composer.begin({ kind: 'edit', message }) });
    if (mayModerate) items.push(this.#pinItem(offsetOf(message), room, t));
    if (message.own || mayModerate) {
      const confirm = { label: t('deleteForAll'), icon: deleteIcon, isDanger: true, run: () => this.#delete(message) };
      items.push({ ...confirm, label: t('delete'), run: () => this.#popover.show(() => menu(t('delete'), [confirm])) });
    }
    return [...items, ...(mayModerate ? (this.#moderation.value?.memberItems(message.from) ?? []) : [])];
  }

  #pinItem(target: number, room: RoomHandle, t: Translate<Key>): MenuItem {
    const isPinned = room.settings?.pinned === target;
    const action = isPinned ? ({ type: 'unpin' } as const) : ({ type: 'pin', target } as const);
    return { label: t(isPinned ? 'unpin' : 'pin'), icon: pinIcon, run: () => this.#try(room.moderate(action)) };
  }

  #delete({ id }: Message): void {
    this.#popover.close();
    this.#try(this.#panel.room.room?.delete(id));
  }

  async #copy(text: string, t: Translate<Key>): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#panel.tell(t('copied'));
    } catch {
      this.#panel.tell(this.#panel.context.t('failed'));
    }
  }

  #try(work: Promise<unknown> | undefined): void {
    work?.catch((error: unknown) => {
      this.#panel.tell(this.#panel.context.t('failed'));
      this.#panel.onError(error);
    });
  }
}
