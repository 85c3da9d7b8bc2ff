// What the page knows of the market: the list, the latest prices, and a minute of those that are drawn as lines.
import type { Frame, HistoryFrame, ListFrame, PricesFrame } from '../wire.ts';

export type Listed = ListFrame['listings'][number];

const HISTORY_S = 60;

export class Market {
  listings: readonly Listed[] = [];
  /** How many prices have arrived, and how many were left out for later ones, since the page was opened. */
  received = 0;
  replaced = 0;
  #cents = new Uint32Array(0);
  #replacedBefore = 0;
  #replacedHere = 0;
  readonly #histories = new Map<number, number[]>();

  /** In cents; 0 where it is not known yet. */
  price(listing: number): number {
    return this.#cents[listing] ?? 0;
  }

  /** Since the day's opening, as a part of 1; 0 where it is not known yet. */
  change(listing: number): number {
    const { openCents = 0 } = this.listings[listing] ?? {};
    const cents = this.price(listing);
    return cents === 0 || openCents === 0 ? 0 : cents / openCents - 1;
  }

  /** One price a second, the oldest first. */
  history(listing: number): readonly number[] {
    return this.#histories.get(listing) ?? [];
  }

  /** The listings of each sector, in the order in which they come. */
  sectors(): ReadonlyMap<string, readonly number[]> {
    const sectors = new Map<string, number[]>();
    for (const [listing, { sector }] of this.listings.entries()) sectors.set(sector, [...(sectors.get(sector) ?? []), listing]);
    return sectors;
  }

  apply(frame: Frame): void {
    if (frame.type === 'list') this.#list(frame);
    else if (frame.type === 'history') this.#remember(frame);
    else this.#price(frame);
  }

  /** Goes on with the lines: call it once a second. */
  sample(): void {
    for (const [listing, cents] of this.#histories) {
      cents.push(this.price(listing));
      if (cents.length > HISTORY_S) cents.shift();
    }
  }

  /** The line of a listing that nobody sees is not drawn on. */
  forget(listing: number): void {
    this.#histories.delete(listing);
  }

  /** A connection begins with it. Prices stay until there are newer ones. */
  #list({ listings }: ListFrame): void {
    const isSame =
      listings.length === this.listings.length && listings.every(({ symbol }, i) => symbol === this.listings[i]?.symbol);
    this.listings = listings;
    this.#replacedBefore += this.#replacedHere;
    this.#replacedHere = 0;
    if (!isSame) this.#cents = new Uint32Array(listings.length);
  }

  #remember({ histories }: HistoryFrame): void {
    for (const { listing, cents } of histories) this.#histories.set(listing, [...cents]);
  }

  #price({ quotes, replaced }: PricesFrame): void {
    for (const { listing, cents } of quotes) this.#cents[listing] = cents;
    this.received += quotes.length;
    this.#replacedHere = replaced;
    this.replaced = this.#replacedBefore + replaced;
  }
}
