// What waits for a slow reader: the latest price of each listing that is watched, and nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Quote } from '../../../demo/gallery/stocks/conflation.ts';
import { Conflation } from '../../../demo/gallery/stocks/conflation.ts';

const LISTINGS = 8;

type Step =
  | { readonly type: 'offer'; readonly quote: Quote }
  | { readonly type: 'take' }
  | { readonly type: 'fail' }
  | { readonly type: 'watch'; readonly listings: readonly number[] };

const listing = fc.nat({ max: LISTINGS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('offer'), quote: fc.record({ listing, cents: fc.nat() }) }) },
  { weight: 2, arbitrary: fc.constant({ type: 'take' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'fail' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('watch'), listings: fc.uniqueArray(listing) }) },
);

/** A conflation beside the plainest account of what its reader must end up with. */
class Ledger {
  readonly conflation = new Conflation();
  readonly latest = new Map<number, number>();
  readonly reader = new Map<number, number>();
  mostPending = 0;
  offered = 0;
  received = 0;
  forgotten = 0;

  constructor(steps: readonly Step[]) {
    this.conflation.watch(new Set(Array.from({ length: LISTINGS }, (_, i) => i)));
    for (const step of steps) {
      this.#apply(step);
      this.mostPending = Math.max(this.mostPending, this.conflation.pending);
    }
    this.#receive();
  }

  #apply(step: Step): void {
    if (step.type === 'offer') this.#offer(step.quote);
    else if (step.type === 'take') this.#receive();
    else if (step.type === 'fail') this.conflation.putBack(this.conflation.take());
    else this.#watch(step.listings);
  }

  #offer(quote: Quote): void {
    if (this.conflation.isWatched(quote.listing)) {
      this.latest.set(quote.listing, quote.cents);
      this.offered += 1;
    }
    this.conflation.offer(quote);
  }

  #receive(): void {
    for (const quote of this.conflation.take()) {
      this.reader.set(quote.listing, quote.cents);
      this.received += 1;
    }
  }

  #watch(listings: readonly number[]): void {
    const before = this.conflation.pending;
    this.conflation.watch(new Set(listings));
    this.forgotten += before - this.conflation.pending;
    for (const known of [...this.latest.keys()]) if (!listings.includes(known)) this.latest.delete(known);
  }
}

describe('whatever is offered, taken, put back and watched', () => {
  test('every watched listing ends with its latest price', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { latest, reader } = new Ledger(steps);
        for (const [listing, cents] of latest) expect(reader.get(listing)).toBe(cents);
      }),
    );
  });

  test('never more than one price waits for a listing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        expect(new Ledger(steps).mostPending).toBeLessThanOrEqual(LISTINGS);
      }),
    );
  });

  test('every price offered was received, replaced or no longer wanted: none is counted twice', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { conflation, offered, received, forgotten } = new Ledger(steps);
        expect(received + conflation.replaced + forgotten).toBe(offered);
      }),
    );
  });
});

test('what could not be sent does not take the place of what came meanwhile', () => {
  const conflation = new Conflation();
  conflation.watch(new Set([1]));
  conflation.offer({ listing: 1, cents: 100 });
  const taken = conflation.take();
  conflation.offer({ listing: 1, cents: 101 });
  conflation.putBack(taken);
  expect(conflation.take()).toEqual([{ listing: 1, cents: 101 }]);
});
