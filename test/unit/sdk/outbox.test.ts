import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Answer, OnAnswer, Request } from '../../../sdk/src/connection/requests.ts';
import { ChatError } from '../../../sdk/src/index.ts';
import { MAX_IN_FLIGHT, MAX_QUEUED, Outbox } from '../../../sdk/src/outbox.ts';
import { FakeClock } from '../../support/sdk/fake-clock.ts';
import { turn } from '../../support/sdk/fake-world.ts';

interface Asked {
  readonly key: string;
  readonly answer: OnAnswer;
}

const stored: Answer = { type: 'published', id: 1, room: 'r', position: { epoch: 'e', offset: 1 }, at: 1 };
const refusal = (code: string, action: 'fix' | 'retry', retryAfterMs?: number): ChatError =>
  new ChatError(code, action, code, retryAfterMs);
const disconnected = refusal('disconnected', 'retry');

function rig() {
  const clock = new FakeClock();
  const asked: Asked[] = [];
  const connection = {
    isUp: true,
    ask(request: Request, answer: OnAnswer): void {
      asked.push({ key: 'key' in request ? request.key : '', answer });
    },
  };
  const outbox = new Outbox(connection, clock);
  const outcomes: string[] = [];
  const add = (key: string, room = 'r', signal?: AbortSignal): void => {
    outbox.add({ type: 'publish', room, key, event: { type: 'message', text: key } }, signal).then(
      () => outcomes.push(`${key} stored`),
      (error: { readonly code?: string }) => outcomes.push(`${key} ${error.code ?? String(error)}`),
    );
  };
  /** Answers what is asked for that key, and takes it off the list. */
  const answer = (key: string, what: Answer): void => {
    const index = asked.findIndex((one) => one.key === key);
    const [one] = asked.splice(index, 1);
    if (index < 0 || one === undefined) throw new Error(`${key} was not asked`);
    one.answer(what);
  };
  const keys = (): string[] => asked.map(({ key }) => key);
  const drop = (): void => {
    connection.isUp = false;
    for (const one of asked.splice(0)) one.answer(disconnected);
  };
  const reconnect = (): void => {
    connection.isUp = true;
    outbox.up();
  };
  return { clock, outbox, connection, outcomes, add, answer, keys, drop, reconnect };
}

describe('order', () => {
  test('[PUB7] several are under way at a time, in the order in which they were sent', () => {
    const { add, keys, answer } = rig();
    const sent = Array.from({ length: MAX_IN_FLIGHT + 2 }, (_, i) => `k${i}`);
    for (const key of sent) add(key);
    expect(keys()).toEqual(sent.slice(0, MAX_IN_FLIGHT));
    answer('k0', stored);
    expect(keys()).toEqual(sent.slice(1, MAX_IN_FLIGHT + 1));
  });

  test('[PUB8] [ERR2] told to wait, it sends nothing of that room before, then one at a time, in order', () => {
    const { add, keys, answer, clock } = rig();
    for (const key of ['a', 'b', 'c']) add(key);
    answer('a', refusal('rate_limited', 'retry', 500));
    answer('b', refusal('rate_limited', 'retry', 800));
    answer('c', refusal('rate_limited', 'retry', 700));
    add('d');
    clock.advance(699);
    expect(keys()).toEqual([]);
    clock.advance(1);
    expect(keys()).toEqual(['a']);
    answer('a', stored);
    expect(keys()).toEqual(['b']);
    answer('b', stored);
    answer('c', stored);
    answer('d', stored);
    for (const key of ['e', 'f']) add(key);
    expect(keys()).toEqual(['e', 'f']);
  });

  test('a room that waits does not hold up another', () => {
    const { add, keys, answer } = rig();
    add('a');
    answer('a', refusal('overloaded', 'retry', 500));
    add('b', 'other');
    expect(keys()).toEqual(['b']);
  });
});

