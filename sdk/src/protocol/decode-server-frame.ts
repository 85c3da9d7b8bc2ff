// Relay → client, read by the client. Lenient where the relay may be newer: an unknown frame is refused (and ignored by
// the caller), an unknown event keeps its offset and shows as nothing, unknown fields are dropped.

import type { ErrorAction } from './codes.ts';
import type { Decoded, Fields, Readers } from './decoded.ts';
import { decodeWith, isFields, isOffset, isRequestId, Refused } from './decoded.ts';
import type { EventHead, Member, Position, Presence, Reads, Recovery, RoomEvent, ServerFrame } from './frames.ts';
import type { JsonValue } from './json.ts';

/** Reads one frame of the relay. Never throws; a refusal means: ignore it (FRM4). */
export function decodeServerFrame(text: string): Decoded<ServerFrame> {
  return decodeWith(readers, text);
}

const readers: Readers<ServerFrame> = {
  connected: (f) => ({
    type: 'connected',
    id: number(f, 'id'),
    version: number(f, 'version'),
    member: member(f['member']),
    channel: string(f, 'channel'),
    ...(f['resume'] !== undefined && { resume: string(f, 'resume') }),
    pingMs: number(f, 'pingMs'),
  }),
  joined: (f) => ({
    type: 'joined',
    id: number(f, 'id'),
    room: string(f, 'room'),
    position: position(f),
    start: number(f, 'start'),
    recovery: recovery(f),
    events: events(f),
    presence: presence(f),
    reads: reads(f),
  }),
  published: (f) => ({
    type: 'published',
    id: number(f, 'id'),
    room: string(f, 'room'),
    position: position(f),
    at: number(f, 'at'),
  }),
  history: (f) => ({
    type: 'history',
    id: number(f, 'id'),
    room: string(f, 'room'),
    position: position(f),
    start: number(f, 'start'),
    events: events(f),
  }),
  presence: (f) => ({ type: 'presence', ...optionalId(f), room: string(f, 'room'), presence: presence(f) }),
  ok: (f) => ({ type: 'ok', id: number(f, 'id') }),
  pong: (f) => ({ type: 'pong', ...optionalId(f) }),
  error: (f) => ({
    type: 'error',
    ...optionalId(f),
    code: string(f, 'code'),
    action: action(f['action']),
    message: string(f, 'message'),
    ...(isOffset(f['retryAfterMs']) && { retryAfterMs: f['retryAfterMs'] }),
  }),
  events: (f) => ({ type: 'events', room: string(f, 'room'), events: events(f) }),
  ephemeral: (f) => ({
    type: 'ephemeral',
    room: string(f, 'room'),
    from: member(f['from']),
    name: string(f, 'name'),
    data: json(f['data']),
  }),
  typing: (f) => ({ type: 'typing', room: string(f, 'room'), members: list(f, 'members', member), count: number(f, 'count') }),
  reads: (f) => ({ type: 'reads', room: string(f, 'room'), reads: reads(f) }),
  presenceChange: (f) => ({
    type: 'presenceChange',
    room: string(f, 'room'),
    version: number(f, 'version'),
    joined: list(f, 'joined', member),
    left: list(f, 'left', memberId),
  }),
  position: (f) => ({
    type: 'position',
    room: string(f, 'room'),
    position: position(f),
    presenceVersion: number(f, 'presenceVersion'),
  }),
  removed: (f) => ({ type: 'removed', room: string(f, 'room'), code: string(f, 'code'), message: string(f, 'message') }),
  drain: (f) => ({ type: 'drain', retryAfterMs: number(f, 'retryAfterMs') }),
};

type Body = RoomEvent extends infer E ? (E extends EventHead ? Omit<E, keyof EventHead> : never) : never;

const bodies: { readonly [type: string]: (f: Fields) => Body } = {
  message: (f) => ({
    type: 'message',
    text: string(f, 'text'),
    ...(isRequestId(f['replyTo']) && { replyTo: f['replyTo'] }),
    ...(f['data'] !== undefined && { data: json(f['data']) }),
  }),
  edit: (f) => ({ type: 'edit', target: number(f, 'target'), text: string(f, 'text') }),
  delete: (f) => ({ type: 'delete', target: number(f, 'target') }),
  reaction: (f) => ({
    type: 'reaction',
    target: number(f, 'target'),
    reaction: string(f, 'reaction'),
    action: f['action'] === 'remove' ? 'remove' : 'add',
  }),
  custom: (f) => ({ type: 'custom', name: string(f, 'name'), data: json(f['data']) }),
  redacted: (f) => ({ type: 'redacted', was: f['was'] === 'edit' ? 'edit' : 'message' }),
};

function event(value: unknown): RoomEvent {
  const f = fields(value, 'event');
  const type = f['type'];
  const head = { offset: number(f, 'offset'), at: number(f, 'at'), from: member(f['from']), key: string(f, 'key') };
  const body = typeof type === 'string' && Object.hasOwn(bodies, type) ? bodies[type]?.(f) : undefined;
  return { ...head, ...(body ?? { type: 'unknown' }) };
}

function events(f: Fields): readonly RoomEvent[] {
  return list(f, 'events', event);
}

function list<T>(f: Fields, field: string, read: (value: unknown) => T): readonly T[] {
  const value = f[field];
  if (!Array.isArray(value)) throw new Refused('bad_frame', field);
  return value.map(read);
}

function position(f: Fields): Position {
  const value = fields(f['position'], 'position');
  return { epoch: string(value, 'epoch'), offset: number(value, 'offset') };
}

function member(value: unknown): Member {
  const f = fields(value, 'member');
  return { id: string(f, 'id'), name: string(f, 'name') };
}

function memberId(value: unknown): string {
  if (typeof value !== 'string') throw new Refused('bad_frame', 'member id');
  return value;
}

function presence(f: Fields): Presence {
  const p = fields(f['presence'], 'presence');
  const members = list(p, 'members', member);
  const version = number(p, 'version');
  return p['scope'] === 'all'
    ? { scope: 'all', version, members }
    : { scope: 'sample', version, count: number(p, 'count'), members };
}

function recovery(f: Fields): Recovery {
  const { outcome, reason } = fields(f['recovery'], 'recovery');
  if (outcome === 'fresh' || outcome === 'recovered') return { outcome };
  // Whatever a newer relay may say here, it is not that the events held so far still count.
  return { outcome: 'lost', reason: reason === 'trimmed' || reason === 'ahead' ? reason : 'epoch' };
}

function reads(f: Fields): Reads {
  return Object.fromEntries(
    Object.entries(fields(f['reads'], 'reads')).filter((entry): entry is [string, number] => isOffset(entry[1])),
  );
}

function action(value: unknown): ErrorAction {
  return value === 'retry' || value === 'rejoin' ? value : 'fix';
}

function fields(value: unknown, name: string): Fields {
  if (!isFields(value)) throw new Refused('bad_frame', name);
  return value;
}

function optionalId(f: Fields): { readonly id?: number } {
  return isRequestId(f['id']) ? { id: f['id'] } : {};
}

function string(f: Fields, field: string): string {
  const value = f[field];
  if (typeof value !== 'string') throw new Refused('bad_frame', field);
  return value;
}

function number(f: Fields, field: string): number {
  const value = f[field];
  if (!isOffset(value)) throw new Refused('bad_frame', field);
  return value;
}

function json(value: unknown): JsonValue {
  return (value ?? null) as JsonValue; // it came out of JSON.parse
}
