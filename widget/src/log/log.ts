import type { Message, ModerationAction } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import type { RoomView } from '../connection/room-controller.ts';
import { chatIcon, downIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import type { MessageActions } from './message.ts';
import type { RowHandlers } from './row-focus.ts';
import type { RowWindow } from './row-window.ts';

export interface LogModel {
  readonly view: RoomView;
  readonly window: RowWindow;
  readonly isFollowing: boolean;
  readonly arriving: ReadonlySet<string>;
  /** Key of the message that the Tab key reaches; the newest where it is undefined or gone. */
  readonly activeKey: string | undefined;
  /** Key of the message whose buttons are shown. */
  readonly toolbarKey: string | undefined;
  /** Key of the message that somebody was led to. */
  readonly targetKey: string | undefined;
  readonly unread: { readonly count: number; readonly firstKey: string | undefined };
  readonly now: number;
}

export interface LogActions extends MessageActions, RowHandlers {
  readonly onScroll: () => void;
  readonly onKeydown: (event: KeyboardEvent) => void;
  readonly jumpToEnd: () => void;
  /** What the page shows in the place of texts: another function, another result. */
  renders(): unknown;
  /** What stands in the place of a message where something was done to the room. */
  notice(message: Message, action: ModerationAction, isActive: boolean): unknown;
  readonly retryEarlier: () => void;
}

/** The messages, or what stands in their place. The rows themselves come into `.days`: see log-rows.ts. */
export function logTemplate(model: LogModel, actions: LogActions, context: Context): TemplateResult {
  const { view } = model;
  const hasNone = view.messages.length === 0;
  const isLoading = hasNone && !view.isJoined;
  return html`
    <div
      class="log"
      part="log"
      role="log"
      aria-live="off"
      aria-label=${context.t('messages')}
      aria-busy=${isLoading}
      @scroll=${actions.onScroll}
      @keydown=${actions.onKeydown}
      @focusin=${actions.onFocusin}
      @focusout=${actions.onFocusout}
      @pointerover=${actions.onPointerover}
      @pointerleave=${actions.onPointerleave}
    >
      <div class="rows">
        ${isLoading && view.state !== 'denied' ? skeleton(context) : nothing}
        ${hasNone && view.isJoined && view.history !== 'loading' ? empty(context) : nothing}
        ${hasNone ? nothing : top(model, actions, context)}
        <div class="days"></div>
      </div>
    </div>
    ${jump(model, actions, context)}
  `;
}

/** What stands above the oldest row. One height in every state, so that nothing moves when the state changes. */
function top({ view, window }: LogModel, { retryEarlier }: LogActions, { t, title }: Context): TemplateResult {
  if (view.history === 'failed') {
    return html`
      <div class="top" role="group">
        <span>${t('earlierFailed')}</span>
        <button type="button" class="link" @click=${retryEarlier}>${t('retry')}</button>
      </div>
    `;
  }
  if (view.history === 'atStart' && window.start === 0) return html`<div class="top">${t('beginning', { title })}</div>`;
  return html`
    <div class="top">
      ${view.history === 'loading' ? html`<span class="spinner"></span><span>${t('loadingEarlier')}</span>` : nothing}
    </div>
  `;
}

/** Shaped like messages, and only seen where loading takes long enough to notice. */
function skeleton({ t }: Context): TemplateResult {
  return html`<div class="skeleton" role="img" aria-label=${t('loading')}><i></i><i></i><i></i><i></i></div>`;
}

function empty({ t, title }: Context): TemplateResult {
  return html`
    <div class="empty" part="empty">
      <slot name="empty">
        ${chatIcon}
        <p class="empty-title" dir="auto">${t('emptyTitle', { title })}</p>
        <p class="empty-hint">${t('emptyHint')}</p>
      </slot>
    </div>
  `;
}

/** Back to the newest message, with the number of those not seen. */
function jump(
  { isFollowing, unread, view }: LogModel,
  { jumpToEnd }: LogActions,
  { t }: Context,
): TemplateResult | typeof nothing {
  const { count } = unread;
  if (isFollowing || view.messages.length === 0) return nothing;
  return html`
    <button class="jump ${count > 0 ? 'fresh' : ''}" part="jump" type="button" aria-label=${count > 0 ? nothing : t('latest')} @click=${jumpToEnd}>
      ${downIcon}${count > 0 ? html`<span>${t('newMessages', { count })}</span>` : nothing}
    </button>
  `;
}

/** The messages of one's own that wait for the connection. */
export function queuedCount(messages: readonly Message[]): number {
  return messages.filter(({ delivery }) => delivery.state === 'sending').length;
}
