// The rows of the log. They are not part of the panel's template: most updates concern one message of two hundred, and each
// row is only rendered again when what it shows has changed.
import type { Message, Reads } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, render } from 'lit/html.js';
import { offsetOf } from '../connection/unread.ts';
import type { Context } from '../text/context.ts';
import { hasFiles } from '../text/data.ts';
import { arrange } from './arrange.ts';
import type { LogActions, LogModel } from './log.ts';
import { messageTemplate } from './message.ts';
import type { DayRows, MessageRow } from './rows.ts';
import { layOut } from './rows.ts';

interface Row {
  readonly element: HTMLElement;
  /** What it was rendered from. */
  inputs: readonly unknown[];
}

interface Day {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  rows: Map<string, Row>;
}

export class LogRows {
  readonly #actions: LogActions;
  #days = new Map<string, Day>();

  constructor(actions: LogActions) {
    this.#actions = actions;
  }

  render(parent: Element, model: LogModel, context: Context): void {
    const { view, window, unread } = model;
    const days = layOut(view.messages, window, unread.firstKey);
    const shown = view.messages.slice(window.start, window.end);
    const activeKey = shown.some(({ key }) => key === model.activeKey) ? model.activeKey : shown.at(-1)?.key;
    const keys = days.map(({ key }) => key);
    this.#days = arrange(parent, parent.firstElementChild, this.#days, keys, createDay);
    for (const day of days) this.#renderDay(day, { ...model, activeKey }, context);
  }

  #renderDay({ key, at, rows }: DayRows, model: LogModel, context: Context): void {
    const day = this.#days.get(key);
    if (day === undefined) return;
    const label = context.formats.day(at, model.now);
    day.element.ariaLabel = label;
    if (day.label.textContent !== label) day.label.textContent = label;
    const keys = rows.map(({ message }) => message.key);
    const first = day.label.parentElement?.nextElementSibling ?? null;
    day.rows = arrange(day.element, first, day.rows, keys, createRow);
    for (const one of rows) this.#renderRow(day.rows.get(one.message.key), one, model, context);
  }

  #renderRow(shown: Row | undefined, row: MessageRow, model: LogModel, context: Context): void {
    const { message, first, last, unread, quoted } = row;
    const { key } = message;
    const { presence, me, reads } = model.view;
    const state = {
      isActive: key === model.activeKey,
      isArriving: model.arriving.has(key),
      hasToolbar: key === model.toolbarKey,
      isTarget: key === model.targetKey,
      seenBy: message.own && last ? readers(message, reads, me) : 0,
      me,
      people: message.reactions.length > 0 ? presence?.members : undefined,
    };
    const { notice } = message;
    // What comes from parts that are loaded later has inputs of its own: it is always rendered.
    const always = state.hasToolbar || notice !== undefined || hasFiles(message) ? {} : undefined;
    const inputs = [message, first, last, unread, quoted, context, this.#actions.renders(), always, ...Object.values(state)];
    if (shown === undefined || isSame(inputs, shown.inputs)) return;
    shown.inputs = inputs;
    const content = notice
      ? this.#actions.notice(message, notice, state.isActive)
      : messageTemplate({ row, ...state }, this.#actions, context);
    render(unread ? html`${divider(context)}${content}` : html`${content}`, shown.element);
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}

function divider({ t }: Context): TemplateResult {
  return html`<div class="unread" part="unread"><span>${t('unread')}</span></div>`;
}

/** How many others have read up to a message. */
function readers(message: Message, reads: Reads, me: string | undefined): number {
  const offset = offsetOf(message);
  return offset === 0 ? 0 : Object.entries(reads).filter(([id, upTo]) => id !== me && upTo >= offset).length;
}

function createDay(): Day {
  const element = document.createElement('div');
  element.className = 'day';
  element.role = 'group';
  render(html`<div class="day-label" part="day" aria-hidden="true"><span></span></div>`, element);
  return { element, label: element.querySelector('span') ?? element, rows: new Map() };
}

function createRow(): Row {
  const element = document.createElement('div');
  element.className = 'row';
  return { element, inputs: [] };
}
