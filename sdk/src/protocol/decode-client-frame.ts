// Client → relay, read by the relay. Strict: a field that is present must be right. Unknown fields are ignored (FRM5).

import type { Decoded, Fields, Readers } from './decoded.ts';
import { decodeWith, isFields, isOffset, isRequestId, Refused } from './decoded.ts';
import type { ClientFrame, EventBody, Member, ModerationAction, Position } from './frames.ts';
import type { JsonValue } from './json.ts';
import {
  FOREVER,
  MAX_DATA_BYTES,
  MAX_DATA_DEPTH,
  MAX_EVENT_NAME_LENGTH,
  MAX_FILE_NAME_LENGTH,
  MAX_FRAME_BYTES,
  MAX_KEY_LENGTH,
  MAX_MEMBER_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAGE_EVENTS,
  MAX_REACTION_BYTES,
  MAX_SLOW_MODE_MS,
  MAX_TEXT_BYTES,
  MAX_TOKEN_BYTES,
} from './limits.ts';
import { isName, isRoomName } from './room-name.ts';
import { isWellFormed, utf8Length } from './text.ts';

const KEY = /^[\x21-\x7e]+$/;
const EPOCH = /^[\x21-\x7e]{1,64}$/;
const MEDIA_TYPE = /^[a-z\d][a-z\d.+_-]{0,63}\/[a-z\d][a-z\d.+_-]{0,126}$/;

/** Reads one client frame. Never throws. */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  if (utf8Length(text, MAX_FRAME_BYTES) > MAX_FRAME_BYTES) {
    return { ok: false, code: 'too_large', detail: `a frame holds at most ${MAX_FRAME_BYTES} bytes`, id: undefined };
  }
  return decodeWith(readers, text);
}

const readers: Readers<ClientFrame> = {
  connect: (f) => ({
    type: 'connect',
    id: requestId(f),
    version: check(f, 'version', isRequestId),
    ...optional(f, 'token', token),
    ...optional(f, 'user', user),
    ...optional(f, 'resume', token),
  }),
  join: (f) => ({
    type: 'join',
    id: requestId(f),
    room: room(f),
    ...optional(f, 'position', position),
    ...optional(f, 'recent', pageSize),
  }),
  leave: (f) => ({ type: 'leave', id: requestId(f), room: room(f) }),
  publish(f) {
    const event = body(f);
    const frame = { type: 'publish', id: requestId(f), room: room(f), key: key(f), event } as const;
    if (f['epoch'] !== undefined) return { ...frame, epoch: epochName(f, 'epoch') };
    if (referenceOf(event) !== undefined) throw new Refused('bad_frame', 'epoch: missing, but the event refers to an offset');
    return frame;
  },
  history(f) {
    if (f['before'] !== undefined && f['after'] !== undefined)
      throw new Refused('bad_frame', 'before, after: one of them at most');
    return {
      type: 'history',
      id: requestId(f),
      room: room(f),
      ...optional(f, 'epoch', epochName),
      ...optional(f, 'before', offset),
      ...optional(f, 'after', offset),
      ...optional(f, 'limit', pageSize),
    };
  },
  presence: (f) => ({ type: 'presence', id: requestId(f), room: room(f) }),
  sanctions: (f) => ({
    type: 'sanctions',
    id: requestId(f),
    room: room(f),
    ...optional(f, 'after', cursor),
    ...optional(f, 'limit', pageSize),
  }),
  ephemeral: (f) => ({ type: 'ephemeral', ...noticeId(f), room: room(f), name: eventName(f), data: data(f, 'data') }),
  typing: (f) => ({ type: 'typing', ...noticeId(f), room: room(f), active: check(f, 'active', isBoolean) }),
  read: (f) => ({ type: 'read', ...noticeId(f), room: room(f), position: position(f, 'position') }),
  ping: (f) => ({ type: 'ping', ...noticeId(f) }),
  upload: (f) => ({
    type: 'upload',
    id: requestId(f),
    room: room(f),
    name: fileName(f),
    mediaType: mediaType(f),
    bytes: offset(f, 'bytes'),
  }),
  refresh: (f) => ({ type: 'refresh', id: requestId(f), token: token(f, 'token') }),
};

