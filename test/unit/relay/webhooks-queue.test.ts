import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf, backOffMs, retryAfterMs } from '../../../relay/src/webhooks/answer.ts';
import type { Delivery, QueueBounds } from '../../../relay/src/webhooks/delivery-queue.ts';
import { DeliveryQueue } from '../../../relay/src/webhooks/delivery-queue.ts';

const BOUNDS: QueueBounds = { maxQueue: 100, maxQueueLength: 1_000, maxInFlight: 3, giveUpAfterMs: 3_600_000 };
const certain = () => 1; // the whole back-off
const lucky = () => 0; // none of it

function queueOf(bounds: Partial<QueueBounds> = {}): DeliveryQueue {
  return new DeliveryQueue({ ...BOUNDS, ...bounds });
}

/** `a1` is the first of room a. */
function offer(queue: DeliveryQueue, now: number, ...names: string[]): boolean[] {
  return names.map((name) => queue.offer({ seed: name, room: name[0] as string, body: name }, now));
}

function takeAll(queue: DeliveryQueue, now: number): Delivery[] {
  const taken: Delivery[] = [];
  for (let next = queue.next(now); next; next = queue.next(now)) taken.push(next);
  return taken;
}

const seeds = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ seed }) => seed);
const take = (queue: DeliveryQueue, now: number): Delivery => {
  const delivery = queue.next(now);
  if (!delivery) throw new Error('there is nothing to be sent');
  return delivery;
};

