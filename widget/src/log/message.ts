import type { Member, Message, Reaction } from '@chat-room/sdk';
import type { TemplateResult } from 'lit/html.js';
import { html, nothing } from 'lit/html.js';
import { avatar } from '../header/avatar.ts';
import { hueOf } from '../header/identity.ts';
import { alertIcon, readIcon, sendingIcon, sentIcon } from '../icons.ts';
import type { Context } from '../text/context.ts';
import { plain } from '../text/context.ts';
import { hasFiles, isFallback, mentionsOf } from '../text/data.ts';
import { isJustEmoji } from '../text/emoji.ts';
import type { MessageRow } from './rows.ts';

export interface MessageActions {
  retry(message: Message): void;
  discard(message: Message): void;
  /** What the page shows in place of the text; undefined for the text. */
  render(message: Message): unknown;
  /** Shows the message with that id, wherever in the log it is. */
  jumpTo(id: string): void;
  toggleReaction(message: Message, reaction: string): void;
  /** The buttons of the message that somebody points at. */
  toolbar(message: Message): unknown;
  /** What is shown below the text: images, files. */
  attachments(message: Message): unknown;
}

export interface MessageModel {
  readonly row: MessageRow;
  /** It is the one that the Tab key reaches. */
  readonly isActive: boolean;
  readonly isArriving: boolean;
  /** Its buttons are shown: somebody points at it, or it has the focus. */
  readonly hasToolbar: boolean;
  /** Somebody was led to it just now. */
  readonly isTarget: boolean;
  /** How many others have read it. */
  readonly seenBy: number;
  readonly me: string | undefined;
  /** Whose names are known. */
  readonly people: readonly Member[] | undefined;
}

