// The simulator as a feed: a timer, which runs while somebody listens.
import type { Quote } from '../conflation.ts';
import { LISTINGS } from '../listings.ts';
import { openingTick, priceAt, TICK_MS, tickAt } from '../simulator.ts';
import type { PriceFeed } from './price-feed.ts';

const TICKS_PER_SECOND = 1_000 / TICK_MS;

export class SimulatedFeed implements PriceFeed {
  readonly listings = LISTINGS;
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get session(): string {
    return String(openingTick(tickAt(this.#now())));
  }

  subscribe(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  price(listing: number): number {
    return priceAt(listing, tickAt(this.#now()));
  }

  opening(listing: number): number {
    return priceAt(listing, openingTick(tickAt(this.#now())));
  }

  history(listing: number, seconds: number): readonly number[] {
    const now = tickAt(this.#now());
    return Array.from({ length: seconds }, (_, i) => priceAt(listing, now - (seconds - 1 - i) * TICKS_PER_SECOND));
  }

  /** The clock says which tick it is, not the timer: relays agree, and a late timer leaves ticks out instead of falling behind. */
  #tick(): void {
    const tick = tickAt(this.#now());
    if (tick === this.#lastTick) return;
    this.#lastTick = tick;
    const quotes = this.listings.map((_, listing) => ({ listing, cents: priceAt(listing, tick) }));
    for (const listener of this.#listeners) listener(quotes);
  }
}