describe('what is sent when', () => {
  test('rooms take turns, one delivery of each at a time, so many at once', () => {
    const queue = queueOf();
    offer(queue, 0, 'a1', 'a2', 'b1', 'c1', 'd1', 'b2');
    const [a1, b1, c1] = takeAll(queue, 0) as [Delivery, Delivery, Delivery];
    expect(seeds([a1, b1, c1])).toEqual(['a1', 'b1', 'c1']);
    expect(queue.nextAt()).toBeUndefined();
    queue.settle(b1);
    queue.settle(a1);
    expect(seeds(takeAll(queue, 0))).toEqual(['d1', 'b2']);
    queue.settle(c1);
    expect(seeds(takeAll(queue, 0))).toEqual(['a2']);
  });

  test('a delivery that fails holds up its room and no other', () => {
    const queue = queueOf();
    offer(queue, 0, 'a1', 'a2', 'b1', 'b2');
    const [a1, b1] = takeAll(queue, 0) as [Delivery, Delivery];
    expect(queue.retry(a1, 0, certain, undefined)).toBe(true);
    queue.settle(b1);
    expect(seeds(takeAll(queue, 0))).toEqual(['b2']);
    expect(queue.nextAt()).toBe(1_000);
    expect(takeAll(queue, 999)).toEqual([]);
    expect(seeds(takeAll(queue, 1_000))).toEqual(['a1']);
    queue.settle(a1);
    expect(seeds(takeAll(queue, 1_000))).toEqual(['a2']);
  });

  test('each failure doubles the wait, up to a minute; the next of the room begins anew', () => {
    const queue = queueOf({ maxInFlight: 100 });
    offer(queue, 0, 'a1', 'a2');
    const waits: number[] = [];
    let now = 0;
    for (let i = 0; i < 8; i++) {
      queue.retry(take(queue, now), now, certain, undefined);
      waits.push((queue.nextAt() as number) - now);
      now = queue.nextAt() as number;
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    queue.settle(take(queue, now));
    queue.retry(take(queue, now), now, certain, undefined);
    expect(queue.nextAt()).toBe(now + 1_000);
  });

  test('who fails as often in a row as may be in flight is left alone as a whole, and then tried with care', () => {
    const queue = queueOf();
    offer(queue, 0, 'a1', 'b1', 'c1', 'd1', 'e1');
    for (const delivery of takeAll(queue, 0)) queue.retry(delivery, 0, certain, undefined);
    const [d1, e1] = takeAll(queue, 0) as [Delivery, Delivery]; // three failures may have three causes
    expect(seeds([d1, e1])).toEqual(['d1', 'e1']);
    queue.retry(d1, 0, certain, undefined);
    expect(queue.nextAt()).toBe(1_000);
    offer(queue, 0, 'f1');
    expect(takeAll(queue, 999)).toEqual([]);
    queue.settle(e1); // it is back
    expect(seeds(takeAll(queue, 1_000))).toEqual(['f1', 'a1', 'b1']);
  });

  test('a time that the endpoint names holds for all of its rooms, and no longer than anything is kept', () => {
    const queue = queueOf({ giveUpAfterMs: 60_000 });
    offer(queue, 0, 'a1', 'b1');
    queue.retry(take(queue, 0), 0, lucky, 5_000);
    expect(queue.nextAt()).toBe(5_000);
    expect(takeAll(queue, 4_999)).toEqual([]);
    expect(seeds(takeAll(queue, 5_000))).toEqual(['b1', 'a1']);
    const other = queueOf({ giveUpAfterMs: 60_000 });
    offer(other, 0, 'a1', 'b1');
    other.retry(take(other, 0), 0, lucky, 1_000_000_000);
    expect(other.nextAt()).toBe(60_000);
  });
});

describe('the bounds of the queue', () => {
  test('[P5] it takes so many deliveries and so much text; the newest is the one that is not taken', () => {
    const queue = queueOf({ maxQueue: 2 });
    expect(offer(queue, 0, 'a1', 'a2', 'a3')).toEqual([true, true, false]);
    queue.settle(take(queue, 0));
    expect(offer(queue, 0, 'a4', 'a5')).toEqual([true, false]);
    const long = queueOf({ maxQueueLength: 5 });
    expect(offer(long, 0, 'a1', 'a2', 'a3')).toEqual([true, true, false]);
    long.settle(take(long, 0));
    expect(offer(long, 0, 'a4')).toEqual([true]);
  });

  test('what is too old is given up: what fails for the last time, and what has waited behind it', () => {
    const queue = queueOf({ giveUpAfterMs: 10_000 });
    offer(queue, 0, 'a1', 'a2');
    offer(queue, 9_500, 'a3');
    const a1 = take(queue, 9_000);
    expect(queue.retry(a1, 9_500, certain, undefined)).toBe(false);
    expect(queue.takeExpired()).toBe(0);
    expect(seeds(takeAll(queue, 10_001))).toEqual(['a3']);
    expect([queue.takeExpired(), queue.takeExpired(), queue.size]).toEqual([1, 0, 1]);
  });

  test('cleared, it keeps what is in flight, and takes deliveries as before', () => {
    const queue = queueOf({ maxQueueLength: 6 });
    offer(queue, 0, 'a1', 'a2', 'b1');
    const a1 = take(queue, 0);
    expect(queue.clear()).toBe(2);
    expect([queue.size, queue.inFlight]).toEqual([1, 1]);
    expect(offer(queue, 0, 'a3', 'b2', 'c1')).toEqual([true, true, false]);
    queue.settle(a1);
    expect(seeds(takeAll(queue, 0))).toEqual(['b2', 'a3']);
  });
});

type Step =
  | { readonly kind: 'offer'; readonly room: string }
  | { readonly kind: 'settle' | 'retry'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** A queue with somebody who sends what it gives. */
class Sender {
  readonly queue = queueOf({ maxQueue: 20, maxInFlight: 2, giveUpAfterMs: 60_000 });
  readonly inFlight: Delivery[] = [];
  readonly ended: Delivery[] = [];
  now = 0;
  offered = 0;
  givenUp = 0;

  step(step: Step): void {
    if (step.kind === 'wait') this.now += step.ms;
    else if (step.kind === 'offer') this.#offer(step.room);
    else this.#end(step.kind, this.inFlight.splice(step.which, 1)[0]);
    this.#pump();
  }

  /** From now on everything is taken: all that is left comes out, when the queue says that it will. */
  finish(): void {
    while (this.queue.size > 0) {
      for (const delivery of this.inFlight.splice(0)) this.#end('settle', delivery);
      this.now = Math.max(this.now, this.queue.nextAt() ?? this.now);
      this.#pump();
    }
  }

  #offer(room: string): void {
    if (this.queue.offer({ seed: String(this.offered), room, body: 'x' }, this.now)) this.offered++;
  }

  #end(how: 'settle' | 'retry', delivery: Delivery | undefined): void {
    if (!delivery) return;
    if (how === 'retry') {
      if (!this.queue.retry(delivery, this.now, certain, undefined)) this.givenUp++;
      return;
    }
    this.queue.settle(delivery);
    this.ended.push(delivery);
  }

  #pump(): void {
    this.inFlight.push(...takeAll(this.queue, this.now));
    this.givenUp += this.queue.takeExpired();
    expect(new Set(this.inFlight.map(({ room }) => room)).size).toBe(this.inFlight.length);
    expect(this.queue.inFlight).toBe(this.inFlight.length);
  }
}

test('in whatever order things end, a room’s deliveries go out in order and one at a time, and none gets lost', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('offer' as const), room: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('settle' as const, 'retry' as const), which: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20_000) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const sender = new Sender();
      for (const each of steps) sender.step(each);
      sender.finish();
      expect(sender.ended.length + sender.givenUp).toBe(sender.offered);
      for (const room of ['a', 'b', 'c']) {
        const order = sender.ended.filter((delivery) => delivery.room === room).map(({ seed }) => Number(seed));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});

describe('what an answer means', () => {
  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [302, 'retry'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'retry'],
    [410, 'gone'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i: %s', (status, answer) => {
    expect(answerOf(status)).toBe(answer);
  });

  test('Retry-After is seconds, or a date', () => {
    const now = Date.parse('2026-01-02T03:04:05Z');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Fri, 02 Jan 2026 03:04:35 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Fri, 02 Jan 2026 03:00:00 GMT', now)).toBe(0);
    for (const header of [null, '', 'soon', '-1 s', '9'.repeat(20)]) expect(retryAfterMs(header, now)).toBeUndefined();
  });

  test('back-off has full jitter', () => {
    expect([0, 0.25, 1].map((chance) => backOffMs(4, () => chance))).toEqual([0, 2_000, 8_000]);
    expect(backOffMs(2_000, () => 1)).toBe(60_000);
  });
});