describe('kept until it is settled', () => {
  test('[PUB3] whatever was not answered goes out again over the next connection, with its key, in order', async () => {
    const { add, keys, answer, drop, reconnect, outcomes } = rig();
    for (const key of ['a', 'b', 'c']) add(key);
    answer('b', stored);
    drop();
    add('d');
    expect(keys()).toEqual([]);
    reconnect();
    expect(keys()).toEqual(['a', 'c', 'd']);
    for (const key of ['a', 'c', 'd']) answer(key, stored);
    await turn();
    expect(outcomes).toEqual(['b stored', 'a stored', 'c stored', 'd stored']);
  });

  test.each(['rate_limited', 'storage_unavailable', 'draining', 'internal', 'overloaded'])(
    '[ERR2] %s: it is sent again',
    (code) => {
      const { add, keys, answer, clock } = rig();
      add('a');
      answer('a', refusal(code, 'retry'));
      clock.advance(1_000);
      expect(keys()).toEqual(['a']);
    },
  );

  test('[ERR2] refused for good, it is not sent again, and the next one goes on', async () => {
    const { add, keys, answer, outcomes } = rig();
    add('a');
    add('b');
    answer('a', refusal('forbidden', 'fix'));
    await turn();
    expect(outcomes).toEqual(['a forbidden']);
    expect(keys()).toEqual(['b']);
  });

  test('a new connection does not wait for what the old one had to wait for', () => {
    const { add, keys, answer, drop, reconnect, clock } = rig();
    add('a');
    answer('a', refusal('draining', 'retry', 60_000));
    drop();
    reconnect();
    expect(keys()).toEqual(['a']);
    expect(clock.timers).toBe(0);
  });

  test('when the client ends, what waits is rejected, and no timer is left', async () => {
    const { add, answer, outbox, connection, outcomes, clock } = rig();
    add('a');
    add('b');
    answer('a', refusal('overloaded', 'retry', 500));
    connection.isUp = false;
    outbox.end(refusal('closed', 'fix'));
    await turn();
    expect(outcomes).toEqual(['a closed', 'b closed']);
    expect(clock.timers).toBe(0);
  });
});

describe('bounds', () => {
  test('past the bound it refuses, and what waits is not touched', async () => {
    const { add, outcomes, connection } = rig();
    connection.isUp = false;
    for (let i = 0; i < MAX_QUEUED; i++) add(`k${i}`);
    add('one more');
    await turn();
    expect(outcomes).toEqual(['one more queue_full']);
  });

  test('[LIM1] what no relay takes is refused here: the socket would close on it, again and again', async () => {
    const { outbox, keys } = rig();
    const text = 'ü'.repeat(40_000);
    await expect(outbox.add({ type: 'publish', room: 'r', key: 'k', event: { type: 'message', text } })).rejects.toMatchObject({
      code: 'too_large',
      action: 'fix',
    });
    expect(keys()).toEqual([]);
  });
});

describe('giving up', () => {
  test('an abort takes a message out that is not stored, and the next one goes on', async () => {
    const { add, keys, outcomes, drop, reconnect } = rig();
    const controller = new AbortController();
    add('a', 'r', controller.signal);
    add('b');
    drop();
    controller.abort('changed my mind');
    reconnect();
    await turn();
    expect(keys()).toEqual(['b']);
    expect(outcomes).toEqual(['a changed my mind']);
  });

  test('aborted before it starts, it is never sent; aborted after it is stored, nothing happens', async () => {
    const { add, keys, answer, outcomes } = rig();
    add('a', 'r', AbortSignal.abort('no'));
    const controller = new AbortController();
    add('b', 'r', controller.signal);
    answer('b', stored);
    controller.abort('too late');
    await turn();
    expect(keys()).toEqual([]);
    expect(outcomes).toEqual(['a no', 'b stored']);
  });

  test('a signal that many share keeps nothing of what is settled, however that came', () => {
    const { add, answer, outbox } = rig();
    const { signal } = new AbortController();
    for (const key of ['a', 'b', 'c']) add(key, 'r', signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(3);
    answer('a', stored);
    answer('b', refusal('forbidden', 'fix'));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    outbox.end(refusal('closed', 'fix'));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('an abort of what is under way makes room for what waits behind it', () => {
    const { add, keys, answer } = rig();
    const controller = new AbortController();
    add('first', 'r', controller.signal);
    for (let i = 1; i <= MAX_IN_FLIGHT; i++) add(`k${i}`);
    expect(keys()).not.toContain(`k${MAX_IN_FLIGHT}`);
    controller.abort();
    expect(keys()).toContain(`k${MAX_IN_FLIGHT}`);
    answer('first', stored);
  });
});
