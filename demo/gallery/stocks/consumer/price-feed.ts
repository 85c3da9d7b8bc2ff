// The seam to a market. What follows here is a simulator; a real feed is another class of this shape, and nothing else changes:
//
//   class ExchangeFeed implements PriceFeed {
//     readonly listings = await exchange.instruments();      // whose place in the list is their number from then on
//     subscribe(listener) { … }                              // one connection to the exchange for all readers, opened with the first
//   }                                                        // of them; call `listener` with what changed, as often as it comes
//   serve({ routes: stocksRoutesOf(new ExchangeFeed()) })
//
// It may call as often as it likes: each reader's conflation keeps the latest price of each listing and sends when the reader is
// ready. Each relay of several has a feed of its own; where an exchange sells only one connection, one relay holds it and hands
// quotes to the others through a group of the layer.
import type { Quote } from '../conflation.ts';
import type { Listing } from '../listings.ts';

export interface PriceFeed {
  readonly listings: readonly Listing[];
  /** Another one when a day of trading begins, and with it other opening prices. */
  readonly session: string;
  /** Calls `listener` with the prices that have changed, in turns of the event loop of their own. Returns a function that ends it. */
  subscribe(listener: (quotes: readonly Quote[]) => void): () => void;
  /** The price now. */
  price(listing: number): number;
  /** The price from which the day's change is counted. */
  opening(listing: number): number;
  /** The prices of the last `seconds`, one a second, the oldest first. */
  history(listing: number, seconds: number): readonly number[];
}
