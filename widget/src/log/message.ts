import type { Message } from '@chat-room/sdk';
import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { avatar } from '../header/avatar.ts';
import { hueOf } from '../header/identity.ts';
import { alertIcon, sendingIcon, sentIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import { isJustEmoji } from '../text/emoji.ts';
import { linkify } from '../text/linkify.ts';
import type { MessageRow } from './rows.ts';

export interface MessageActions {
  retry(message: Message): void;
  discard(message: Message): void;
  /** What the page shows in place of the text; undefined for the text. */
  render(message: Message): unknown;
}

export interface MessageModel {
  readonly row: MessageRow;
  /** It is the one that the Tab key reaches. */
  readonly isActive: boolean;
  readonly isArriving: boolean;
}

/** One message: a bubble, and around it what its place in the group asks for. */
export function messageTemplate(
  { row, isActive, isArriving }: MessageModel,
  actions: MessageActions,
  context: Context,
): TemplateResult {
  const { message, first, last } = row;
  const flags = { own: message.own, first, last, arriving: isArriving, [message.delivery.state]: true };
  return html`
    <div
      class="message ${namesOf(flags)}"
      part="message ${message.own ? 'message-own' : 'message-other'}"
      role="article"
      data-key=${message.key}
      tabindex=${isActive ? 0 : -1}
      aria-label=${label(message, context)}
    >
      ${first && !message.own ? byline(message, context) : nothing}
      <div class="line">
        ${bubble(row, actions, isActive, context)}
        <time class="aside" title=${context.formats.moment(message.at)} aria-hidden="true">${context.formats.time(message.at)}</time>
      </div>
      ${message.reactions.length === 0 ? nothing : reactions(message, context)}
      ${message.delivery.state === 'failed' ? failure(message, actions, context) : nothing}
      ${message.own && last && message.delivery.state !== 'failed' ? footer(message, context) : nothing}
    </div>
  `;
}

function byline({ from, at }: Message, { formats }: Context): TemplateResult {
  return html`
    ${avatar(from)}
    <div class="byline">
      <bdi class="author" part="author" data-hue=${hueOf(from.id)}>${from.name}</bdi>
      <time title=${formats.moment(at)}>${formats.time(at)}</time>
    </div>
  `;
}

function bubble(row: MessageRow, actions: MessageActions, isActive: boolean, context: Context): TemplateResult {
  const { message } = row;
  if (message.deletedAt !== undefined) {
    return html`<div class="bubble deleted" part="bubble deleted" data-anchor>${context.strings.deleted}</div>`;
  }
  const flags = { emoji: message.replyTo === undefined && isJustEmoji(message.text) };
  // The direction is that of the text; the bubble's corners keep that of the page.
  return html`
    <div class="bubble ${namesOf(flags)}" part="bubble" data-anchor>
      ${message.replyTo === undefined ? nothing : quote(row.quoted, context)}
      <div class="text" dir="auto">${actions.render(message) ?? textOf(message, isActive)}${editedMark(message, context)}</div>
    </div>
  `;
}

function editedMark({ editedAt }: Message, { strings }: Context): TemplateResult | typeof nothing {
  return editedAt === undefined ? nothing : html` <span class="edited">(${strings.edited})</span>`;
}

/** Plain text and links. Only those of the active message can be reached with Tab: the log is one stop. */
function textOf({ text }: Message, isActive: boolean): unknown[] {
  return linkify(text).map((part) =>
    part.href === undefined
      ? part.text
      : html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow ugc" tabindex=${isActive ? 0 : -1}>${part.text}</a>`,
  );
}

function quote(quoted: Message | undefined, { strings }: Context): TemplateResult {
  const isGone = quoted === undefined || quoted.deletedAt !== undefined;
  return html`
    <div class="quote" part="quote">
      ${isGone ? nothing : html`<bdi class="quoted-author">${quoted.own ? strings.you : quoted.from.name}</bdi>`}
      <span class="quoted-text" dir="auto">${quoted === undefined ? strings.unavailable : isGone ? strings.deleted : quoted.text}</span>
    </div>
  `;
}

function reactions({ reactions: all }: Message, { strings, formats }: Context): TemplateResult {
  return html`
    <ul class="reactions" part="reactions">
      ${all.map(
        ({ reaction, members }) => html`
          <li class="reaction" aria-label=${strings.reaction(reaction, members.length)}>
            <span>${reaction}</span>${members.length > 1 ? html`<span class="tally">${formats.count(members.length)}</span>` : nothing}
          </li>
        `,
      )}
    </ul>
  `;
}

function failure(message: Message, { retry, discard }: MessageActions, { strings }: Context): TemplateResult {
  return html`
    <div class="failure" part="failure">
      ${alertIcon}<span>${strings.notSent}</span>
      <button type="button" class="link" @click=${() => retry(message)}>${strings.retry}</button>
      <button type="button" class="link" @click=${() => discard(message)}>${strings.discard}</button>
    </div>
  `;
}

/** Below the last of one's own: when, and whether it has arrived. It stays as high when the one turns into the other. */
function footer({ at, delivery }: Message, { strings, formats }: Context): TemplateResult {
  const isSending = delivery.state === 'sending';
  return html`
    <div class="footer">
      <time title=${formats.moment(at)}>${formats.time(at)}</time>
      <span class="delivery" title=${isSending ? strings.sending : strings.sent}>${isSending ? sendingIcon : sentIcon}</span>
    </div>
  `;
}

/** What a screen reader says of it in one sentence. */
function label(message: Message, { strings, formats }: Context): string {
  const { from, own, at, text, delivery, deletedAt, editedAt } = message;
  const parts = [`${own ? strings.you : from.name}, ${formats.time(at)}: ${deletedAt === undefined ? text : strings.deleted}`];
  if (editedAt !== undefined && deletedAt === undefined) parts.push(strings.edited);
  if (delivery.state === 'failed') parts.push(strings.notSent);
  if (delivery.state === 'sending') parts.push(strings.sending);
  return parts.join(', ');
}

function namesOf(flags: { readonly [name: string]: boolean }): string {
  return Object.keys(flags)
    .filter((name) => flags[name] === true)
    .join(' ');
}
