// The way into the log past a hook, on a real engine. The hook's answers come in the order that each test chooses.

import type { EventBody } from '@chat-room/sdk/protocol';
import { KEY_TTL_MS } from '@chat-room/sdk/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft, Engine, PublishOutcome } from '../../../relay/src/engine/engine.ts';
import { openMemoryEngine } from '../../../relay/src/engine/memory-engine.ts';
import { textOf } from '../../../relay/src/engine/stored-event.ts';
import type { HookPolicy } from '../../../relay/src/hooks/hook-caller.ts';
import { HookCaller } from '../../../relay/src/hooks/hook-caller.ts';
import { Publisher } from '../../../relay/src/hooks/publisher.ts';
import type { BeforePublish, PublishVerdict } from '../../../relay/src/operations.ts';
import { AskedHook } from '../../support/asked-hook.ts';
import { FakeClock } from '../../support/sdk/fake-clock.ts';

const ADA = { id: 'ada', name: 'Ada' };
const BOB = { id: 'bob', name: 'Bob' };

let engine: Engine;
let clock: FakeClock;
let hook: AskedHook;
let log: string[];
let told: string[];

beforeEach(async () => {
  clock = new FakeClock();
  engine = await openMemoryEngine({ now: () => clock.now() });
  hook = new AskedHook();
  [log, told] = [[], []];
});
afterEach(() => engine.close());

function publisherOf(ask: BeforePublish = hook.hook, policy: HookPolicy = {}): Publisher {
  const caller = new HookCaller(ask, policy, {
    setTimer: (callback, delayMs) => {
      const timer = clock.setTimer(callback, delayMs);
      return () => clock.clearTimer(timer);
    },
    log: {
      warn: (fields: { readonly err: Error }, message: string) => void log.push(`${message}: ${fields.err.message}`),
      info: (message: string) => void log.push(message),
    } as never,
  });
  const onStored = (room: string, { body }: Draft): void => void told.push(`${room} ${'text' in body ? body.text : body.type}`);
  return new Publisher({ engine, hook: caller, onStored, now: () => clock.now() });
}

function draftOf(key: string, body: string | EventBody = key, from = ADA): Draft {
  return { from, key, body: typeof body === 'string' ? { type: 'message', text: body } : body, moderator: false };
}

async function textsOf(room: string): Promise<(string | undefined)[]> {
  return (await engine.read(room, { from: 'after', offset: 0, limit: 200 })).events.map(({ json }) => textOf(json));
}

const offsetOf = async (outcome: Promise<PublishOutcome>): Promise<number | string> => {
  const result = await outcome;
  return result.ok ? result.position.offset : result.code;
};

describe('without a hook', () => {
  test('it is the engine that publishes, with nothing in between', async () => {
    const given: Promise<PublishOutcome>[] = [];
    const spy: Pick<Engine, 'publish'> = {
      publish(room, draft) {
        given.push(engine.publish(room, draft));
        return given.at(-1) as Promise<PublishOutcome>;
      },
    };
    const bare = new Publisher({ engine: spy, now: () => 0 });
    expect(bare.publish('a', draftOf('1'))).toBe(given[0]);
    const heard: number[] = [];
    const onStored = (_: string, __: Draft, { position }: { readonly position: { readonly offset: number } }): void =>
      void heard.push(position.offset);
    const watched = new Publisher({ engine: spy, onStored, now: () => 0 });
    const outcome = watched.publish('a', draftOf('2'));
    expect(outcome).toBe(given[1]);
    await outcome;
    expect(heard).toEqual([2]);
    expect(await watched.publish('a', draftOf('2', 'other'))).toMatchObject({ code: 'key_reused' });
    expect(heard).toEqual([2]);
  });
});

describe('verdicts', () => {
  test('an event passes, is changed, or is refused with what the hook says', async () => {
    const publisher = publisherOf();
    const outcomes = ['fine', 'rude', 'spam'].map((text) => publisher.publish('a', draftOf(text)));
    await hook.pass('fine');
    await hook.change('rude', '****');
    (await hook.about('spam')).answer({ verdict: 'refuse', code: 'forbidden', message: 'No advertisements.' });
    expect(await Promise.all(outcomes)).toMatchObject([
      { ok: true, position: { offset: 1 } },
      { ok: true, position: { offset: 2 } },
      { ok: false, code: 'forbidden', detail: 'No advertisements.' },
    ]);
    expect(await textsOf('a')).toEqual(['fine', '****']);
    expect(told).toEqual(['a fine', 'a ****']);
    expect(hook.questions[0]?.request).toEqual({ room: 'a', from: ADA, event: { type: 'message', text: 'fine' }, key: 'fine' });
  });

  test('what the engine refuses is refused, and nobody is told', async () => {
    const publisher = publisherOf(() => ({ verdict: 'pass' }));
    const edit = publisher.publish('a', { ...draftOf('e', { type: 'edit', target: 9, text: 'x' }) });
    expect(await offsetOf(edit)).toBe('not_found');
    expect(told).toEqual([]);
  });

  test('a changed event may refer back where the event it stands for did', async () => {
    const changeTo =
      (event: EventBody): BeforePublish =>
      () => ({ verdict: 'change', event });
    await publisherOf(() => ({ verdict: 'pass' })).publish('a', draftOf('1'));
    const { epoch } = (await engine.read('a', { from: 'end', limit: 1 })).position;
    const reply = publisherOf(changeTo({ type: 'message', text: 'x', replyTo: 1 })).publish('a', { ...draftOf('2'), epoch });
    expect(await offsetOf(reply)).toBe(2);
    const none = publisherOf(changeTo({ type: 'message', text: 'x', replyTo: 1 })).publish('a', draftOf('3'));
    expect(await offsetOf(none)).toBe('internal');
  });
});

