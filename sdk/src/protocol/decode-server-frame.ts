// Relay → client, read by the client. Lenient where the relay may be newer: an unknown frame is refused (and ignored by
// the caller), an unknown event keeps its offset and shows as nothing, unknown fields are dropped.

import type { ErrorAction } from './codes.ts';
import type { Decoded, Fields, Readers } from './decoded.ts';
import { decodeWith, isFields, isOffset, isRequestId, Refused } from './decoded.ts';
import type { EventHead, FrameOf, Member, Position, Presence, Reads, Recovery, RoomEvent, ServerFrame } from './frames.ts';
import type { JsonValue } from './json.ts';

/** Reads one frame of the relay. Never throws; a refusal means: ignore it (FRM4). */
export function decodeServerFrame(text: string): Decoded<ServerFrame> {
  return decodeWith(readers, text);
}

/** Reads the value of one field. Throws `Refused` where it is wrong; undefined leaves an optional field out. */
type Read<T> = (value: unknown) => T;

type Keys<T> = T extends unknown ? Exclude<keyof T, 'type'> : never;
type Field<T, K> = T extends unknown ? (K extends keyof T ? T[K] : undefined) : never;

/** A reader for each field of each `T`: a field that has none, or one of another type, does not compile. */
type Shape<T> = { readonly [K in Keys<T>]-?: Read<Field<T, K>> };

const string = checked((value): value is string => typeof value === 'string');
const number = checked(isOffset);
const requestId = lenient(isRequestId);
const json: Read<JsonValue> = (value) => (value ?? null) as JsonValue; // it came out of JSON.parse
const optionalString: Read<string | undefined> = (value) => (value === undefined ? value : string(value));
const optionalJson: Read<JsonValue | undefined> = (value) => value as JsonValue | undefined;
const action: Read<ErrorAction> = (value) => (value === 'retry' || value === 'rejoin' ? value : 'fix');

const member = shaped<Member>({ id: string, name: string });
const position = shaped<Position>({ epoch: string, offset: number });
const members = list(member);

const wholePresence = shaped<Presence & { scope: 'all' }>({ scope: () => 'all', version: number, members });
const samplePresence = shaped<Presence & { scope: 'sample' }>({ scope: () => 'sample', version: number, count: number, members });
const presence: Read<Presence> = (value) => (fields(value)['scope'] === 'all' ? wholePresence : samplePresence)(value);

const recovery: Read<Recovery> = (value) => {
  const { outcome, reason } = fields(value);
  if (outcome === 'fresh' || outcome === 'recovered') return { outcome };
  // Whatever a newer relay may say here, it is not that the events held so far still count.
  return { outcome: 'lost', reason: reason === 'trimmed' || reason === 'ahead' ? reason : 'epoch' };
};

const reads: Read<Reads> = (value) =>
  Object.fromEntries(Object.entries(fields(value)).filter((entry): entry is [string, number] => isOffset(entry[1])));

type Stored<T extends RoomEvent['type']> = Extract<RoomEvent, { readonly type: T }>;

const head = { offset: number, at: number, from: member, key: string };
const eventReaders: { readonly [T in RoomEvent['type']]: Read<Stored<T>> } = {
  message: shaped<Stored<'message'>>({ ...head, text: string, replyTo: requestId, data: optionalJson }),
  edit: shaped<Stored<'edit'>>({ ...head, target: number, text: string }),
  delete: shaped<Stored<'delete'>>({ ...head, target: number }),
  reaction: shaped<Stored<'reaction'>>({
    ...head,
    target: number,
    reaction: string,
    action: (is) => (is === 'remove' ? is : 'add'),
  }),
  custom: shaped<Stored<'custom'>>({ ...head, name: string, data: json }),
  redacted: shaped<Stored<'redacted'>>({ ...head, was: (is) => (is === 'edit' ? is : 'message') }),
  unknown: (value) => ({ ...shaped<EventHead>(head)(value), type: 'unknown' }),
};

const event: Read<RoomEvent> = (value) => {
  const { type } = fields(value);
  const isKnown = typeof type === 'string' && Object.hasOwn(eventReaders, type);
  return eventReaders[isKnown ? (type as RoomEvent['type']) : 'unknown'](value);
};
const events = list(event);

const shapes: { readonly [T in ServerFrame['type']]: Shape<FrameOf<ServerFrame, T>> } = {
  connected: { id: number, version: number, member, channel: string, resume: optionalString, pingMs: number },
  joined: { id: number, room: string, position, start: number, recovery, events, presence, reads },
  published: { id: number, room: string, position, at: number },
  history: { id: number, room: string, position, start: number, events },
  presence: { id: requestId, room: string, presence },
  ok: { id: number },
  pong: { id: requestId },
  error: { id: requestId, code: string, action, message: string, retryAfterMs: lenient(isOffset) },
  events: { room: string, events },
  ephemeral: { room: string, from: member, name: string, data: json },
  typing: { room: string, members, count: number },
  reads: { room: string, reads },
  presenceChange: { room: string, version: number, joined: members, left: list(string) },
  position: { room: string, position, presenceVersion: number },
  removed: { room: string, code: string, message: string },
  drain: { retryAfterMs: number },
};

const readers = Object.fromEntries(
  Object.entries<Shape<object>>(shapes).map(([type, shape]) => [type, shaped(shape)]),
) as Readers<ServerFrame>; // each shape is its frame's, by the type of `shapes`

/** Reads the fields of the shape. Others stay as they are, and nobody looks at them (FRM5). */
function shaped<T>(shape: Shape<T>): Read<T> {
  const entries = Object.entries<Read<unknown>>(shape);
  return (value) => {
    const copy = { ...fields(value) };
    for (const [name, read] of entries) {
      const field = read(copy[name]);
      if (field === undefined) delete copy[name];
      else copy[name] = field;
    }
    return copy as T;
  };
}

function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Refused('bad_frame', 'not a list');
    return value.map(read);
  };
}

function checked<T>(is: (value: unknown) => value is T): Read<T> {
  return (value) => {
    if (!is(value)) throw new Refused('bad_frame', 'a field is missing or wrong');
    return value;
  };
}

/** Of a newer relay, perhaps: what is not understood is as good as absent. */
function lenient<T>(is: (value: unknown) => value is T): Read<T | undefined> {
  return (value) => (is(value) ? value : undefined);
}

function fields(value: unknown): Fields {
  if (!isFields(value)) throw new Refused('bad_frame', 'not an object');
  return value;
}
