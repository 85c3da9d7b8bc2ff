// Recovery of one room, pure: what has been delivered, what is missing, what to ask for. membership.ts does it.
//
//     out ── join ──► cut ── connected ──► joining ── joined ──► live ◄──────────────► filling
//      ▲               ▲                                           a gap, then filled by history
//      └ left, removed └──────── lost: from any but `out`
//
// Each event is delivered once, in order of its offset, or `restart` is said first: never in part, never in silence.

import type { Request } from '../connection/requests.ts';
import { ChatError } from '../errors.ts';
import type { FrameOf, Position, Recovery, RoomEvent, ServerFrame } from '../protocol/index.ts';
import { MAX_PAGE_EVENTS } from '../protocol/index.ts';

export interface RoomLog {
  readonly room: string;
  readonly phase: 'out' | 'cut' | 'joining' | 'live' | 'filling';
  /** Everything up to here has been delivered. Its epoch is empty before the first `joined`. */
  readonly position: Position;
  /** The log is known to reach so far. */
  readonly end: number;
  /** Events beyond a gap, rising, kept while the gap is being filled. */
  readonly held: readonly RoomEvent[];
  /** How many of the last events to begin with, where there is no position to go on from. */
  readonly recent: number;
}

export type LogInput =
  | { readonly type: 'join'; readonly recent: number }
  | { readonly type: 'leave' }
  | { readonly type: 'connected' }
  | { readonly type: 'lost' }
  /** The time that an error asked for has passed. */
  | { readonly type: 'due' }
  /** What was asked was refused. */
  | { readonly type: 'refused'; readonly error: ChatError }
  /** Something else was refused because the log is another one now. */
  | { readonly type: 'stale' }
  | FrameOf<ServerFrame, 'joined' | 'history' | 'events' | 'position' | 'removed'>;

export type LogEffect =
  /** To be answered with `joined`, `history`, or `refused`. */
  | { readonly type: 'ask'; readonly request: Request }
  | { readonly type: 'wait'; readonly delayMs: number }
  /** Joined: what the reply says of people, and of how far back the log reaches, holds from now on. */
  | { readonly type: 'joined'; readonly reply: FrameOf<ServerFrame, 'joined'>; readonly restart: Restart | undefined }
  | { readonly type: 'deliver'; readonly events: readonly RoomEvent[] }
  | { readonly type: 'denied'; readonly error: ChatError };

/** The timeline starts anew behind `position`. With a reason: what was delivered before is void. */
export interface Restart {
  readonly position: Position;
  readonly reason: Extract<Recovery, { readonly outcome: 'lost' }>['reason'] | undefined;
}

/** What a log becomes, and what is to be done, in this order. */
export type LogStep = readonly [RoomLog, ...LogEffect[]];

/** Beyond it the held events are let go and read from history instead, where they are safe. */
export const MAX_HELD = 1_000;
const RETRY_MS = 1_000;

/** A room that was never joined. */
export function newLog(room: string): RoomLog {
  return { room, phase: 'out', position: { epoch: '', offset: 0 }, end: 0, held: [], recent: 0 };
}

/** True where the relay pushes to us. */
export function isJoined({ phase }: RoomLog): boolean {
  return phase === 'live' || phase === 'filling';
}

const handlers: {
  readonly [T in LogInput['type']]: (log: RoomLog, input: Extract<LogInput, { readonly type: T }>) => LogStep;
} = {
  join: (log, { recent }) => [log.phase === 'out' ? { ...log, phase: 'cut', recent } : log],
  leave: (log) => [pause(log, 'out')],
  connected: (log) => (log.phase === 'out' ? [log] : askJoin(log)),
  lost: (log) => [log.phase === 'out' ? log : pause(log, 'cut')],
  due: (log) => (log.phase === 'joining' ? askJoin(log) : log.phase === 'filling' ? askHistory(log) : [log]),
  refused,
  stale: (log) => (isJoined(log) ? askJoin(log) : [log]),
  joined: (log, reply) => (log.phase === 'joining' ? joined(log, reply) : [log]),
  history: (log, reply) => (log.phase === 'filling' ? page(log, reply) : [log]),
  events: (log, { events }) => (isJoined(log) ? advance(log, events) : [log]),
  position: (log, { position }) => (isJoined(log) ? moved(log, position) : [log]),
  removed: (log, { code, message }) => (isJoined(log) ? deny(log, new ChatError(code, 'fix', message)) : [log]),
};

