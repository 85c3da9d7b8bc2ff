// The connection's life as a pure table: no socket, no timer, no clock. driver.ts performs the effects.
//
//            connect            connected            silence, wake, doubt
//     idle ───────────► connecting ───────────► connected ◄──────────────► verifying
//                       ▲   ▲   │                   │          heard           │
//          due, wake    │   │   │ lost, due         │ lost                     │ lost, due
//     ┌─────────────────┘   │   ▼                   ▼                          ▼
//     └──────────────── waiting ◄── unless it was healthy: then it dials at once, without waiting
//                           │ hide                  │
//                     wake  ▼                       ▼
//     connecting ◄──── suspended ◄── any of them, lost while hidden, or frozen
//
//     any ── lost for good ──► denied ── connect ──► connecting          any ── close ──► closed
//
// A state with a deadline (`until`) gets `due` at that time, and before each write if the timer was late.

import type { FrameOf, ServerFrame } from '../protocol/index.ts';

export type State =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number; readonly until: number }
  | (Up & { readonly name: 'connected'; readonly heardAt: number })
  | (Up & { readonly name: 'verifying' })
  /** `ordered`: the relay named the time, so nothing but `close` shortens the wait. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly until: number; readonly ordered: boolean }
  /** Hidden: it does not dial. `notBefore` is the time the relay named, or 0. */
  | { readonly name: 'suspended'; readonly attempt: number; readonly notBefore: number }
  | { readonly name: 'closed' }
  | { readonly name: 'denied' };

/** `attempt` counts the failures since the last healthy connection, so that flapping does not reset the back-off. */
interface Up {
  readonly attempt: number;
  readonly since: number;
  readonly pingMs: number;
  readonly until: number;
}

export type Event =
  /** The application wants to be connected. */
  | { readonly type: 'connect' }
  /** The relay accepted `connect`. */
  | { readonly type: 'connected'; readonly frame: FrameOf<ServerFrame, 'connected'> }
  /** Any frame arrived. */
  | { readonly type: 'heard' }
  /** The socket closed, was refused, or the relay drains. `retry: false`: do not come back. */
  | { readonly type: 'lost'; readonly retry: boolean; readonly retryAfterMs: number | undefined }
  /** The state's deadline has passed. */
  | { readonly type: 'due' }
  /** The page or the network came back: what was believed may be old. */
  | { readonly type: 'wake' }
  /** The platform says offline, or a reply is overdue. */
  | { readonly type: 'doubt' }
  | { readonly type: 'hide' }
  | { readonly type: 'freeze' }
  /** The application ends it. */
  | { readonly type: 'close' };

/** `dial` drops the socket there is and opens another; `drop` only drops. */
export type Effect = 'dial' | 'drop' | 'ping';

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Surroundings {
  readonly now: number;
  readonly random: () => number;
  readonly hidden: boolean;
}

/** From dialling to `connected`. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** A connection that was up so long was healthy: the loss is news, so the first retry is immediate. */
export const HEALTHY_MS = 5_000;
/** After a wake the answer is needed now: people are looking. */
export const WAKE_PONG_MS = 2_000;
/** After mere silence there is time. */
export const IDLE_PONG_MS = 10_000;
const MIN_DELAY_MS = 500;
const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 20_000;

/** Full jitter: a relay's restart must not bring every client back in the same second. */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** failures);
  return MIN_DELAY_MS + Math.round(random() * (ceiling - MIN_DELAY_MS));
}

const stay = (state: State): Step => ({ state, effects: [] });
const end = (): Step => ({ state: { name: 'closed' }, effects: ['drop'] });

function dial(attempt: number, { now }: Surroundings): Step {
  return { state: { name: 'connecting', attempt, until: now + CONNECT_TIMEOUT_MS }, effects: ['dial'] };
}

function suspend(attempt: number, notBefore = 0): Step {
  return { state: { name: 'suspended', attempt, notBefore }, effects: ['drop'] };
}

function comeBack(failures: number, retryAfterMs: number | undefined, around: Surroundings): Step {
  const ordered = retryAfterMs !== undefined;
  const delayMs = retryAfterMs ?? (failures === 0 ? 0 : backoffMs(failures - 1, around.random));
  const until = around.now + delayMs;
  if (around.hidden) return suspend(failures, ordered ? until : 0);
  if (delayMs === 0) return dial(failures, around);
  return { state: { name: 'waiting', attempt: failures, until, ordered }, effects: ['drop'] };
}

function unsuspend({ attempt, notBefore }: StateOf<'suspended'>, around: Surroundings): Step {
  if (notBefore <= around.now) return dial(attempt, around);
  return stay({ name: 'waiting', attempt, until: notBefore, ordered: true });
}

function failuresOf(state: Up, { now }: Surroundings): number {
  return now - state.since >= HEALTHY_MS ? 0 : state.attempt + 1;
}

function lost(failures: number, event: EventOf<'lost'>, around: Surroundings): Step {
  return event.retry ? comeBack(failures, event.retryAfterMs, around) : { state: { name: 'denied' }, effects: ['drop'] };
}