describe('a hook that fails', () => {
  const failures: readonly [string, BeforePublish][] = [
    [
      'throws',
      () => {
        throw new Error('oh');
      },
    ],
    ['rejects', () => Promise.reject(new Error('oh'))],
    ['answers nothing', () => undefined as never],
    ['answers with no verdict', () => ({ verdict: 'maybe' }) as never],
    ['changes into nothing', () => ({ verdict: 'change' }) as never],
    ['changes into what no client may send', () => ({ verdict: 'change', event: { type: 'message', text: 'x'.repeat(9_000) } })],
    [
      'changes into what JSON can not carry',
      () => ({ verdict: 'change', event: { type: 'custom', name: 'x', data: 1n } }) as never,
    ],
  ];

  test.each(failures)('%s: refused for now, or stored as it was sent, as the policy says', async (_, ask) => {
    expect(await publisherOf(ask).publish('a', draftOf('1'))).toMatchObject({ ok: false, code: 'internal', retryAfterMs: 1_000 });
    expect(await textsOf('a')).toEqual([]);
    expect(await offsetOf(publisherOf(ask, { onFailure: 'pass' }).publish('a', draftOf('1')))).toBe(1);
    expect(await textsOf('a')).toEqual(['1']);
  });

  test('who takes too long is told so, and is not waited for', async () => {
    const publisher = publisherOf(hook.hook, { timeoutMs: 50 });
    const outcome = publisher.publish('a', draftOf('1'));
    const question = await hook.about('1');
    clock.advance(49);
    expect(question.signal.aborted).toBe(false);
    clock.advance(1);
    expect(question.signal.aborted).toBe(true);
    expect(await offsetOf(outcome)).toBe('internal');
    question.answer({ verdict: 'pass' });
    expect(await textsOf('a')).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test('an outage is told once, and so is its end', async () => {
    let isUp = false;
    const ask = (): PublishVerdict => {
      if (!isUp) throw new Error('oh');
      return { verdict: 'pass' };
    };
    const publisher = publisherOf(ask);
    for (const [i, up] of [false, false, true, true, false].entries()) {
      isUp = up;
      await publisher.publish('a', draftOf(`k${i}`));
    }
    const failing = 'the hook before publishes gives no verdict: events are refused until it does: oh';
    expect(log).toEqual([failing, 'the hook before publishes gives verdicts again', failing]);
  });
});

describe('order', () => {
  test('[PUB7] what one author sends to one room is stored in that order, whatever order the answers come in', async () => {
    const publisher = publisherOf();
    const outcomes = ['1', '2', '3', '4'].map((key) => publisher.publish('a', draftOf(key)));
    await hook.pass('4');
    await hook.change('2', 'two');
    (await hook.about('3')).answer({ verdict: 'refuse', code: 'forbidden', message: '' });
    expect(await textsOf('a')).toEqual([]);
    await hook.pass('1');
    expect(await Promise.all(outcomes.map(offsetOf))).toEqual([1, 2, 'forbidden', 3]);
    expect(await textsOf('a')).toEqual(['1', 'two', '4']);
  });

  test('[PUB7] a draft whose verdict is remembered waits for its turn too', async () => {
    const publisher = publisherOf();
    const { epoch } = (await engine.read('a', { from: 'end', limit: 1 })).position;
    const reply = { ...draftOf('reply', { type: 'message', text: 'reply', replyTo: 1 }), epoch };
    const early = publisher.publish('a', reply);
    await hook.pass('reply');
    expect(await offsetOf(early)).toBe('not_found');
    const [first, again] = [publisher.publish('a', draftOf('1')), publisher.publish('a', reply)];
    await hook.pass('1');
    expect(await Promise.all([offsetOf(first), offsetOf(again)])).toEqual([1, 2]);
    expect(hook.questions).toHaveLength(2);
  });

  test('other authors and other rooms do not wait', async () => {
    const publisher = publisherOf();
    void publisher.publish('a', draftOf('1'));
    const others = [publisher.publish('a', draftOf('2', '2', BOB)), publisher.publish('b', draftOf('3'))];
    await hook.pass('2');
    await hook.pass('3');
    expect(await Promise.all(others.map(offsetOf))).toEqual([1, 1]);
  });
});

describe('bounds', () => {
  test('[P5] so many are asked about at once, the others when their turn comes; too many are refused', async () => {
    const publisher = publisherOf(hook.hook, { maxConcurrent: 2 });
    const outcomes = Array.from({ length: 1_000 }, (_, i) => publisher.publish(`room-${i}`, draftOf(String(i))));
    expect(await publisher.publish('a', draftOf('late'))).toEqual({ ok: false, code: 'overloaded', retryAfterMs: 1_000 });
    for (let i = 0; i < 1_000; i++) {
      await hook.pass(String(i));
      if (i < 998) await hook.about(String(i + 2));
      expect(hook.questions.length).toBe(Math.min(i + 3, 1_000));
    }
    expect((await Promise.all(outcomes.map(offsetOf))).every((offset) => offset === 1)).toBe(true);
  });

  test('[DRN1] at the end what was asked about is stored, and what was not is refused', async () => {
    const publisher = publisherOf(hook.hook, { maxConcurrent: 1 });
    const [first, second] = [publisher.publish('a', draftOf('1')), publisher.publish('a', draftOf('2'))];
    await hook.about('1');
    const closing = publisher.close().then(() => engine.close());
    expect(await offsetOf(publisher.publish('a', draftOf('3')))).toBe('draining');
    await hook.pass('1');
    await closing;
    expect(await Promise.all([offsetOf(first), offsetOf(second)])).toEqual([1, 'draining']);
    await publisherOf().close(); // there is nothing to wait for
  });
});

describe('repeats', () => {
  test('[PUB3] a publish that is repeated while the hook is asked gets the outcome of the first', async () => {
    const publisher = publisherOf();
    const [first, again] = [publisher.publish('a', draftOf('k', 'x')), publisher.publish('a', draftOf('k', 'x'))];
    await hook.change('x', 'y');
    expect(await again).toBe(await first);
    expect([hook.questions.length, await textsOf('a')]).toEqual([1, ['y']]);
  });

  test('[PUB3] one that is repeated later is the same event, whatever the hook would say to it by now', async () => {
    const publisher = publisherOf();
    const first = publisher.publish('a', draftOf('k', 'x'));
    await hook.change('x', 'y');
    const stored = await first;
    clock.advance(KEY_TTL_MS - 1);
    expect(await publisher.publish('a', draftOf('k', 'x'))).toEqual(stored);
    expect([hook.questions.length, await textsOf('a')]).toEqual([1, ['y']]);
  });

  test('[P3] after a restart, or by another relay, the hook is asked again, and may change the event otherwise', async () => {
    const [one, other] = [publisherOf(), publisherOf()];
    const first = one.publish('a', draftOf('k', 'x'));
    await hook.change('x', 'y');
    const stored = await first;
    const again = other.publish('a', draftOf('k', 'x'));
    await hook.about('x');
    expect(hook.questions.map(({ request }) => request.key)).toEqual(['k', 'k']);
    await hook.change('x', 'z');
    expect(await again).toEqual(stored);
    expect(await textsOf('a')).toEqual(['y']);
  });

  test('[PUB4] a key that comes back with another event is refused, changed or not, without asking', async () => {
    const publisher = publisherOf();
    const first = publisher.publish('a', draftOf('k', 'x'));
    await hook.change('x', 'y');
    await first;
    for (const text of ['other', 'y']) expect(await offsetOf(publisher.publish('a', draftOf('k', text)))).toBe('key_reused');
    expect(hook.questions).toHaveLength(1);
    const elsewhere = publisherOf(() => ({ verdict: 'pass' }));
    expect(await offsetOf(elsewhere.publish('a', draftOf('k', 'other')))).toBe('key_reused');
  });

  test('[PUB9] the key of what was refused, or could not be stored, is free', async () => {
    const publisher = publisherOf();
    const refused = publisher.publish('a', draftOf('k', 'x'));
    (await hook.about('x')).answer({ verdict: 'refuse', code: 'forbidden', message: '' });
    expect(await offsetOf(refused)).toBe('forbidden');
    const missing = publisher.publish('a', draftOf('k', { type: 'edit', target: 7, text: 'e' }));
    await hook.change('e', 'f');
    expect(await offsetOf(missing)).toBe(1); // the hook made a message of it
    const { epoch } = (await engine.read('a', { from: 'end', limit: 1 })).position;
    const gone = publisher.publish('a', { ...draftOf('k2', { type: 'edit', target: 7, text: 'g' }), epoch });
    await hook.pass('g');
    expect(await offsetOf(gone)).toBe('not_found');
    const next = publisher.publish('a', draftOf('k2', 'z'));
    await hook.pass('z');
    expect(await offsetOf(next)).toBe(2);
  });
});
