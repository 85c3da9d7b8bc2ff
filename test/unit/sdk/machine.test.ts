import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event, State } from '../../../sdk/src/connection/machine.ts';
import {
  backoffMs,
  CONNECT_TIMEOUT_MS,
  HEALTHY_MS,
  IDLE_PONG_MS,
  step,
  WAKE_PONG_MS,
} from '../../../sdk/src/connection/machine.ts';
import type { FrameOf, ServerFrame } from '../../../sdk/src/protocol/index.ts';

const NOW = 100_000;
const around = { now: NOW, random: () => 0.5, hidden: false };
const hidden = { ...around, hidden: true };
const frame: FrameOf<ServerFrame, 'connected'> = {
  type: 'connected',
  id: 1,
  version: 1,
  member: { id: 'm', name: 'Ada' },
  channel: 'c',
  pingMs: 25_000,
};

const states = {
  idle: { name: 'idle' },
  connecting: { name: 'connecting', attempt: 2, until: NOW + 1 },
  connected: { name: 'connected', attempt: 2, since: NOW - 1_000, pingMs: 25_000, heardAt: NOW - 500, until: NOW + 24_000 },
  verifying: { name: 'verifying', attempt: 2, since: NOW - 1_000, pingMs: 25_000, until: NOW + 100 },
  waiting: { name: 'waiting', attempt: 2, until: NOW + 3_000, notBefore: 0 },
  suspended: { name: 'suspended', attempt: 2, notBefore: 0 },
  closed: { name: 'closed' },
  denied: { name: 'denied' },
} as const satisfies { [S in State['name']]: State };

const events = {
  connect: { type: 'connect' },
  connected: { type: 'connected', frame },
  heard: { type: 'heard' },
  lost: { type: 'lost', retry: true },
  due: { type: 'due' },
  wake: { type: 'wake' },
  doubt: { type: 'doubt' },
  freeze: { type: 'freeze' },
  close: { type: 'close' },
} as const satisfies { [E in Event['type']]: Event };

// What each event makes of each state, while the page is visible. `same` is the same object: nothing happens.
const cells: { readonly [S in State['name']]: { readonly [E in Event['type']]: State['name'] | 'same' } } = {
  // biome-ignore format: a table is read by its columns
  idle:       { connect: 'connecting', connected: 'same', heard: 'same', lost: 'same', due: 'same', wake: 'same', doubt: 'same', freeze: 'same', close: 'closed' },
  // biome-ignore format: as above
  connecting: { connect: 'same', connected: 'connected', heard: 'same', lost: 'waiting', due: 'waiting', wake: 'same', doubt: 'same', freeze: 'suspended', close: 'closed' },
  // biome-ignore format: as above
  connected:  { connect: 'same', connected: 'same', heard: 'connected', lost: 'waiting', due: 'connected', wake: 'verifying', doubt: 'verifying', freeze: 'suspended', close: 'closed' },
  // biome-ignore format: as above
  verifying:  { connect: 'same', connected: 'same', heard: 'connected', lost: 'waiting', due: 'waiting', wake: 'verifying', doubt: 'same', freeze: 'suspended', close: 'closed' },
  // biome-ignore format: as above
  waiting:    { connect: 'connecting', connected: 'same', heard: 'same', lost: 'same', due: 'connecting', wake: 'connecting', doubt: 'same', freeze: 'suspended', close: 'closed' },
  // biome-ignore format: as above
  suspended:  { connect: 'connecting', connected: 'same', heard: 'same', lost: 'same', due: 'same', wake: 'connecting', doubt: 'same', freeze: 'same', close: 'closed' },
  // biome-ignore format: as above
  closed:     { connect: 'same', connected: 'same', heard: 'same', lost: 'same', due: 'same', wake: 'same', doubt: 'same', freeze: 'same', close: 'same' },
  // biome-ignore format: as above
  denied:     { connect: 'connecting', connected: 'same', heard: 'same', lost: 'same', due: 'same', wake: 'same', doubt: 'same', freeze: 'same', close: 'closed' },
};

const rows = Object.entries(cells).flatMap(([state, row]) =>
  Object.entries(row).map(([event, next]) => [state, event, next] as const),
);

test.each(rows)('%s, %s: %s', (stateName, eventName, next) => {
  const state = states[stateName as State['name']];
  const result = step(state, events[eventName as Event['type']], around);
  if (next === 'same') expect(result).toBe(state);
  else expect(result.name).toBe(next);
});

