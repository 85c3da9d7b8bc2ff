// Webhooks as an endpoint gets them: over HTTP, with the clock held.

import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../../../relay/src/engine/engine.ts';
import type { WebhookOptions } from '../../../relay/src/webhooks/webhook-options.ts';
import { Webhooks } from '../../../relay/src/webhooks/webhooks.ts';
import { Condition } from '../../support/condition.ts';
import { FakeClock } from '../../support/sdk/fake-clock.ts';
import type { Received } from '../../support/webhook-receiver.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const secretOf = (seed: number): string => `whsec_${Buffer.alloc(32, seed).toString('base64')}`;
const SECRET = secretOf(1);
const ADA = { id: 'ada', name: 'Ada' };
const ALL = ['message', 'join', 'leave', 'room-empty'] as const;

let receiver: WebhookReceiver;
let clock: FakeClock;
let changed: Condition;
let outcomes: string[];
let log: string[];
let running: Webhooks[];

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  clock = new FakeClock();
  changed = new Condition();
  [outcomes, log, running] = [[], [], []];
});

afterEach(async () => {
  const closing = Promise.all(running.map((webhooks) => webhooks.close()));
  clock.advance(5_000); // nobody waits for an endpoint that hangs
  await closing;
  await receiver.stop();
});

function start(endpoints: readonly Partial<WebhookOptions>[], now = (): number => clock.now()): Webhooks {
  const note = (level: string) => (fields: unknown, message?: string) =>
    void log.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  const webhooks = new Webhooks(
    endpoints.map((options) => ({ url: receiver.url, secrets: [SECRET], events: ALL, ...options })),
    {
      now,
      steady: () => clock.now(),
      random: () => 1,
      setTimer: (callback, delayMs) => {
        const timer = clock.setTimer(callback, delayMs);
        changed.changed();
        return () => clock.clearTimer(timer);
      },
      log: { info: note('info'), warn: note('warn'), error: note('error') },
      settled: (endpoint, outcome, count) => {
        for (let i = 0; i < count; i++)
          outcomes.push(endpoint === receiver.url.split('?')[0] ? outcome : `${outcome} at ${endpoint}`);
        changed.changed();
      },
    },
  );
  running.push(webhooks);
  return webhooks;
}

const untilOutcomes = (count: number): Promise<string[]> =>
  changed.until(() => (outcomes.length >= count ? [...outcomes] : undefined));

function say(
  webhooks: Webhooks,
  room: string,
  offset: number,
  body: Draft['body'] = { type: 'message', text: `m${offset}` },
): void {
  const draft = { from: ADA, key: `k${offset}`, body, moderator: false };
  webhooks.published(room, draft, { ok: true, position: { epoch: 'e1', offset }, at: 1_700_000_000_000 });
}

const timesOf = (received: readonly Received[]): number[] => received.map(({ headers }) => Number(headers['webhook-timestamp']));
const textsOf = (received: readonly Received[]): string[] => received.map(({ body }) => body.data.event.text);