/** What `input` makes of the log, and what is to be done. */
export function stepLog(log: RoomLog, input: LogInput): LogStep {
  return handlers[input.type](log, input as never);
}

/** What is held beyond a gap is let go: the next join recovers from `position`. */
function pause(log: RoomLog, phase: 'out' | 'cut' | 'joining'): RoomLog {
  return { ...log, phase, held: [] };
}

function askJoin(log: RoomLog): LogStep {
  const { room, recent, position } = log;
  const request: Request = { type: 'join', room, recent, ...(position.epoch !== '' && { position }) };
  return [pause(log, 'joining'), { type: 'ask', request }];
}

function askHistory(log: RoomLog): LogStep {
  const { epoch, offset } = log.position;
  const request: Request = { type: 'history', room: log.room, epoch, after: offset, limit: MAX_PAGE_EVENTS };
  return [
    { ...log, phase: 'filling' },
    { type: 'ask', request },
  ];
}

function deny(log: RoomLog, error: ChatError): LogStep {
  return [pause(log, 'out'), { type: 'denied', error }];
}

function refused(log: RoomLog, { error }: { readonly error: ChatError }): LogStep {
  const { code, action, retryAfterMs = RETRY_MS } = error;
  if ((log.phase !== 'joining' && log.phase !== 'filling') || code === 'disconnected') return [log]; // then `lost` follows
  if (action === 'fix') return deny(log, error);
  if (action === 'rejoin' && log.phase === 'filling') return askJoin(log);
  return [log, { type: 'wait', delayMs: retryAfterMs }];
}

function joined(log: RoomLog, reply: FrameOf<ServerFrame, 'joined'>): LogStep {
  const { position: end, recovery, events } = reply;
  const { epoch } = log.position;
  // A relay that forgot our position, or took it for another log's, has not recovered it.
  const isRecovered = recovery.outcome === 'recovered' && epoch === end.epoch;
  const reason = recovery.outcome === 'lost' ? recovery.reason : epoch === '' ? undefined : 'epoch';
  const position = isRecovered ? log.position : { epoch: end.epoch, offset: (events[0]?.offset ?? end.offset + 1) - 1 };
  const [next, ...effects] = advance({ ...log, phase: 'live', end: end.offset, position }, events);
  return [next, { type: 'joined', reply, restart: isRecovered ? undefined : { position, reason } }, ...effects];
}

function page(log: RoomLog, { position, start, events }: FrameOf<ServerFrame, 'history'>): LogStep {
  // Joining again with our position makes the relay say what became of the events we lack.
  if (position.epoch !== log.position.epoch || start > log.position.offset + 1) return askJoin(log);
  const end = Math.max(log.end, position.offset);
  const [next, ...effects] = advance({ ...log, phase: 'live', end, held: [] }, [...events, ...log.held]);
  if (effects[0]?.type !== 'ask') return [next, ...effects];
  // A page that did not help: another node of the relay may not know yet what this one has pushed.
  return [next, { type: 'wait', delayMs: RETRY_MS }];
}

function moved(log: RoomLog, { epoch, offset }: Position): LogStep {
  return epoch === log.position.epoch ? advance({ ...log, end: Math.max(log.end, offset) }, []) : askJoin(log);
}

/** Delivers what continues the log, drops what has been seen, holds what lies beyond a gap, and asks for what is missing. */
function advance(log: RoomLog, events: readonly RoomEvent[]): LogStep {
  const fresh: RoomEvent[] = [];
  const held = [...log.held];
  let { offset } = log.position;
  let { end } = log;
  for (const event of events) {
    end = Math.max(end, event.offset);
    if (event.offset === offset + 1) {
      fresh.push(event);
      offset++;
    } else if (event.offset > (held.at(-1)?.offset ?? offset)) held.push(event);
  }
  const isLive = offset >= end;
  const next: RoomLog = {
    ...log,
    phase: isLive ? 'live' : log.phase,
    position: { ...log.position, offset },
    end,
    held: isLive || held.length > MAX_HELD ? [] : held,
  };
  const delivered: LogEffect[] = fresh.length > 0 ? [{ type: 'deliver', events: fresh }] : [];
  if (isLive || log.phase === 'filling') return [next, ...delivered];
  const [asking, ...asked] = askHistory(next);
  return [asking, ...delivered, ...asked];
}
