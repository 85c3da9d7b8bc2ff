// Relay → client, read by the client. Lenient where the relay may be newer: an unknown frame is refused (and ignored by
// the caller), an unknown event keeps its offset and shows as nothing, unknown fields are dropped.

import type { ErrorAction } from './codes.ts';
import type { Fields } from './decoded.ts';
import { isOffset } from './decoded.ts';
import type {
  EventHead,
  FrameOf,
  ModerationAction,
  Position,
  Presence,
  Reads,
  Recovery,
  RoomEvent,
  RoomSettings,
  ServerFrame,
} from './frames.ts';
import type { JsonValue } from './json.ts';
import type { Read, Shape } from './shapes.ts';
import {
  checked,
  fields,
  isString,
  lenient,
  list,
  member,
  number,
  readersOf,
  requestId,
  shaped,
  string,
  time,
} from './shapes.ts';

/** Reads one frame of the relay. Never throws: what cannot be read is undefined, and ignored (FRM4). */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  try {
    const frame = JSON.parse(text) as Fields;
    return readers.get(frame['type'])?.(frame);
  } catch {
    return undefined;
  }
}

const json: Read<JsonValue> = (value) => (value ?? null) as JsonValue; // it came out of JSON.parse
const optionalJson: Read<JsonValue | undefined> = (value) => value as JsonValue | undefined;
const action: Read<ErrorAction> = (value) => (value === 'retry' || value === 'rejoin' ? value : 'fix');

const position = shaped<Position>({ epoch: string, offset: number });
const members = list(member);

const presence = shaped<Presence & { readonly scope: 'sample' }>({
  scope: (value) => (value === 'all' ? value : 'sample') as 'sample', // a whole list has no count, and needs none
  version: number,
  count: (value) => value as number,
  members,
}) as Read<Presence>;

const recovery: Read<Recovery> = (value) => {
  const { outcome, reason } = fields(value);
  if (outcome === 'fresh' || outcome === 'recovered') return { outcome };
  // Whatever a newer relay may say here, it is not that the events held so far still count.
  return { outcome: 'lost', reason: reason === 'trimmed' || reason === 'ahead' ? reason : 'epoch' };
};

const reads: Read<Reads> = (value) =>
  Object.fromEntries(Object.entries(fields(value)).filter((entry): entry is [string, number] => isOffset(entry[1])));

const flag: Read<boolean> = Boolean;
const settings = shaped<RoomSettings>({
  pinned: requestId,
  slowModeMs: number,
  you: shaped<RoomSettings['you']>({ write: flag, moderate: flag, mutedUntil: time }),
});

type Action<T extends ModerationAction['type']> = Extract<ModerationAction, { readonly type: T }>;

const sanction = { member, until: time };
const actionShapes: { readonly [T in ModerationAction['type']]: Shape<Action<T>> } = {
  pin: { target: number },
  unpin: {},
  slowMode: { intervalMs: number },
  mute: sanction,
  unmute: sanction,
  ban: sanction,
  unban: sanction,
};
/** What nothing can be read as. */
const nothing = checked((_: unknown): _ is never => false);
const actionReaders = readersOf<ModerationAction>(actionShapes);

type Stored<T extends RoomEvent['type']> = Extract<RoomEvent, { readonly type: T }>;

const head = { offset: number, at: number, from: member, key: string };
const eventShapes: { readonly [T in Exclude<RoomEvent['type'], 'unknown'>]: Shape<Stored<T>> } = {
  message: { ...head, text: string, replyTo: requestId, data: optionalJson },
  edit: { ...head, target: number, text: string },
  delete: { ...head, target: number },
  reaction: { ...head, target: number, reaction: string, action: (value) => (value === 'remove' ? value : 'add') },
  custom: { ...head, name: string, data: json },
  moderation: { ...head, action: (value) => (actionReaders.get((value as Fields)['type']) ?? nothing)(value) },
  redacted: { ...head, was: (value) => (value === 'edit' ? value : 'message') },
};
const eventReaders = readersOf<RoomEvent>(eventShapes);
const unknownEvent = shaped<EventHead>(head);

/** One that can't be read keeps its offset all the same: else it would be missed for ever, and asked for again and again. */
const event: Read<RoomEvent> = (value) => {
  try {
    return (eventReaders.get((value as Fields)['type']) ?? nothing)(value);
  } catch {
    return { ...unknownEvent(value), type: 'unknown' };
  }
};
const events = list(event);

/** Replies that only modules beside the client's own ask for: these read the rest of them, so that nobody else pays for it. */
type ReadElsewhere = 'sanctions' | 'upload';

const shapes: { readonly [T in Exclude<ServerFrame['type'], ReadElsewhere>]: Shape<FrameOf<ServerFrame, T>> } & {
  readonly [T in ReadElsewhere]: Shape<{ readonly id: number }>;
} = {
  connected: { id: number, version: number, member, channel: string, resume: lenient(isString), pingMs: number },
  joined: { id: number, room: string, position, start: number, recovery, events, presence, reads, settings },
  published: { id: number, room: string, position, at: number },
  history: { id: number, room: string, position, start: number, events },
  presence: { id: requestId, room: string, presence },
  sanctions: { id: number },
  upload: { id: number },
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