function up(attempt: number, since: number, pingMs: number, { now }: Surroundings): Step {
  return stay({ name: 'connected', attempt, since, pingMs, heardAt: now, until: now + pingMs });
}

function verify({ attempt, since, pingMs }: Up, withinMs: number, { now }: Surroundings): Step {
  return { state: { name: 'verifying', attempt, since, pingMs, until: now + withinMs }, effects: ['ping'] };
}

/** The deadline is not moved at each frame: what has been heard meanwhile is looked up when it passes. */
function checkSilence(state: StateOf<'connected'>, around: Surroundings): Step {
  const silentMs = around.now - state.heardAt;
  if (silentMs >= 0 && silentMs < state.pingMs) return stay({ ...state, until: state.heardAt + state.pingMs });
  // So late a timer means that the machine slept, or that its clock was set.
  const jumped = silentMs < 0 || around.now - state.until > IDLE_PONG_MS;
  return verify(state, jumped ? WAKE_PONG_MS : IDLE_PONG_MS, around);
}

function hurry(state: StateOf<'verifying'>, around: Surroundings): Step {
  const leftMs = state.until - around.now;
  return leftMs > 0 && leftMs <= WAKE_PONG_MS ? stay(state) : verify(state, WAKE_PONG_MS, around);
}

type StateOf<S extends State['name']> = Extract<State, { readonly name: S }>;
type EventOf<E extends Event['type']> = Extract<Event, { readonly type: E }>;
type Cell<S extends State['name'], E extends Event['type']> = (
  state: StateOf<S>,
  event: EventOf<E>,
  around: Surroundings,
) => Step;

const inert = {
  connect: stay,
  connected: stay,
  heard: stay,
  lost: stay,
  due: stay,
  wake: stay,
  doubt: stay,
  hide: stay,
  freeze: stay,
  close: stay,
} as const satisfies { readonly [E in Event['type']]: typeof stay };

// Every state answers every event: a missing cell does not compile.
const table: { readonly [S in State['name']]: { readonly [E in Event['type']]: Cell<S, E> } } = {
  idle: { ...inert, connect: (_, __, around) => dial(0, around), close: end },
  connecting: {
    connect: stay,
    connected: (state, event, around) => up(state.attempt, around.now, event.frame.pingMs, around),
    heard: stay,
    lost: (state, event, around) => lost(state.attempt + 1, event, around),
    due: (state, _, around) => comeBack(state.attempt + 1, undefined, around),
    wake: stay,
    doubt: stay,
    hide: stay,
    freeze: (state) => suspend(state.attempt),
    close: end,
  },
  connected: {
    connect: stay,
    connected: stay,
    heard: (state, _, around) => stay({ ...state, heardAt: around.now }),
    lost: (state, event, around) => lost(failuresOf(state, around), event, around),
    due: (state, _, around) => checkSilence(state, around),
    wake: (state, _, around) => verify(state, WAKE_PONG_MS, around),
    doubt: (state, _, around) => verify(state, WAKE_PONG_MS, around),
    hide: stay,
    freeze: (state, _, around) => suspend(failuresOf(state, around)),
    close: end,
  },
  verifying: {
    connect: stay,
    connected: stay,
    heard: (state, _, around) => up(state.attempt, state.since, state.pingMs, around),
    lost: (state, event, around) => lost(failuresOf(state, around), event, around),
    due: (state, _, around) => comeBack(failuresOf(state, around), undefined, around),
    wake: (state, _, around) => hurry(state, around),
    doubt: stay,
    hide: stay,
    freeze: (state, _, around) => suspend(failuresOf(state, around)),
    close: end,
  },
  waiting: {
    connect: (state, _, around) => (state.ordered ? stay(state) : dial(state.attempt, around)),
    connected: stay,
    heard: stay,
    lost: stay,
    due: (state, _, around) => (around.hidden ? suspend(state.attempt) : dial(state.attempt, around)),
    wake: (state, _, around) => (state.ordered ? stay(state) : dial(state.attempt, around)),
    doubt: stay,
    hide: (state) => suspend(state.attempt, state.ordered ? state.until : 0),
    freeze: (state) => suspend(state.attempt, state.ordered ? state.until : 0),
    close: end,
  },
  suspended: {
    connect: (state, _, around) => unsuspend(state, around),
    connected: stay,
    heard: stay,
    lost: stay,
    due: stay,
    wake: (state, _, around) => (around.hidden ? stay(state) : unsuspend(state, around)),
    doubt: stay,
    hide: stay,
    freeze: stay,
    close: end,
  },
  closed: inert,
  denied: { ...inert, connect: (_, __, around) => dial(0, around), close: end },
};

/** What `event` makes of `state`, and what is to be done. */
export function step(state: State, event: Event, around: Surroundings): Step {
  const cell = table[state.name][event.type] as Cell<State['name'], Event['type']>; // the table's type proves the pairing
  return cell(state as never, event as never, around);
}

/** True where frames may be written. */
export function isUp(state: State): boolean {
  return state.name === 'connected' || state.name === 'verifying';
}
