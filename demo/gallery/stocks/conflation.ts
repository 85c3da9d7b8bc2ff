// What waits for one reader: at most one price for each listing, the latest. A reader who is slow gets fewer prices, never older
// ones, and costs no more than the list is long.

/** The price of a listing, which goes by its number in the list. */
export interface Quote {
  readonly listing: number;
  readonly cents: number;
}

export class Conflation {
  readonly #pending = new Map<number, number>();
  #watched: ReadonlySet<number> = new Set();
  #replaced = 0;

  /** How many prices were never sent, since a later one of the same listing took their place. */
  get replaced(): number {
    return this.#replaced;
  }

  get pending(): number {
    return this.#pending.size;
  }

  isWatched(listing: number): boolean {
    return this.#watched.has(listing);
  }

  /** From now on these and no others are waited for. */
  watch(listings: ReadonlySet<number>): void {
    this.#watched = listings;
    for (const listing of this.#pending.keys()) if (!listings.has(listing)) this.#pending.delete(listing);
  }

  /** The latest price of a listing: what nobody watches is forgotten, what waits is replaced. */
  offer({ listing, cents }: Quote): void {
    if (!this.#watched.has(listing)) return;
    if (this.#pending.has(listing)) this.#replaced += 1;
    this.#pending.set(listing, cents);
  }

  /** All that waits, and nothing waits any more. */
  take(): readonly Quote[] {
    const quotes = Array.from(this.#pending, ([listing, cents]) => ({ listing, cents }));
    this.#pending.clear();
    return quotes;
  }

  /** What was taken and could not be sent waits again, unless something newer does already. */
  putBack(quotes: readonly Quote[]): void {
    for (const { listing, cents } of quotes) {
      if (this.#watched.has(listing) && !this.#pending.has(listing)) this.#pending.set(listing, cents);
    }
  }
}
