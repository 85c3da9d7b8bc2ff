// The connection's life as a pure table: no socket, no timer, no clock. driver.ts does what each new state asks for.
//
//            connect            connected            silence, wake, doubt
//     idle ───────────► connecting ───────────► connected ◄──────────────► verifying
//                       ▲   ▲   │                   │          heard           │
//          due, wake    │   │   │ lost, due         │ lost                     │ lost, due
//     ┌─────────────────┘   │   ▼                   ▼                          ▼
//     └──────────────── waiting ◄── unless it was healthy: then it dials at once, without waiting
//                           │ due or woken, hidden  │
//                     wake  ▼                       ▼
//     connecting ◄──── suspended ◄── any of them, lost while hidden, or frozen
//
//     any ── lost for good ──► denied ── connect ──► connecting          any ── close ──► closed
//
// A state with a deadline (`until`) gets `due` at that time, and before each write if the timer was late.

import type { FrameOf, ServerFrame } from '../protocol/index.ts';

export type State =
  | { readonly name: 'idle' }
  /** Entered: the socket there was is dropped, and another is opened. */
  | { readonly name: 'connecting'; readonly attempt: number; readonly until: number }
  | (Up & { readonly name: 'connected'; readonly heardAt: number })
  /** Entered: a ping is sent. */
  | (Up & { readonly name: 'verifying' })
  /** There is no socket from here on. `notBefore` is the time the relay named, or 0: nothing but `close` goes before it. */
  | (Down & { readonly name: 'waiting'; readonly until: number })
  /** Nobody looks: it does not dial. */
  | (Down & { readonly name: 'suspended' })
  | { readonly name: 'closed' }
  | { readonly name: 'denied' };

/** `attempt` counts the failures since the last healthy connection, so that flapping does not reset the back-off. */
interface Up {
  readonly attempt: number;
  readonly since: number;
  readonly pingMs: number;
  readonly until: number;
}

interface Down {
  readonly attempt: number;
  readonly notBefore: number;
}

export type Event =
  /** The application wants to be connected. */
  | { readonly type: 'connect' }
  /** The relay accepted `connect`. */
  | { readonly type: 'connected'; readonly frame: FrameOf<ServerFrame, 'connected'> }
  /** Any frame arrived. */
  | { readonly type: 'heard' }
  /** The socket closed, was refused, or the relay drains. `retry: false`: do not come back. */
  | { readonly type: 'lost'; readonly retry: boolean; readonly retryAfterMs?: number | undefined }
  /** The state's deadline has passed. */
  | { readonly type: 'due' }
  /** The page or the network came back: what was believed may be old. */
  | { readonly type: 'wake' }
  /** The platform says offline, or a reply is overdue. */
  | { readonly type: 'doubt' }
  /** The page goes away, perhaps to come back. */
  | { readonly type: 'freeze' }
  /** The application ends it. */
  | { readonly type: 'close' };

/** What a step may depend on besides its state and event. */
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

/** True where frames may be written. */
export function isUp(state: State): state is Extract<State, Up> {
  return 'since' in state;
}

function dial(attempt: number, { now }: Surroundings): State {
  return { name: 'connecting', attempt, until: now + CONNECT_TIMEOUT_MS };
}

/** Failures in a row, when this state ends. */
function failuresAfter(state: Dialled, { now }: Surroundings): number {
  return isUp(state) && now - state.since >= HEALTHY_MS ? 0 : state.attempt + 1;
}

function suspend({ attempt, notBefore }: Down): State {
  return { name: 'suspended', attempt, notBefore };
}

/** Comes back: at once after a healthy connection, else when the relay said, else when the back-off says. */
function comeBack(state: Dialled, retryAfterMs: number | undefined, around: Surroundings): State {
  const attempt = failuresAfter(state, around);
  const delayMs = retryAfterMs ?? (attempt === 0 ? 0 : backoffMs(attempt - 1, around.random));
  const until = around.now + delayMs;
  const notBefore = retryAfterMs === undefined ? 0 : until;
  if (around.hidden) return suspend({ attempt, notBefore });
  return delayMs === 0 ? dial(attempt, around) : { name: 'waiting', attempt, until, notBefore };
}

