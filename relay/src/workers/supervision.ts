// What becomes of the workers of one relay, as a pure table: no process, no timer, no clock. supervisor.ts performs its
// effects.
//
//     a worker     starting ──► listening ──► (exited) ──► waiting ──► starting … while the relay runs
//                     └──────────────────────────┴───────────────────► gone         once it ends
//
//     the relay    starting ── all listen ──► running ── end ──► ending ── nobody is left ──► exit 0
//                     └── one can't ────────────────────────────► ending ─────────────────► exit with its reason
//
// Until all workers have listened once, what is wrong is wrong with the options or the machine: one that can't start ends
// everything, as it would end a relay without workers. Later it is replaced, however often it takes.

/** One of the places that a worker fills. `failures` counts those that died young, one after the other. */
export type Slot =
  | { readonly name: 'starting'; readonly failures: number }
  | { readonly name: 'listening'; readonly failures: number; readonly since: number }
  /** Its worker is dead; another is started when `due` comes. */
  | { readonly name: 'waiting'; readonly failures: number }
  | { readonly name: 'gone' };

export interface Ending {
  readonly exitCode: number;
  /** Why, where that is not what was asked for. */
  readonly sentence?: string;
}

type Phase = { readonly name: 'starting' } | { readonly name: 'running' } | { readonly name: 'ending'; readonly ending: Ending };

export interface Supervision {
  readonly phase: Phase;
  readonly slots: readonly Slot[];
}

export type SupervisionEvent =
  /** A worker accepts connections. */
  | { readonly type: 'listening'; readonly slot: number }
  /** A worker says why it can't; its process waits to be told to go. */
  | { readonly type: 'failed'; readonly slot: number; readonly ending: Ending }
  /** A worker's process is gone. `how` is for a person: a code or a signal. */
  | { readonly type: 'exited'; readonly slot: number; readonly how: string }
  /** The delay of a `replace` has passed. */
  | { readonly type: 'due'; readonly slot: number }
  /** The operator ends the relay. */
  | { readonly type: 'end' };

export type SupervisionEffect =
  | { readonly type: 'start'; readonly slot: number }
  /** Tell of the death, and come back with `due` after the delay. */
  | { readonly type: 'replace'; readonly slot: number; readonly how: string; readonly delayMs: number }
  /** Tell the worker to drain and end; it may hear it more than once. */
  | { readonly type: 'drain'; readonly slot: number }
  /** All workers listen, for the first time. */
  | { readonly type: 'announce' }
  | { readonly type: 'exit'; readonly ending: Ending };

export interface Step {
  readonly state: Supervision;
  readonly effects: readonly SupervisionEffect[];
}

/** A worker that has listened so long was healthy: its death is news, and it is replaced at once. */
export const HEALTHY_MS = 10_000;
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
const EXIT_FAILED = 1;

/** How long to wait after so many young deaths in a row. */
export function replaceDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (failures - 1));
}

/** All workers are started at once. */
export function startSupervision(workers: number): Step {
  const slots = Array.from({ length: workers }, (): Slot => ({ name: 'starting', failures: 0 }));
  return { state: { phase: { name: 'starting' }, slots }, effects: slots.map((_, slot) => ({ type: 'start', slot })) };
}

/** What follows from an event. `now` is any clock in milliseconds that never goes back. */
export function supervise(state: Supervision, event: SupervisionEvent, now: number): Step {
  return (TABLE[state.phase.name][event.type] as Rule)(state, event, now);
}

type Rule<E extends SupervisionEvent = SupervisionEvent> = (state: Supervision, event: E, now: number) => Step;
type Rules = { readonly [T in SupervisionEvent['type']]: Rule<Extract<SupervisionEvent, { readonly type: T }>> };
type EventOf<T extends SupervisionEvent['type']> = Extract<SupervisionEvent, { readonly type: T }>;

const stay: Rule = (state) => ({ state, effects: [] });

const TABLE: { readonly [P in Phase['name']]: Rules } = {
  starting: {
    listening: listenFirst,
    failed: (state, { ending }) => end(state, ending),
    exited: exitBeforeAllListen,
    due: stay,
    end: (state) => end(state, { exitCode: 0 }),
  },
  running: {
    listening: listen,
    failed: (state, { slot }) => ({ state, effects: [{ type: 'drain', slot }] }),
    exited: replace,
    due: startAgain,
    end: (state) => end(state, { exitCode: 0 }),
  },
  ending: {
    listening: stay, // it has been told to drain before it could
    failed: (state, { slot }) => ({ state, effects: [{ type: 'drain', slot }] }),
    exited: leave,
    due: stay,
    end: stay,
  },
};

function listen(state: Supervision, { slot }: EventOf<'listening'>, now: number): Step {
  const failures = failuresOf(state.slots[slot]);
  return { state: withSlot(state, slot, { name: 'listening', failures, since: now }), effects: [] };
}

function listenFirst(state: Supervision, event: EventOf<'listening'>, now: number): Step {
  const { state: next } = listen(state, event, now);
  if (!next.slots.every(({ name }) => name === 'listening')) return { state: next, effects: [] };
  return { state: { ...next, phase: { name: 'running' } }, effects: [{ type: 'announce' }] };
}

function exitBeforeAllListen(state: Supervision, { slot, how }: EventOf<'exited'>): Step {
  const sentence = `A worker ended (${how}) before all of them could listen.`;
  return end(withSlot(state, slot, { name: 'gone' }), { exitCode: EXIT_FAILED, sentence });
}

function replace(state: Supervision, { slot, how }: EventOf<'exited'>, now: number): Step {
  const dead = state.slots[slot];
  const wasHealthy = dead?.name === 'listening' && now - dead.since >= HEALTHY_MS;
  const failures = wasHealthy ? 0 : failuresOf(dead) + 1;
  const effect = { type: 'replace', slot, how, delayMs: replaceDelayMs(failures) } as const;
  return { state: withSlot(state, slot, { name: 'waiting', failures }), effects: [effect] };
}

function startAgain(state: Supervision, { slot }: EventOf<'due'>): Step {
  const waiting = state.slots[slot];
  if (waiting?.name !== 'waiting') return { state, effects: [] };
  const { failures } = waiting;
  return { state: withSlot(state, slot, { name: 'starting', failures }), effects: [{ type: 'start', slot }] };
}

function leave(state: Supervision, { slot }: EventOf<'exited'>): Step {
  return exitIfEmpty(withSlot(state, slot, { name: 'gone' }), []);
}

/** Ends everything: who lives is told to drain, who waits to be started is not. */
function end(state: Supervision, ending: Ending): Step {
  const slots = state.slots.map((slot): Slot => (slot.name === 'waiting' ? { name: 'gone' } : slot));
  const drains = slots.flatMap(({ name }, slot) => (name === 'gone' ? [] : [{ type: 'drain', slot } as const]));
  return exitIfEmpty({ phase: { name: 'ending', ending }, slots }, drains);
}

function exitIfEmpty(state: Supervision, effects: readonly SupervisionEffect[]): Step {
  const { phase, slots } = state;
  const isOver = phase.name === 'ending' && slots.every(({ name }) => name === 'gone');
  return { state, effects: isOver ? [...effects, { type: 'exit', ending: phase.ending }] : effects };
}

function failuresOf(slot: Slot | undefined): number {
  return slot && slot.name !== 'gone' ? slot.failures : 0;
}

function withSlot(state: Supervision, at: number, slot: Slot): Supervision {
  return { ...state, slots: state.slots.with(at, slot) };
}