const bodies: { readonly [T in EventBody['type']]: (f: Fields) => Extract<EventBody, { readonly type: T }> } = {
  message(f) {
    const message = { type: 'message', text: messageText(f) } as const;
    if (f['replyTo'] === undefined && f['data'] === undefined) return message;
    return { ...message, ...optional(f, 'replyTo', target), ...optional(f, 'data', data) };
  },
  edit: (f) => ({ type: 'edit', target: target(f, 'target'), text: messageText(f) }),
  delete: (f) => ({ type: 'delete', target: target(f, 'target') }),
  reaction: (f) => ({
    type: 'reaction',
    target: target(f, 'target'),
    reaction: reaction(f),
    action: check(f, 'action', (value): value is 'add' | 'remove' => value === 'add' || value === 'remove'),
  }),
  custom: (f) => ({ type: 'custom', name: eventName(f), data: data(f, 'data') }),
  moderation: (f) => ({ type: 'moderation', action: moderationAction(check(f, 'action', isFields)) }),
};

const actions: {
  readonly [T in ModerationAction['type']]: (f: Fields) => Extract<ModerationAction, { readonly type: T }>;
} = {
  pin: (f) => ({ type: 'pin', target: target(f, 'target') }),
  unpin: () => ({ type: 'unpin' }),
  slowMode: (f) => ({ type: 'slowMode', intervalMs: check(f, 'intervalMs', isUpTo(MAX_SLOW_MODE_MS)) }),
  mute: (f) => ({ type: 'mute', member: member(f), until: end(f) }),
  unmute: (f) => ({ type: 'unmute', member: member(f) }),
  ban: (f) => ({ type: 'ban', member: member(f), until: end(f) }),
  unban: (f) => ({ type: 'unban', member: member(f) }),
};

/** The offset that an event refers to, if it does: then the epoch of that offset must be known. */
export function referenceOf(event: EventBody): number | undefined {
  if (event.type === 'moderation') return 'target' in event.action ? event.action.target : undefined;
  return 'target' in event ? event.target : 'replyTo' in event ? event.replyTo : undefined;
}

function moderationAction(f: Fields): ModerationAction {
  const type = f['type'];
  if (typeof type !== 'string' || !Object.hasOwn(actions, type)) throw new Refused('unknown_type', 'event.action.type: unknown');
  return actions[type as ModerationAction['type']](f);
}

function body(f: Fields): EventBody {
  const event = f['event'];
  if (!isFields(event)) throw new Refused('bad_frame', 'event: not an object');
  const type = event['type'];
  if (typeof type !== 'string' || !Object.hasOwn(bodies, type)) throw new Refused('unknown_type', 'event.type: unknown');
  return bodies[type as EventBody['type']](event);
}

function check<T>(f: Fields, field: string, is: (value: unknown) => value is T): T {
  const value = f[field];
  if (!is(value)) throw new Refused('bad_frame', `${field}: ${value === undefined ? 'missing' : 'not valid'}`);
  return value;
}

/** `{field: value}` where the field is present, `{}` where it is not: an absent option stays absent. */
function optional<K extends string, T>(f: Fields, field: K, read: (f: Fields, field: K) => T): { readonly [P in K]?: T } {
  return f[field] === undefined ? {} : ({ [field]: read(f, field) } as { readonly [P in K]?: T });
}

function requestId(f: Fields): number {
  return check(f, 'id', isRequestId);
}

function noticeId(f: Fields): { readonly id?: number } {
  return f['id'] === undefined ? {} : { id: requestId(f) };
}

function room(f: Fields): string {
  if (!isRoomName(f['room'])) throw new Refused('bad_room', 'room: not a valid room name');
  return f['room'];
}

