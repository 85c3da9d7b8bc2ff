// Recovery of one room, pure: what has been delivered, what is missing, what to ask for. room.ts performs the effects.
//
//     out ── join ──► cut ── connected ──► joining ── joined ──► live ◄──────────────► filling
//      ▲               ▲                                           a gap, then filled by history
//      └ left, removed └──────── lost: from any but `out`
//
// Each event is delivered once, in order of its offset, or `discontinuity` is said first: never in part, never in silence.

import type { Request } from '../connection/requests.ts';
import { ChatError } from '../errors.ts';
import type { FrameOf, Position, Recovery, RoomEvent, ServerFrame } from '../protocol/index.ts';
import { MAX_PAGE_EVENTS } from '../protocol/index.ts';

export type Phase = 'out' | 'cut' | 'joining' | 'live' | 'filling';

export interface RoomLog {
  readonly phase: Phase;
  /** Everything up to here has been delivered. Absent before the first `joined`. */
  readonly position: Position | undefined;
  /** The log is known to reach so far. */
  readonly end: number;
  /** Events beyond a gap, rising, kept while the gap is being filled. */
  readonly held: readonly RoomEvent[];
  readonly room: string;
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
  /** Joined: what it says of people, and of how far back the log reaches, holds from now on. */
  | { readonly type: 'joined'; readonly reply: FrameOf<ServerFrame, 'joined'> }
  /** The timeline starts anew behind `position`. With a reason: what was delivered before is void. */
  | { readonly type: 'restart'; readonly position: Position; readonly reason: Discarded | undefined }
  | { readonly type: 'deliver'; readonly events: readonly RoomEvent[] }
  | { readonly type: 'denied'; readonly error: ChatError };

type Discarded = Extract<Recovery, { readonly outcome: 'lost' }>['reason'];

export interface LogStep {
  readonly log: RoomLog;
  readonly effects: readonly LogEffect[];
}

/** Beyond it the held events are let go and read from history instead, where they are safe. */
export const MAX_HELD = 1_000;
const RETRY_MS = 1_000;

/** A room that was never joined. */
export function newLog(room: string): RoomLog {
  return { phase: 'out', position: undefined, end: 0, held: [], room, recent: 0 };
}

const stay = (log: RoomLog): LogStep => ({ log, effects: [] });

const handlers: {
  readonly [T in LogInput['type']]: (log: RoomLog, input: Extract<LogInput, { readonly type: T }>) => LogStep;
} = {
  join: (log, { recent }) => (log.phase === 'out' ? stay({ ...log, phase: 'cut', recent }) : stay(log)),
  leave: (log) => stay(pause(log, 'out')),
  connected: (log) => (log.phase === 'out' ? stay(log) : askJoin(log)),
  lost: (log) => (log.phase === 'out' ? stay(log) : stay(pause(log, 'cut'))),
  due: (log) => (log.phase === 'joining' ? askJoin(log) : log.phase === 'filling' ? askHistory(log) : stay(log)),
  refused: (log, { error }) => refused(log, error),
  stale: (log) => (isJoined(log) ? askJoin(log) : stay(log)),
  joined: (log, reply) => (log.phase === 'joining' ? joined(log, reply) : stay(log)),
  history: (log, reply) => (log.phase === 'filling' ? page(log, reply) : stay(log)),
  events: (log, { events }) => (isJoined(log) ? settle(...advance(log, events)) : stay(log)),
  position: (log, { position }) => (isJoined(log) ? moved(log, position) : stay(log)),
  removed: (log, { code, message }) => (log.phase === 'out' ? stay(log) : deny(log, new ChatError(code, 'fix', message))),
};

/** What `input` makes of the log, and what is to be done. */
export function stepLog(log: RoomLog, input: LogInput): LogStep {
  return handlers[input.type](log, input as never);
}

function isJoined({ phase }: RoomLog): boolean {
  return phase === 'live' || phase === 'filling';
}

/** What is held beyond a gap is let go: the next join recovers from `position`. */
function pause(log: RoomLog, phase: 'out' | 'cut' | 'joining'): RoomLog {
  return { ...log, phase, held: [] };
}

function askJoin(log: RoomLog): LogStep {
  const { room, recent, position } = log;
  const request: Request = { type: 'join', room, recent, ...(position && { position }) };
  return { log: pause(log, 'joining'), effects: [{ type: 'ask', request }] };
}

function askHistory(log: RoomLog): LogStep {
  const { room, position } = log;
  if (position === undefined) return askJoin(log);
  const { epoch, offset } = position;
  const request: Request = { type: 'history', room, epoch, after: offset, limit: MAX_PAGE_EVENTS };
  return { log: { ...log, phase: 'filling' }, effects: [{ type: 'ask', request }] };
}

function deny(log: RoomLog, error: ChatError): LogStep {
  return { log: pause(log, 'out'), effects: [{ type: 'denied', error }] };
}

function refused(log: RoomLog, error: ChatError): LogStep {
  if (log.phase !== 'joining' && log.phase !== 'filling') return stay(log);
  if (error.code === 'disconnected') return stay(log); // `lost` follows
  if (error.action === 'fix') return deny(log, error);
  if (error.action === 'rejoin' && log.phase === 'filling') return askJoin(log);
  return { log, effects: [{ type: 'wait', delayMs: error.retryAfterMs ?? RETRY_MS }] };
}

function joined(log: RoomLog, reply: FrameOf<ServerFrame, 'joined'>): LogStep {
  const { position: end, recovery, events } = reply;
  const { position } = log;
  const said: LogEffect = { type: 'joined', reply };
  if (recovery.outcome === 'recovered' && position?.epoch === end.epoch) {
    const [next, effects] = advance({ ...log, phase: 'live', end: end.offset }, events);
    return settle(next, [said, ...effects]);
  }
  // A relay that forgot our position, or took it for another log's, has not recovered it.
  const reason = position && (recovery.outcome === 'lost' ? recovery.reason : 'epoch');
  const start = { epoch: end.epoch, offset: (events[0]?.offset ?? end.offset + 1) - 1 };
  const [anew, effects] = advance({ ...log, phase: 'live', position: start, end: end.offset }, events);
  return settle(anew, [said, { type: 'restart', position: start, reason }, ...effects]);
}

function page(log: RoomLog, { position: end, start, events }: FrameOf<ServerFrame, 'history'>): LogStep {
  const { position } = log;
  // Joining again with our position makes the relay say what became of the events we lack.
  if (position?.epoch !== end.epoch || start > position.offset + 1) return askJoin(log);
  const [next, effects] = advance({ ...log, end: Math.max(log.end, end.offset), held: [] }, [...events, ...log.held]);
  // A page that did not help: another node of the relay may not know yet what this one has pushed.
  const isStuck = next.position?.offset === position.offset && next.end > position.offset;
  if (isStuck) return { log: next, effects: [{ type: 'wait', delayMs: RETRY_MS }] };
  return settle({ ...next, phase: 'live' }, effects);
}

function moved(log: RoomLog, position: Position): LogStep {
  if (position.epoch !== log.position?.epoch) return askJoin(log);
  return settle({ ...log, end: Math.max(log.end, position.offset) }, []);
}

/** Delivers what continues the log, drops what has been seen, and holds what lies beyond a gap. */
function advance(log: RoomLog, events: readonly RoomEvent[]): [RoomLog, readonly LogEffect[]] {
  const { position } = log;
  if (position === undefined) return [log, []];
  const fresh: RoomEvent[] = [];
  const held = [...log.held];
  let { offset } = position;
  let { end } = log;
  for (const event of events) {
    end = Math.max(end, event.offset);
    if (event.offset === offset + 1) {
      fresh.push(event);
      offset++;
    } else if (event.offset > (held.at(-1)?.offset ?? offset)) held.push(event);
  }
  const next: RoomLog = { ...log, position: { ...position, offset }, end, held: held.length > MAX_HELD ? [] : held };
  return [next, fresh.length > 0 ? [{ type: 'deliver', events: fresh }] : []];
}

/** Live where nothing is missing; else the missing part is asked for, once at a time. */
function settle(log: RoomLog, effects: readonly LogEffect[]): LogStep {
  if (log.position === undefined || log.position.offset >= log.end) return { log: { ...log, phase: 'live', held: [] }, effects };
  if (log.phase === 'filling') return { log, effects };
  const asked = askHistory(log);
  return { log: asked.log, effects: [...effects, ...asked.effects] };
}
