// Relay → client, read by the client. Lenient where the relay may be newer: an unknown frame is refused (and ignored by
// the caller), an unknown event keeps its offset and shows as nothing, unknown fields are dropped.

import type { ErrorAction } from './codes.ts';
import { isFields, isOffset, isRequestId } from './decoded.ts';
import type {
  EventHead,
  FrameOf,
  Member,
  ModerationAction,
  Position,
  Presence,
  Reads,
  Recovery,
  RoomEvent,
  RoomSettings,
  Sanction,
  ServerFrame,
} from './frames.ts';
import type { JsonValue } from './json.ts';

/** Reads one frame of the relay. Never throws: what cannot be read is undefined, and ignored (FRM4). */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  try {
    const frame = fields(JSON.parse(text));
    return readers.get(frame['type'])?.(frame);
  } catch {
    return undefined;
  }
}

/** Reads the value of one field. Throws where it is wrong, which ends in `decodeServerFrame`; undefined leaves an optional field out. */
type Read<T> = (value: unknown) => T;

type Keys<T> = T extends unknown ? Exclude<keyof T, 'type'> : never;
type Field<T, K> = T extends unknown ? (K extends keyof T ? T[K] : undefined) : never;

/** A reader for each field of each `T`: a field that has none, or one of another type, does not compile. */
type Shape<T> = { readonly [K in Keys<T>]-?: Read<Field<T, K>> };

const isString = (value: unknown): value is string => typeof value === 'string';

const fields = checked(isFields);
const array = checked<readonly unknown[]>(Array.isArray);
const string = checked(isString);
const number = checked(isOffset);
const requestId = lenient(isRequestId);
const json: Read<JsonValue> = (value) => (value ?? null) as JsonValue; // it came out of JSON.parse
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

const flag: Read<boolean> = Boolean;
const time = lenient(isOffset);
const settings = shaped<RoomSettings>({
  pinned: requestId,
  slowModeMs: number,
  you: shaped<RoomSettings['you']>({ write: flag, moderate: flag, mutedUntil: time }),
});

type Action<T extends ModerationAction['type']> = Extract<ModerationAction, { readonly type: T }>;

const lifted = { member };
const sanction = { member, until: time };
const actionShapes: { readonly [T in ModerationAction['type']]: Shape<Action<T>> } = {
  pin: { target: number },
  unpin: {},
  slowMode: { intervalMs: number },
  mute: sanction,
  unmute: lifted,
  ban: sanction,
  unban: lifted,
};
/** What nothing can be read as. */
const nothing = checked((_: unknown): _ is never => false);
const actionReaders = readersOf<ModerationAction>(actionShapes);

const sanctionEntry = shaped<Sanction>({
  ...sanction,
  kind: (value) => (value === 'ban' ? value : 'mute'),
  at: number,
  by: member,
});

type Stored<T extends RoomEvent['type']> = Extract<RoomEvent, { readonly type: T }>;

const head = { offset: number, at: number, from: member, key: string };
const eventShapes: { readonly [T in Exclude<RoomEvent['type'], 'unknown'>]: Shape<Stored<T>> } = {
  message: { ...head, text: string, replyTo: requestId, data: optionalJson },
  edit: { ...head, target: number, text: string },
  delete: { ...head, target: number },
  reaction: { ...head, target: number, reaction: string, action: (value) => (value === 'remove' ? value : 'add') },
  custom: { ...head, name: string, data: json },
  moderation: { ...head, action: (value) => (actionReaders.get(fields(value)['type']) ?? nothing)(value) },
  redacted: { ...head, was: (value) => (value === 'edit' ? value : 'message') },
};
const eventReaders = readersOf<RoomEvent>(eventShapes);
const unknownEvent = shaped<EventHead>(head);

/** One that can't be read keeps its offset all the same: else it would be missed for ever, and asked for again and again. */
const event: Read<RoomEvent> = (value) => {
  try {
    return (eventReaders.get(fields(value)['type']) ?? nothing)(value);
  } catch {
    return { ...unknownEvent(value), type: 'unknown' };
  }
};
const events = list(event);

const shapes: { readonly [T in ServerFrame['type']]: Shape<FrameOf<ServerFrame, T>> } = {
  connected: { id: number, version: number, member, channel: string, resume: lenient(isString), pingMs: number },
  joined: { id: number, room: string, position, start: number, recovery, events, presence, reads, settings },
  published: { id: number, room: string, position, at: number },
  history: { id: number, room: string, position, start: number, events },
  presence: { id: requestId, room: string, presence },
  sanctions: { id: number, room: string, sanctions: list(sanctionEntry), next: lenient(isString) },
  upload: { id: number, url: string, ticket: string },
  ok: { id: number },
  pong: { id: requestId },
  error: { id: requestId, code: string, action, message: string, retryAfterMs: lenient(isOffset) },
  events: { room: string, events },
  ephemeral: { room: string, from: member, name: string, data: json },
  typing: { room: string, members, count: number },
  reads: { room: string, reads },
  settings: { room: string, settings },
  presenceChange: { room: string, version: number, joined: members, left: list(string) },
  position: { room: string, position, presenceVersion: number },
  removed: { room: string, code: string, message: string },
  direct: { name: string, data: json },
  expiring: { expiresInMs: number },
  drain: { retryAfterMs: number },
};

const readers = readersOf<ServerFrame>(shapes);

/** By type. A map, so that no name out of the network finds what every object has. */
function readersOf<T>(shapesByType: object): ReadonlyMap<unknown, Read<T>> {
  return new Map(
    Object.entries<Shape<T>>(shapesByType as Record<string, Shape<T>>).map(([type, shape]) => [type, shaped<T>(shape)]),
  );
}

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
  return (value) => array(value).map(read);
}

function checked<T>(is: (value: unknown) => value is T): Read<T> {
  return (value) => {
    if (!is(value)) throw new TypeError();
    return value;
  };
}

/** Of a newer relay, perhaps: what is not understood is as good as absent. */
function lenient<T>(is: (value: unknown) => value is T): Read<T | undefined> {
  return (value) => (is(value) ? value : undefined);
}
