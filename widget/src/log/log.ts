import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomView } from '../connection/room-controller.ts';
import { chatIcon, downIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import type { MessageActions } from './message.ts';
import { messageTemplate } from './message.ts';
import type { RowWindow } from './row-window.ts';
import type { DayRows } from './rows.ts';
import { layOut } from './rows.ts';

export interface LogModel {
  readonly view: RoomView;
  readonly window: RowWindow;
  readonly isFollowing: boolean;
  readonly arriving: ReadonlySet<string>;
  /** Key of the message that the Tab key reaches; the newest where it is undefined or gone. */
  readonly activeKey: string | undefined;
  readonly unread: { readonly count: number; readonly firstKey: string | undefined };
  readonly now: number;
}

export interface LogActions extends MessageActions {
  readonly onScroll: () => void;
  readonly onKeydown: (event: KeyboardEvent) => void;
  readonly onFocusin: (event: FocusEvent) => void;
  readonly jumpToEnd: () => void;
  readonly retryEarlier: () => void;
}

/** The messages, or what stands in their place. */
export function logTemplate(model: LogModel, actions: LogActions, context: Context): TemplateResult {
  const { view } = model;
  const isLoading = !view.isJoined && view.messages.length === 0;
  const isEmpty = view.isJoined && view.messages.length === 0;
  return html`
    <div
      class="log"
      part="log"
      role="log"
      aria-live="off"
      aria-label=${context.strings.messages}
      aria-busy=${isLoading}
      @scroll=${actions.onScroll}
      @keydown=${actions.onKeydown}
      @focusin=${actions.onFocusin}
    >
      <div class="rows">
        ${isLoading && view.state !== 'denied' ? skeleton(context) : nothing}
        ${isEmpty && view.history !== 'loading' ? empty(context) : nothing}
        ${view.messages.length > 0 ? html`${top(model, actions, context)}${days(model, actions, context)}` : nothing}
      </div>
    </div>
    ${jump(model, actions, context)}
  `;
}

function days(model: LogModel, actions: LogActions, context: Context): TemplateResult {
  const { view, window, unread } = model;
  const shown = view.messages.slice(window.start, window.end);
  const activeKey = shown.some(({ key }) => key === model.activeKey) ? model.activeKey : shown.at(-1)?.key;
  const day = ({ at, rows }: DayRows): TemplateResult => html`
    <div class="day" role="group" aria-label=${context.formats.day(at, model.now)}>
      <div class="day-label" part="day" aria-hidden="true"><span>${context.formats.day(at, model.now)}</span></div>
      ${repeat(
        rows,
        ({ message }) => message.key,
        (row) => html`
          ${row.unread ? html`<div class="unread" part="unread"><span>${context.strings.unread}</span></div>` : nothing}
          ${messageTemplate(
            { row, isActive: row.message.key === activeKey, isArriving: model.arriving.has(row.message.key) },
            actions,
            context,
          )}
        `,
      )}
    </div>
  `;
  return html`${repeat(layOut(view.messages, window, unread.firstKey), ({ key }) => key, day)}`;
}

/** What stands above the oldest row. One height in every state, so that nothing moves when the state changes. */
function top({ view, window }: LogModel, { retryEarlier }: LogActions, { strings, title }: Context): TemplateResult {
  if (view.history === 'failed') {
    return html`
      <div class="top" role="group">
        <span>${strings.earlierFailed}</span>
        <button type="button" class="link" @click=${retryEarlier}>${strings.retry}</button>
      </div>
    `;
  }
  if (view.history === 'atStart' && window.start === 0) return html`<div class="top">${strings.beginning(title)}</div>`;
  return html`
    <div class="top">
      ${view.history === 'loading' ? html`<span class="spinner"></span><span>${strings.loadingEarlier}</span>` : nothing}
    </div>
  `;
}

/** Shaped like real groups, and only seen where loading takes long enough to notice. */
function skeleton({ strings }: Context): TemplateResult {
  const group = (kind: string): TemplateResult => html`<div class="bones ${kind}"><i></i><b></b><b></b></div>`;
  return html`<div class="skeleton" role="img" aria-label=${strings.loading}>${['', 'own', '', 'own'].map(group)}</div>`;
}

function empty({ strings, title }: Context): TemplateResult {
  return html`
    <div class="empty" part="empty">
      <slot name="empty">
        ${chatIcon}
        <p class="empty-title" dir="auto">${strings.emptyTitle(title)}</p>
        <p class="empty-hint">${strings.emptyHint}</p>
      </slot>
    </div>
  `;
}

/** Back to the newest message, with the number of those not seen. */
function jump({ isFollowing, unread, view }: LogModel, { jumpToEnd }: LogActions, { strings }: Context): TemplateResult {
  const { count } = unread;
  if (isFollowing || view.messages.length === 0) return html``;
  return html`
    <button class="jump ${count > 0 ? 'fresh' : ''}" part="jump" type="button" aria-label=${count > 0 ? nothing : strings.latest} @click=${jumpToEnd}>
      ${downIcon}${count > 0 ? html`<span>${strings.newMessages(count)}</span>` : nothing}
    </button>
  `;
}

/** The messages of one's own that wait for the connection. */
export function queuedCount(messages: readonly Message[]): number {
  return messages.filter(({ delivery }) => delivery.state === 'sending').length;
}