describe('what is told', () => {
  test('each kind has a type, the time it happened at, and all that a reader would get', async () => {
    const webhooks = start([{}]);
    const at = '2023-11-14T22:13:20.000Z';
    const happenings: [() => void, unknown][] = [
      [
        () => say(webhooks, 'a', 1, { type: 'message', text: 'hi', data: { x: 1 } }),
        { type: 'message.published', timestamp: at, data: eventOf(1, { type: 'message', text: 'hi', data: { x: 1 } }) },
      ],
      [() => say(webhooks, 'a', 2, { type: 'edit', target: 1, text: 'ho' }), { type: 'message.edited' }],
      [() => say(webhooks, 'a', 3, { type: 'delete', target: 1 }), { type: 'message.deleted' }],
      [() => say(webhooks, 'a', 4, { type: 'reaction', target: 1, reaction: '👍', action: 'add' }), { type: 'message.reacted' }],
      [() => say(webhooks, 'a', 5, { type: 'custom', name: 'vote', data: [1] }), { type: 'event.published' }],
      [
        () => webhooks.joined('a', ADA),
        { type: 'member.joined', timestamp: '1970-01-01T00:16:40.000Z', data: { room: 'a', member: ADA } },
      ],
      [() => webhooks.left('a', ADA), { type: 'member.left', data: { room: 'a', member: ADA } }],
      [() => webhooks.emptied('a'), { type: 'room.emptied', timestamp: '1970-01-01T00:16:40.000Z', data: { room: 'a' } }],
    ];
    for (const [happen] of happenings) happen();
    const received = await receiver.until(happenings.length);
    expect(received.map(({ body }) => body)).toMatchObject(happenings.map(([, body]) => body));
    expect(new Set(received.map(({ id }) => id)).size).toBe(happenings.length);
  });

  test('an endpoint gets what it asked for, of the rooms it asked for', async () => {
    const webhooks = start([
      { events: ['message'], rooms: 'team-*' },
      { url: receiver.url.replace('hooks', 'doors'), events: ['join', 'leave'] },
    ]);
    say(webhooks, 'lobby', 1);
    say(webhooks, 'team-a', 2);
    webhooks.joined('lobby', ADA);
    webhooks.emptied('team-a');
    const received = await receiver.until(2);
    expect(await untilOutcomes(2)).toContainEqual(expect.stringContaining('doors'));
    expect(received.map(({ body }) => body.type).toSorted()).toEqual(['member.joined', 'message.published']);
    expect(webhooks.waiting).toBe(0);
  });

  test('[P3] an event that was told is not told again, and its id is the same wherever it is told', async () => {
    const [one, other] = [start([{}]), start([{}])];
    for (const webhooks of [one, one, other]) say(webhooks, 'a', 1);
    say(one, 'b', 1);
    await Promise.all([one.close(), other.close()]);
    expect(receiver.received).toHaveLength(3);
    const ids = receiver.received.map(({ id, body }) => `${body.data.room} ${id}`).toSorted();
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]?.slice(2)).not.toBe(ids[0]?.slice(2));
    expect(ids[0]).toMatch(/^a msg_[\w-]{27}$/);
  });
});

describe('signatures', () => {
  test('a public library takes them for good, and none of a changed body', async () => {
    const webhooks = start([{}], Date.now);
    say(webhooks, 'Größe & co', 1, { type: 'message', text: 'naïve 👋' });
    const [{ text, headers, body } = {} as Received] = await receiver.until(1);
    const library = new Webhook(SECRET);
    expect(library.verify(text, headers as Record<string, string>)).toEqual(body);
    expect(() => library.verify(text.replace('naïve', 'native'), headers as Record<string, string>)).toThrow(
      'No matching signature',
    );
    expect(() => new Webhook(secretOf(2)).verify(text, headers as Record<string, string>)).toThrow('No matching signature');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'chat-room-relay' });
  });

  test('while a secret is replaced, the old one and the new one both hold', async () => {
    const webhooks = start([{ secrets: [secretOf(2), secretOf(1)] }], Date.now);
    say(webhooks, 'a', 1);
    const [{ text, headers } = {} as Received] = await receiver.until(1);
    for (const seed of [1, 2])
      expect(() => new Webhook(secretOf(seed)).verify(text, headers as Record<string, string>)).not.toThrow();
    expect(() => new Webhook(secretOf(3)).verify(text, headers as Record<string, string>)).toThrow();
  });

  test('each attempt is signed for its own time, under the id of the first', async () => {
    const webhooks = start([{}]);
    receiver.say(500);
    say(webhooks, 'a', 1);
    await untilOutcomes(1);
    receiver.say(200);
    clock.advance(1_000);
    const [first, second] = (await receiver.until(2)) as [Received, Received];
    expect(second.id).toBe(first.id);
    expect([first, second].map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1000', '1001']);
    for (const { id, headers, text } of [first, second]) {
      const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
      expect(headers['webhook-signature']).toBe(new Webhook(SECRET).sign(id, at, text));
    }
  });
});

