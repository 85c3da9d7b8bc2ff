import { describe, expect, test } from 'vitest';
import { ChatError } from '../../../sdk/src/index.ts';
import type { FrameOf, RoomEvent, ServerFrame } from '../../../sdk/src/protocol/index.ts';
import type { LogEffect, LogInput, RoomLog } from '../../../sdk/src/room/room-log.ts';
import { MAX_HELD, newLog, stepLog } from '../../../sdk/src/room/room-log.ts';

const from = { id: 'm', name: 'Ada' };

function range(first: number, last: number): RoomEvent[] {
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const offset = first + i;
    return { offset, at: offset, from, key: `k${offset}`, type: 'message', text: `${offset}` };
  });
}

function joined(end: number, fields: Partial<FrameOf<ServerFrame, 'joined'>> = {}): FrameOf<ServerFrame, 'joined'> {
  const presence = { scope: 'all', version: 1, members: [] } as const;
  const position = { epoch: 'e', offset: end };
  return {
    type: 'joined',
    id: 1,
    room: 'r',
    position,
    start: 1,
    recovery: { outcome: 'fresh' },
    events: [],
    presence,
    reads: {},
    settings: { slowModeMs: 0, you: { write: true, moderate: false } },
    ...fields,
  };
}

function page(
  end: number,
  events: RoomEvent[],
  fields: Partial<FrameOf<ServerFrame, 'history'>> = {},
): FrameOf<ServerFrame, 'history'> {
  return { type: 'history', id: 2, room: 'r', position: { epoch: 'e', offset: end }, start: 1, events, ...fields };
}

const push = (first: number, last = first): LogInput => ({ type: 'events', room: 'r', events: range(first, last) });
const told = (offset: number, epoch = 'e'): LogInput => ({
  type: 'position',
  room: 'r',
  position: { epoch, offset },
  presenceVersion: 1,
});
const refused = (code: string, action: 'fix' | 'retry' | 'rejoin', retryAfterMs?: number): LogInput => ({
  type: 'refused',
  error: new ChatError(code, action, code, retryAfterMs),
});

/** Runs the inputs one after the other, and says what came of the last. */
function run(...inputs: LogInput[]): { log: RoomLog; effects: LogEffect[]; delivered: number[] } {
  let log = newLog('r');
  let effects: LogEffect[] = [];
  for (const input of inputs) [log, ...effects] = stepLog(log, input);
  const delivered = effects.flatMap((effect) => (effect.type === 'deliver' ? effect.events.map(({ offset }) => offset) : []));
  return { log, effects, delivered };
}

const live: LogInput[] = [{ type: 'join', recent: 5 }, { type: 'connected' }, joined(10)];
const asksHistory = (after: number): LogEffect => ({
  type: 'ask',
  request: { type: 'history', room: 'r', epoch: 'e', after, limit: 200 },
});
const asksJoin = (offset?: number): LogEffect => ({
  type: 'ask',
  request: { type: 'join', room: 'r', recent: 5, ...(offset !== undefined && { position: { epoch: 'e', offset } }) },
});

describe('joining', () => {
  test('[JOI2] a first join names no position and begins with the events it is given', () => {
    expect(run(...live.slice(0, 2)).effects).toEqual([asksJoin()]);
    const { log, effects, delivered } = run(...live.slice(0, 2), joined(10, { events: range(8, 10) }));
    expect(delivered).toEqual([8, 9, 10]);
    expect(log).toMatchObject({ phase: 'live', position: { epoch: 'e', offset: 10 } });
    expect(effects[0]).toMatchObject({ restart: { position: { epoch: 'e', offset: 7 }, reason: undefined } });
  });

  test('[JOI1] pushes count from the position of the reply on, and not before it', () => {
    expect(run(...live.slice(0, 2), push(9)).effects).toEqual([]);
    expect(run(...live, push(11)).delivered).toEqual([11]);
  });

  test('[JOI3] after a loss it names its position, and fetches what the reply had no room for', () => {
    const lost: LogInput[] = [...live, { type: 'lost' }, { type: 'connected' }];
    expect(run(...lost).effects).toEqual([asksJoin(10)]);
    const short = joined(15, { recovery: { outcome: 'recovered' }, events: range(11, 12) });
    const { log, effects, delivered } = run(...lost, short);
    expect(delivered).toEqual([11, 12]);
    expect(effects.at(-1)).toEqual(asksHistory(12));
    expect(log.phase).toBe('filling');
    expect(run(...lost, short, page(15, range(13, 15))).log.phase).toBe('live');
  });

  test.each(['epoch', 'trimmed', 'ahead'] as const)('[JOI4] lost (%s): it starts anew, and says so first', (reason) => {
    const reply = joined(3, { position: { epoch: 'f', offset: 3 }, recovery: { outcome: 'lost', reason }, events: range(2, 3) });
    const { effects } = run(...live, { type: 'lost' }, { type: 'connected' }, reply);
    expect(effects).toMatchObject([
      { type: 'joined', restart: { position: { epoch: 'f', offset: 1 }, reason } },
      { type: 'deliver', events: range(2, 3) },
    ]);
  });

  test('[JOI4] a relay that forgot the position has not recovered it, whatever it calls that', () => {
    const again: LogInput[] = [...live, { type: 'lost' }, { type: 'connected' }];
    expect(run(...again, joined(20)).effects[0]).toMatchObject({ restart: { reason: 'epoch' } });
    const other = joined(20, { position: { epoch: 'f', offset: 20 }, recovery: { outcome: 'recovered' } });
    expect(run(...again, other).effects[0]).toMatchObject({ restart: { reason: 'epoch' } });
  });

  test('a join that is refused for now is asked again after the time it names', () => {
    const wait = run(...live.slice(0, 2), refused('overloaded', 'retry', 700));
    expect(wait.effects).toEqual([{ type: 'wait', delayMs: 700 }]);
    expect(run(...live.slice(0, 2), refused('overloaded', 'retry', 700), { type: 'due' }).effects).toEqual([asksJoin()]);
  });

  test('[ERR2] a join that is refused for good ends there', () => {
    const { log, effects } = run(...live.slice(0, 2), refused('forbidden', 'fix'));
    expect(log.phase).toBe('out');
    expect(effects).toMatchObject([{ type: 'denied', error: { code: 'forbidden' } }]);
  });
});