function key(f: Fields): string {
  return check(
    f,
    'key',
    (value): value is string => typeof value === 'string' && value.length <= MAX_KEY_LENGTH && KEY.test(value),
  );
}

function epochName(f: Fields, field: string): string {
  return check(f, field, (value): value is string => typeof value === 'string' && EPOCH.test(value));
}

function offset(f: Fields, field: string): number {
  return check(f, field, isOffset);
}

function target(f: Fields, field: string): number {
  return check(f, field, isRequestId); // an event's offset is at least 1, as a request's id is
}

function pageSize(f: Fields, field: string): number {
  return check(f, field, isUpTo(MAX_PAGE_EVENTS));
}

/** When a mute or a ban ends: stored always (MOD1). */
function end(f: Fields): number {
  return f['until'] === undefined ? FOREVER : check(f, 'until', isUpTo(FOREVER));
}

function isUpTo(max: number): (value: unknown) => value is number {
  return (value): value is number => isOffset(value) && value <= max;
}

/** The `next` of a page: no longer than the id of a member that it may name. */
function cursor(f: Fields, field: string): string {
  return check(f, field, (value): value is string => isString(value) && value.length <= 2 * MAX_MEMBER_ID_LENGTH);
}

function member(f: Fields): Member {
  const value = check(f, 'member', isFields);
  return {
    id: check(value, 'id', (id): id is string => isName(id, MAX_MEMBER_ID_LENGTH)),
    name: check(value, 'name', (name): name is string => isName(name, MAX_NAME_LENGTH)),
  };
}

function position(f: Fields, field: string): Position {
  const value = check(f, field, isFields);
  return { epoch: epochName(value, 'epoch'), offset: offset(value, 'offset') };
}

function user(f: Fields): { readonly name?: string } {
  return optional(check(f, 'user', isFields), 'name', (u) =>
    check(u, 'name', (value): value is string => isName(value, MAX_NAME_LENGTH)),
  );
}

function token(f: Fields, field: string): string {
  return bounded(field, check(f, field, isString), MAX_TOKEN_BYTES);
}

function eventName(f: Fields): string {
  return check(f, 'name', (value): value is string => isName(value, MAX_EVENT_NAME_LENGTH));
}

/** Any name that a file may have on somebody's disk: the relay makes a safe one of it. */
function fileName(f: Fields): string {
  return check(
    f,
    'name',
    (value): value is string => isString(value) && value.length <= MAX_FILE_NAME_LENGTH && isWellFormed(value),
  );
}

function mediaType(f: Fields): string {
  return check(f, 'mediaType', (value): value is string => isString(value) && MEDIA_TYPE.test(value));
}

function messageText(f: Fields): string {
  const text = bounded('text', check(f, 'text', isString), MAX_TEXT_BYTES);
  if (text.trim() === '') throw new Refused('bad_frame', 'text: empty');
  if (!isWellFormed(text)) throw new Refused('bad_frame', 'text: a lone surrogate');
  return text;
}

function reaction(f: Fields): string {
  const value = bounded('reaction', check(f, 'reaction', isString), MAX_REACTION_BYTES);
  if (!isName(value, MAX_REACTION_BYTES)) throw new Refused('bad_frame', 'reaction: not valid');
  return value;
}

function data(f: Fields, field: string): JsonValue {
  const value = f[field];
  if (value === undefined) throw new Refused('bad_frame', `${field}: missing`);
  if (!isWithinDepth(value, MAX_DATA_DEPTH)) throw new Refused('bad_frame', `${field}: nested deeper than ${MAX_DATA_DEPTH}`);
  bounded(field, JSON.stringify(value), MAX_DATA_BYTES);
  return value as JsonValue; // it came out of JSON.parse
}

function bounded(field: string, text: string, maxBytes: number): string {
  if (utf8Length(text, maxBytes) > maxBytes) throw new Refused('too_large', `${field}: more than ${maxBytes} bytes`);
  return text;
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((child) => isWithinDepth(child, depth - 1));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