/** One message: a bubble, and around it what its place in the group asks for. */
export function messageTemplate(model: MessageModel, actions: MessageActions, context: Context): TemplateResult {
  const { row, isActive } = model;
  const { message, first, last } = row;
  const { own, delivery } = message;
  const flags = {
    own,
    first,
    last,
    arriving: model.isArriving,
    target: model.isTarget,
    mentioned: !own && mentionsOf(message).some(({ id }) => id === model.me),
    [delivery.state]: true,
  };
  return html`
    <div
      class="message ${namesOf(flags)}"
      part="message ${own ? 'message-own' : 'message-other'}"
      role="article"
      data-key=${message.key}
      tabindex=${isActive ? 0 : -1}
      aria-label=${label(row, context)}
    >
      ${first && !own ? byline(message, context) : nothing}
      <div class="line">
        ${bubble(model, actions, context)}
        <time class="aside" title=${context.formats.moment(message.at)} aria-hidden="true">${context.formats.time(message.at)}</time>
        ${model.hasToolbar ? actions.toolbar(message) : nothing}
      </div>
      ${message.reactions.length === 0 ? nothing : reactions(model, actions, context)}
      ${delivery.state === 'failed' ? failure(message, actions, context) : nothing}
      ${own && last && delivery.state !== 'failed' ? footer(model, context) : nothing}
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

function bubble({ row }: MessageModel, actions: MessageActions, context: Context): TemplateResult {
  const { message } = row;
  if (message.deletedAt !== undefined) {
    return html`<div class="bubble deleted" part="bubble deleted" data-anchor>${context.t('deleted')}</div>`;
  }
  const flags = { emoji: message.replyTo === undefined && isJustEmoji(message.text) };
  // The direction is that of the text; the bubble's corners keep that of the page.
  return html`
    <div class="bubble ${namesOf(flags)}" part="bubble" data-anchor>
      ${message.replyTo === undefined ? nothing : quote(row, actions, context)}
      ${hasFiles(message) ? actions.attachments(message) : nothing}
      <div class="text" dir="auto">${actions.render(message) ?? textOf(message, context)}${editedMark(message, context)}</div>
    </div>
  `;
}

function editedMark({ editedAt }: Message, { t }: Context): TemplateResult | typeof nothing {
  return editedAt === undefined ? nothing : html` <span class="edited">(${t('edited')})</span>`;
}

/** Nothing in a message is a stop of the Tab key: the log is one stop, and Enter leads into a message. */
function textOf(message: Message, { rich }: Context): unknown {
  if (isFallback(message)) return nothing;
  const mentions = mentionsOf(message).map(({ name }) => name);
  return rich?.view(message.text, mentions) ?? message.text;
}

function quote({ message, quoted }: MessageRow, { jumpTo }: MessageActions, context: Context): TemplateResult {
  const { t } = context;
  const isGone = quoted === undefined || quoted.deletedAt !== undefined;
  const text = quoted === undefined ? t('unavailable') : isGone ? t('deleted') : plain(quoted.text, context);
  return html`
    <button class="quote" part="quote" type="button" tabindex="-1" @click=${() => jumpTo(message.replyTo ?? '')}>
      ${isGone ? nothing : html`<bdi class="quoted-author">${quoted.own ? t('you') : quoted.from.name}</bdi>`}
      <span class="quoted-text" dir="auto">${text}</span>
    </button>
  `;
}

function reactions({ row, me, people }: MessageModel, actions: MessageActions, { t, formats }: Context): TemplateResult {
  const { message } = row;
  const pill = ({ reaction, members }: Reaction): TemplateResult => html`
    <button
      class="reaction"
      part="reaction"
      type="button"
      tabindex="-1"
      aria-pressed=${members.includes(me ?? '')}
      aria-label=${t('reaction', { reaction, count: members.length })}
      title=${members
        .map((id) => (id === me ? t('you') : people?.find((member) => member.id === id)?.name))
        .filter(Boolean)
        .join(', ')}
      @click=${() => actions.toggleReaction(message, reaction)}
    >
      <span class=${isJustEmoji(reaction) ? 'emoji' : ''}>${reaction}</span>${members.length > 1 ? html`<span class="tally">${formats.count(members.length)}</span>` : nothing}
    </button>
  `;
  return html`<div class="reactions" part="reactions">${message.reactions.map(pill)}</div>`;
}

function failure(message: Message, { retry, discard }: MessageActions, { t }: Context): TemplateResult {
  return html`
    <div class="failure" part="failure">
      ${alertIcon}<span>${t('notSent')}</span>
      <button type="button" class="link" @click=${() => retry(message)}>${t('retry')}</button>
      <button type="button" class="link" @click=${() => discard(message)}>${t('discard')}</button>
    </div>
  `;
}

/** Below the last of one's own: when, and how far it has come. It stays as high when the one turns into the other. */
function footer({ row, seenBy }: MessageModel, { t, formats }: Context): TemplateResult {
  const { at, delivery } = row.message;
  const isSending = delivery.state === 'sending';
  const state = isSending ? t('sending') : seenBy > 0 ? t('seenBy', { count: seenBy }) : t('sent');
  return html`
    <div class="footer">
      <time title=${formats.moment(at)}>${formats.time(at)}</time>
      <span class="delivery" title=${state}>${isSending ? sendingIcon : seenBy > 0 ? readIcon : sentIcon}</span>
    </div>
  `;
}

/** What a screen reader says of it in one sentence. */
function label({ message, quoted }: MessageRow, context: Context): string {
  const { t, formats } = context;
  const { from, own, at, text, delivery, deletedAt, editedAt } = message;
  const isDeleted = deletedAt !== undefined;
  const parts = [`${own ? t('you') : from.name}, ${formats.time(at)}: ${isDeleted ? t('deleted') : plain(text, context)}`];
  if (quoted !== undefined) parts.push(t('inReplyTo', { name: nameIn(quoted, t), text: plain(quoted.text, context) }));
  if (editedAt !== undefined && !isDeleted) parts.push(t('edited'));
  if (delivery.state === 'failed') parts.push(t('notSent'));
  if (delivery.state === 'sending') parts.push(t('sending'));
  return parts.join(', ');
}

function nameIn({ own, from }: { own: boolean; from: Member }, t: Context['t']): string {
  return own ? t('you') : from.name;
}

function namesOf(flags: { readonly [name: string]: boolean }): string {
  return Object.keys(flags)
    .filter((name) => flags[name] === true)
    .join(' ');
}