describe('retries', () => {
  test.each([302, 408, 429, 500, 503])('%i: tried again until it is taken, with the room’s next behind it', async (status) => {
    const webhooks = start([{}]);
    receiver.say(status, { location: receiver.url });
    say(webhooks, 'a', 1);
    say(webhooks, 'a', 2);
    for (const [i, waitMs] of [1_000, 2_000, 4_000].entries()) {
      await untilOutcomes(i + 1);
      if (i === 2) receiver.say(200);
      clock.advance(waitMs);
    }
    expect(textsOf(await receiver.until(5))).toEqual(['m1', 'm1', 'm1', 'm1', 'm2']);
    expect(timesOf(receiver.received)).toEqual([1_000, 1_001, 1_003, 1_007, 1_007]);
    expect(await untilOutcomes(5)).toEqual(['failed', 'failed', 'failed', 'delivered', 'delivered']);
    expect(log).toEqual([
      expect.stringMatching(/^warn: a webhook endpoint does not take/),
      expect.stringMatching(/^info: a webhook endpoint takes/),
    ]);
    expect(log.join()).not.toContain('secret');
  });

  test('a connection that breaks, and nobody who listens: tried again', async () => {
    const webhooks = start([{}, { url: 'http://127.0.0.1:9/' }]);
    receiver.answer = (_, response) => void response.socket?.destroy();
    say(webhooks, 'a', 1);
    expect((await untilOutcomes(2)).toSorted()).toEqual(['failed', 'failed at http://127.0.0.1:9/']);
    receiver.say(200);
    clock.advance(1_000);
    expect(await untilOutcomes(4)).toContain('delivered');
  });

  test.each([400, 401, 404, 413])('%i: refused for good, and the next one goes out', async (status) => {
    const webhooks = start([{}]);
    receiver.say(status);
    say(webhooks, 'a', 1);
    say(webhooks, 'a', 2);
    expect(await untilOutcomes(2)).toEqual(['refused', 'refused']);
    expect(webhooks.waiting).toBe(0);
    expect(log).toEqual([expect.stringMatching(`^warn: a webhook endpoint refuses.*"status":${status}`)]);
  });

  test('Retry-After is waited for, with every room', async () => {
    const webhooks = start([{}]);
    receiver.say(503, { 'retry-after': '30' });
    say(webhooks, 'a', 1);
    await untilOutcomes(1);
    receiver.say(200);
    say(webhooks, 'b', 2);
    await new Promise(setImmediate); // it would be sent by now
    clock.advance(30_000);
    expect(textsOf(await receiver.until(3)).toSorted()).toEqual(['m1', 'm1', 'm2']);
    expect(timesOf(receiver.received)).toEqual([1_000, 1_030, 1_030]);
  });

  test('who answers too late has not answered: it is tried again, and others are not held up meanwhile', async () => {
    const slow = await WebhookReceiver.start();
    slow.answer = () => undefined;
    const webhooks = start([{ url: slow.url, timeoutMs: 7_000 }, {}]);
    for (let offset = 1; offset <= 30; offset++) say(webhooks, `room-${offset}`, offset);
    await slow.until(20); // as many as may be in flight
    expect(textsOf(await receiver.until(30))).toContain('m30');
    await untilOutcomes(30);
    clock.advance(7_000);
    expect((await untilOutcomes(50)).slice(30).every((outcome) => outcome.startsWith('failed'))).toBe(true);
    expect(log.join()).toContain('no answer within 7000 ms');
    await slow.stop();
  });

  test('what is older than it may be is given up, and counted', async () => {
    const webhooks = start([{ giveUpAfterMs: 5_000 }]);
    receiver.say(500);
    for (const offset of [1, 2, 3]) say(webhooks, 'a', offset);
    await untilOutcomes(1);
    clock.advance(1_000);
    await untilOutcomes(2);
    clock.advance(2_000); // the next wait would end after 7 s
    expect((await untilOutcomes(3)).slice(0, 3)).toEqual(['failed', 'failed', 'given_up']);
    await untilOutcomes(4);
    clock.advance(1_000);
    await untilOutcomes(5);
    clock.advance(1_001);
    expect(await untilOutcomes(6)).toEqual(['failed', 'failed', 'given_up', 'failed', 'given_up', 'given_up']);
    expect(webhooks.waiting).toBe(0);
  });

  test('a long answer is not read to its end', async () => {
    const webhooks = start([{}]);
    const ended = new Condition();
    let isCut = false;
    receiver.answer = (_, response) => {
      response.on('close', () => {
        isCut = !response.writableFinished;
        ended.changed();
      });
      pour(response);
    };
    say(webhooks, 'a', 1);
    expect(await untilOutcomes(1)).toEqual(['delivered']);
    expect(await ended.until(() => (isCut ? true : undefined))).toBe(true);
  });
});

