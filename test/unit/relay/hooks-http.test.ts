// The hook before publishes as an HTTP endpoint: a real one.

import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft, Engine, PublishOutcome } from '../../../relay/src/engine/engine.ts';
import { openMemoryEngine } from '../../../relay/src/engine/memory-engine.ts';
import { textOf } from '../../../relay/src/engine/stored-event.ts';
import type { HttpHookOptions } from '../../../relay/src/hooks/hook-options.ts';
import { hookCaller } from '../../../relay/src/hooks/hook-options.ts';
import { Publisher } from '../../../relay/src/hooks/publisher.ts';
import { Condition } from '../../support/condition.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const secretOf = (seed: number): string => `whsec_${Buffer.alloc(32, seed).toString('base64')}`;
const ADA = { id: 'ada', name: 'Ada' };
const UNANSWERED = { ok: false, code: 'internal', detail: 'the hook gave no verdict', retryAfterMs: 1_000 };

let engine: Engine;
let endpoint: WebhookReceiver;
let log: string[];

beforeEach(async () => {
  engine = await openMemoryEngine();
  endpoint = await WebhookReceiver.start();
  log = [];
});
afterEach(async () => {
  await engine.close();
  await endpoint.stop();
});

function publisherOf(options: Partial<HttpHookOptions> = {}): Publisher {
  const note = (fields: { readonly err?: Error }): void => void log.push(fields.err?.message ?? 'recovered');
  const hook = hookCaller(
    { url: endpoint.url, timeoutMs: 30_000, ...options },
    { now: Date.now, log: { warn: note, info: note } as never },
  );
  return new Publisher({ engine, hook, now: Date.now });
}

function draftOf(key: string): Draft {
  return { from: ADA, key, body: { type: 'message', text: key }, moderator: false };
}

const answer = (body: unknown): void =>
  endpoint.say(200, { 'content-type': 'application/json' }, typeof body === 'string' ? body : JSON.stringify(body));

async function publish(options: Partial<HttpHookOptions> = {}): Promise<PublishOutcome> {
  return publisherOf(options).publish('a', draftOf('hi'));
}

async function storedText(): Promise<string | undefined> {
  const { events } = await engine.read('a', { from: 'end', limit: 1 });
  return events[0] && textOf(events[0].json);
}

describe('what it is asked and may answer', () => {
  test('it gets who says what where, signed', async () => {
    answer({ verdict: 'pass' });
    expect(await publish({ secrets: [secretOf(1), secretOf(2)] })).toMatchObject({ ok: true });
    const [{ text, headers, body }] = (await endpoint.until(1)) as [(typeof endpoint.received)[0]];
    expect(body).toEqual({ room: 'a', from: ADA, event: { type: 'message', text: 'hi' }, key: 'hi' });
    for (const seed of [1, 2]) expect(new Webhook(secretOf(seed)).verify(text, headers as Record<string, string>)).toEqual(body);
    expect(headers).toMatchObject({ accept: 'application/json', 'webhook-id': expect.stringMatching(/^pub_[\w-]{27}$/) });
  });

  test('without a secret it gets no signature; a publish that is repeated has the id of the first', async () => {
    answer({ verdict: 'refuse' });
    await publish();
    await publish();
    const [first, second] = endpoint.received;
    expect(first?.headers).not.toHaveProperty('webhook-signature');
    expect(second?.id).toBe(first?.id);
    await publisherOf().publish('b', draftOf('hi'));
    expect(endpoint.received[2]?.id).not.toBe(first?.id);
  });

  test('it changes, or refuses in its own words', async () => {
    answer({ verdict: 'change', event: { type: 'message', text: 'ho', extra: 1 } });
    expect(await publish()).toMatchObject({ ok: true });
    expect(await storedText()).toBe('ho');
    answer({ verdict: 'refuse', message: 'Not here.' });
    expect(await publisherOf().publish('b', draftOf('hi'))).toEqual({ ok: false, code: 'forbidden', detail: 'Not here.' });
    answer({ verdict: 'refuse', message: 'x'.repeat(5_000) });
    expect(await publisherOf().publish('b', draftOf('hi'))).toMatchObject({ detail: 'x'.repeat(1_000) });
  });
});

describe('what is no verdict', () => {
  const failures: readonly [string, () => void][] = [
    ['500', () => endpoint.say(500, {}, '{"verdict":"pass"}')],
    ['401', () => endpoint.say(401)],
    ['204', () => endpoint.say(204)],
    ['a redirect', () => endpoint.say(302, { location: endpoint.url })],
    ['no JSON', () => answer('<html>')],
    ['null', () => answer('null')],
    ['another word', () => answer({ verdict: 'ok' })],
    ['an event that is none', () => answer({ verdict: 'change', event: { type: 'message', text: '' } })],
    ['a message that is none', () => answer({ verdict: 'refuse', message: 7 })],
    ['an answer without end', () => answer(`{"verdict":"pass","x":"${'x'.repeat(70_000)}"}`)],
    [
      'a broken connection',
      () => {
        endpoint.answer = (_, response) => void response.socket?.destroy();
      },
    ],
  ];

  test.each(failures)('%s: as the policy says, and the next is asked about again', async (_, fail) => {
    fail();
    expect(await publish()).toEqual(UNANSWERED);
    expect(await publish({ onFailure: 'pass' })).toMatchObject({ ok: true });
    expect(await storedText()).toBe('hi');
    expect(endpoint.received).toHaveLength(2);
    expect(log).toHaveLength(2);
    answer({ verdict: 'change', event: { type: 'message', text: 'ho' } });
    await publisherOf().publish('a', draftOf('next'));
    expect(await storedText()).toBe('ho');
  });

  test('no answer in time: the request is given up', async () => {
    const given = new Condition();
    let isGivenUp = false;
    endpoint.answer = (_, response) => {
      response.on('close', () => {
        isGivenUp = true;
        given.changed();
      });
    };
    expect(await publish({ timeoutMs: 20 })).toEqual(UNANSWERED);
    expect(await given.until(() => (isGivenUp ? true : undefined))).toBe(true);
    expect(log).toEqual(['no verdict within 20 ms']);
  });

  test('the log says why', async () => {
    endpoint.say(503, {}, '{"verdict":"pass"}');
    await publish();
    answer('<html>');
    await publish();
    expect(log).toEqual(['it answers 503', 'it answers with something that is no JSON']);
  });

  test('nobody there', async () => {
    expect(await publish({ url: 'http://127.0.0.1:9/' })).toEqual(UNANSWERED);
  });
});

test('[PUB7] answers that come out of order do not mix up what an author said', async () => {
  const waiting = new Map<string, () => void>();
  endpoint.answer = ({ body }, response) => void waiting.set(body.key, () => response.writeHead(200).end('{"verdict":"pass"}'));
  const publisher = publisherOf();
  const outcomes = ['1', '2', '3'].map((key) => publisher.publish('a', draftOf(key)));
  await endpoint.until(3);
  for (const key of ['3', '2', '1']) waiting.get(key)?.();
  expect(await Promise.all(outcomes)).toMatchObject([1, 2, 3].map((offset) => ({ position: { offset } })));
});