describe('gaps', () => {
  test('[EVT4] what was seen is dropped', () => {
    expect(run(...live, push(9, 11)).delivered).toEqual([11]);
    expect(run(...live, push(5, 10)).effects).toEqual([]);
  });

  test('[EVT3] what lies beyond a gap is held, and shown once the gap is filled', () => {
    const gap: LogInput[] = [...live, push(14, 15)];
    expect(run(...gap)).toMatchObject({ effects: [asksHistory(10)], log: { phase: 'filling' } });
    expect(run(...gap, push(16)).effects).toEqual([]);
    const { log, delivered } = run(...gap, push(16), page(15, range(11, 13)));
    expect(delivered).toEqual([11, 12, 13, 14, 15, 16]);
    expect(log).toMatchObject({ phase: 'live', held: [] });
  });

  test('[EVT3] page after page, each from where the last one ended', () => {
    const { effects } = run(...live, push(20), page(20, range(11, 14)));
    expect(effects.at(-1)).toEqual(asksHistory(14));
  });

  test('[HIS3] a page that begins too late means that events are gone: the relay is asked to say so', () => {
    expect(run(...live, push(20), page(20, range(15, 19), { start: 15 })).effects).toEqual([asksJoin(10)]);
  });

  test('[HIS4] a page of another log, or a refusal because of one, means joining again', () => {
    expect(run(...live, push(20), page(20, [], { position: { epoch: 'f', offset: 1 } })).effects).toEqual([asksJoin(10)]);
    expect(run(...live, push(20), refused('epoch_changed', 'rejoin')).effects).toEqual([asksJoin(10)]);
  });

  test('a page that brings nothing is asked for again, but not at once', () => {
    const { effects } = run(...live, push(20), page(12, []));
    expect(effects).toEqual([{ type: 'wait', delayMs: 1_000 }]);
    expect(run(...live, push(20), page(12, []), { type: 'due' }).effects).toEqual([asksHistory(10)]);
  });

  test('what is held is bounded: past that it is read from history instead', () => {
    const { log } = run(...live, push(12, 12 + MAX_HELD));
    expect(log).toMatchObject({ held: [], end: 12 + MAX_HELD, phase: 'filling' });
  });

  test('[POS2] told that the log goes further, it asks for the rest', () => {
    expect(run(...live, told(12)).effects).toEqual([asksHistory(10)]);
    expect(run(...live, told(10)).effects).toEqual([]);
    expect(run(...live, told(9)).effects).toEqual([]);
  });

  test('[POS4] told of another epoch, it joins again', () => {
    expect(run(...live, told(1, 'f')).effects).toEqual([asksJoin(10)]);
  });

  test('[PUB5] a publish that was refused for its epoch makes it join again', () => {
    expect(run(...live, { type: 'stale' }).effects).toEqual([asksJoin(10)]);
  });
});

test('[RMV1] removed, it neither shows nor asks for anything any more', () => {
  const removed: LogInput = { type: 'removed', room: 'r', code: 'forbidden', message: '' };
  expect(run(...live, removed).effects).toMatchObject([{ type: 'denied', error: { code: 'forbidden' } }]);
  for (const input of [push(11), told(12), { type: 'connected' }, { type: 'due' }, { type: 'lost' }] as LogInput[]) {
    expect(run(...live, removed, input).effects).toEqual([]);
  }
});

test('[JOI7] after leaving, replies and pushes that were under way are void', () => {
  for (const input of [push(11), page(12, range(11, 12)), joined(12)] as LogInput[]) {
    expect(run(...live, { type: 'leave' }, input)).toMatchObject({ effects: [], log: { phase: 'out' } });
  }
});