describe('an endpoint that is away', () => {
  test('[P5] a full queue drops what comes, says so once, and goes on when there is room', async () => {
    const webhooks = start([{ maxQueue: 4 }]);
    receiver.answer = () => undefined;
    for (let offset = 1; offset <= 7; offset++) say(webhooks, 'a', offset);
    expect(await untilOutcomes(3)).toEqual(['dropped', 'dropped', 'dropped']);
    expect(log).toEqual([expect.stringContaining('its queue is full')]);
    await receiver.until(1);
    receiver.say(200);
    clock.advance(15_000);
    await untilOutcomes(4);
    clock.advance(1_000);
    await untilOutcomes(8);
    say(webhooks, 'a', 8);
    expect(textsOf(await receiver.until(6))).toEqual(['m1', 'm1', 'm2', 'm3', 'm4', 'm8']);
  });

  test('410: it is sent nothing more, and that is said; others go on', async () => {
    const gone = await WebhookReceiver.start();
    gone.say(410);
    const webhooks = start([{ url: gone.url }, {}]);
    say(webhooks, 'a', 1);
    say(webhooks, 'a', 2);
    await gone.until(1);
    await changed.until(() => (log.length > 0 ? true : undefined));
    say(webhooks, 'a', 3);
    expect(textsOf(await receiver.until(3))).toEqual(['m1', 'm2', 'm3']);
    await untilOutcomes(5);
    expect(gone.received).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('at http')).map((outcome) => outcome.split(' ')[0])).toEqual([
      'refused',
      'dropped',
    ]);
    expect(log).toEqual([expect.stringMatching(/^error: a webhook endpoint says that it is gone.*"dropped":1/)]);
    await gone.stop();
  });
});

describe('the end', () => {
  test('what can be sent is sent; what comes later is not', async () => {
    const webhooks = start([{}]);
    for (let offset = 1; offset <= 50; offset++) say(webhooks, `room-${offset % 30}`, offset);
    await webhooks.close();
    say(webhooks, 'a', 51);
    expect(receiver.received).toHaveLength(50);
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(50);
    expect([webhooks.waiting, log]).toEqual([0, []]);
  });

  test('who hangs is waited for 5 s; what is lost is counted', async () => {
    const webhooks = start([{}]);
    receiver.answer = () => undefined;
    say(webhooks, 'a', 1);
    say(webhooks, 'a', 2);
    await receiver.until(1);
    let isClosed = false;
    const closing = webhooks.close().then(() => {
      isClosed = true;
    });
    clock.advance(4_999);
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closing;
    expect(outcomes).toEqual(['dropped', 'dropped']);
    expect(log).toEqual([expect.stringMatching(/^warn: webhooks were not delivered before the end {"count":2}/)]);
    expect(clock.timers).toBe(0);
  });
});

function eventOf(offset: number, body: object): unknown {
  const event = { offset, at: 1_700_000_000_000, from: ADA, key: `k${offset}`, ...body };
  return { room: 'a', epoch: 'e1', event };
}

/** Writes without end. */
function pour(response: ServerResponse): void {
  const write = (): void => {
    if (!response.destroyed) response.write('x'.repeat(65_536), write);
  };
  write();
}