describe('coming back', () => {
  const upFor = (ms: number): State => ({ ...states.connected, since: NOW - ms });

  test('[CLS1] after a healthy connection it dials at once, and counts from the start', () => {
    const next = step(upFor(HEALTHY_MS), events.lost, around);
    expect(next).toEqual({ name: 'connecting', attempt: 0, until: NOW + CONNECT_TIMEOUT_MS });
  });

  test('a flapping connection does not reset the back-off', () => {
    const next = step(upFor(HEALTHY_MS - 1), events.lost, around);
    expect(next).toEqual({ name: 'waiting', attempt: 3, until: NOW + backoffMs(2, around.random), notBefore: 0 });
  });

  test('[CLS1] what was lost for good is not dialled again by itself', () => {
    const denied = step(upFor(60_000), { type: 'lost', retry: false }, around);
    expect(denied).toEqual({ name: 'denied' });
  });

  test('[DRN2] the relay names the time, and nothing but close shortens it', () => {
    const waiting = step(upFor(60_000), { type: 'lost', retry: true, retryAfterMs: 9_000 }, around);
    expect(waiting).toEqual({ name: 'waiting', attempt: 0, until: NOW + 9_000, notBefore: NOW + 9_000 });
    for (const type of ['wake', 'connect', 'doubt', 'lost'] as const) {
      expect(step(waiting, events[type], around)).toEqual(waiting);
    }
    expect(step(waiting, events.due, { ...around, now: NOW + 9_000 }).name).toBe('connecting');
  });

  test('[DRN2] the wait is over when its timer says so, whatever was done to the clock', () => {
    const waiting = step(upFor(60_000), { type: 'lost', retry: true, retryAfterMs: 9_000 }, around);
    expect(step(waiting, events.due, { ...around, now: NOW - 60_000 }).name).toBe('connecting');
  });

  test('[DRN2] a page that was hidden meanwhile keeps to that time too', () => {
    const lost = step(upFor(60_000), { type: 'lost', retry: true, retryAfterMs: 9_000 }, hidden);
    expect(lost).toEqual({ name: 'suspended', attempt: 0, notBefore: NOW + 9_000 });
    expect(step(lost, events.wake, around)).toEqual({ name: 'waiting', attempt: 0, until: NOW + 9_000, notBefore: NOW + 9_000 });
    expect(step(lost, events.wake, { ...around, now: NOW + 9_000 }).name).toBe('connecting');
  });

  test('nothing is dialled while nobody can see the page', () => {
    expect(step(upFor(60_000), events.lost, hidden).name).toBe('suspended');
    expect(step(states.connecting, events.due, hidden).name).toBe('suspended');
    expect(step(states.waiting, events.due, hidden).name).toBe('suspended');
    expect(step(states.waiting, events.wake, hidden).name).toBe('suspended');
    expect(step(states.suspended, events.wake, hidden).name).toBe('suspended');
    expect(step(states.suspended, events.connect, hidden).name).toBe('suspended');
  });

  test('the back-off has full jitter between half a second and a ceiling that doubles up to 20 s', () => {
    expect(backoffMs(0, () => 0)).toBe(500);
    expect(backoffMs(0, () => 1)).toBe(1_000);
    expect(backoffMs(2, () => 1)).toBe(4_000);
    expect(backoffMs(50, () => 1)).toBe(20_000);
    expect(backoffMs(50, () => 0)).toBe(500);
  });
});

describe('asking whether it lives', () => {
  const silentFor = (ms: number): State => ({ ...states.connected, heardAt: NOW - ms, until: NOW });

  test('[PNG1] silence is asked about when the ping interval has passed, counted from what was last heard', () => {
    expect(step(silentFor(24_999), events.due, around)).toMatchObject({ name: 'connected', until: NOW + 1 });
    expect(step(silentFor(25_000), events.due, around)).toMatchObject({ name: 'verifying', until: NOW + IDLE_PONG_MS });
  });

  test('a timer that comes much too late, or a clock set back, is a wake', () => {
    const late = { ...silentFor(60_000), until: NOW - IDLE_PONG_MS - 1 } as State;
    expect(step(late, events.due, around)).toMatchObject({ name: 'verifying', until: NOW + WAKE_PONG_MS });
    expect(step(silentFor(-1), events.due, around)).toMatchObject({ name: 'verifying', until: NOW + WAKE_PONG_MS });
  });

  test('a wake asks with 2 s to answer, and shortens a longer wait', () => {
    const slow = { ...states.verifying, until: NOW + IDLE_PONG_MS };
    expect(step(states.connected, events.wake, around)).toMatchObject({ name: 'verifying', until: NOW + WAKE_PONG_MS });
    expect(step(slow, events.wake, around)).toMatchObject({ name: 'verifying', until: NOW + WAKE_PONG_MS });
    expect(step(states.connected, events.wake, hidden)).toBe(states.connected);
  });

  test('anything heard is an answer', () => {
    expect(step(states.verifying, events.heard, around)).toMatchObject({ name: 'connected', heardAt: NOW, until: NOW + 25_000 });
  });
});

const anyEvent = fc.constantFrom<Event>(
  ...Object.values(events),
  { type: 'lost', retry: false },
  { type: 'lost', retry: true, retryAfterMs: 0 },
);

test('after close nothing reopens it', () => {
  fc.assert(
    fc.property(fc.constantFrom<State>(...Object.values(states)), fc.array(anyEvent), (state, tail) => {
      const closed = step(state, events.close, around);
      expect(tail.reduce((now, event) => step(now, event, around), closed)).toEqual({ name: 'closed' });
    }),
  );
});

test('once it has dialled, no sequence dials while hidden', () => {
  const { idle: _, denied: __, ...dialled } = states;
  fc.assert(
    fc.property(fc.constantFrom<State>(...Object.values(dialled)), fc.array(anyEvent), (state, tail) => {
      let now = state;
      for (const event of tail) {
        const next = step(now, event, hidden);
        if (next !== now && now.name !== 'denied') expect(next.name).not.toBe('connecting');
        now = next;
      }
    }),
  );
});