/** Dials, but while nobody looks, and not before the time the relay named. */
function resume(down: Down, around: Surroundings): State {
  const { attempt, notBefore } = down;
  if (around.hidden) return suspend(down);
  if (notBefore <= around.now) return dial(attempt, around);
  return { name: 'waiting', attempt, until: notBefore, notBefore };
}

function hear(state: Pick<Up, 'attempt' | 'since' | 'pingMs'>, { now }: Surroundings): State {
  return { ...state, name: 'connected', heardAt: now, until: now + state.pingMs };
}

function verify(state: Up, withinMs: number, { now }: Surroundings): State {
  return { ...state, name: 'verifying', until: now + withinMs };
}

/** The deadline is not moved at each frame: what has been heard meanwhile is looked up when it passes. */
function checkSilence(state: StateOf<'connected'>, around: Surroundings): State {
  const silentMs = around.now - state.heardAt;
  if (silentMs >= 0 && silentMs < state.pingMs) return { ...state, until: state.heardAt + state.pingMs };
  // So late a timer means that the machine slept, or that its clock was set.
  const jumped = silentMs < 0 || around.now - state.until > IDLE_PONG_MS;
  return verify(state, jumped ? WAKE_PONG_MS : IDLE_PONG_MS, around);
}

type StateOf<S extends State['name']> = Extract<State, { readonly name: S }>;
/** A state with a socket. */
type Dialled = StateOf<'connecting' | 'connected' | 'verifying'>;
type EventOf<E extends Event['type']> = Extract<Event, { readonly type: E }>;

function isDialled(state: State): state is Dialled {
  return state.name === 'connecting' || isUp(state);
}

/** Waiting or suspended: there is no socket, but there will be. */
function isDown(state: State): state is StateOf<'waiting' | 'suspended'> {
  return 'notBefore' in state;
}

// What each event makes of each state: the same object where it makes nothing of it. The test has the whole table.
const steps: { readonly [E in Event['type']]: (state: State, around: Surroundings, event: EventOf<E>) => State } = {
  connect: (state, around) =>
    isDown(state) ? resume(state, around) : state.name === 'idle' || state.name === 'denied' ? dial(0, around) : state,
  connected: (state, around, { frame: { pingMs } }) =>
    state.name === 'connecting' ? hear({ attempt: state.attempt, since: around.now, pingMs }, around) : state,
  heard: (state, around) =>
    state.name === 'connected' ? { ...state, heardAt: around.now } : state.name === 'verifying' ? hear(state, around) : state,
  lost: (state, around, { retry, retryAfterMs }) =>
    !isDialled(state) ? state : retry ? comeBack(state, retryAfterMs, around) : { name: 'denied' },
  due: (state, around) =>
    state.name === 'waiting'
      ? resume({ ...state, notBefore: 0 }, around)
      : state.name === 'connected'
        ? checkSilence(state, around)
        : isDialled(state)
          ? comeBack(state, undefined, around)
          : state,
  wake: (state, around) =>
    isDown(state) ? resume(state, around) : isUp(state) && !around.hidden ? verify(state, WAKE_PONG_MS, around) : state,
  doubt: (state, around) => (state.name === 'connected' ? verify(state, WAKE_PONG_MS, around) : state),
  freeze: (state, around) =>
    isDialled(state)
      ? suspend({ attempt: failuresAfter(state, around), notBefore: 0 })
      : state.name === 'waiting'
        ? suspend(state)
        : state,
  close: (state) => (state.name === 'closed' ? state : { name: 'closed' }),
};

/** What `event` makes of `state`: the same object where it makes nothing of it. */
export function step(state: State, event: Event, around: Surroundings): State {
  return steps[event.type](state, around, event as never); // the type of `steps` proves the pairing
}
