// The stock ticker's consumer: prices of what its reader watches, as fast as that reader takes them and no faster.
//
// The reader acknowledges what it has worked through. At most WINDOW frames are on their way; prices that come meanwhile wait in a
// conflation, where the latest of each listing takes the place of the one before. So a reader with a slow line, a busy processor or
// a page in the background is never more than a few frames behind, and costs the relay a few frames, however long it takes.
//
// Relays share nothing here: the simulator computes every price from the clock, so that all of them say the same.
import type { Connection, Route } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { Conflation } from './conflation.ts';
import type { PriceFeed } from './consumer/price-feed.ts';
import { SimulatedFeed } from './consumer/simulated-feed.ts';
import type { HistoryFrame, ListFrame } from './wire.ts';
import { decodeRequest, encodePrices } from './wire.ts';

/** Frames that are sent and not acknowledged. One would have each wait for a round trip; many would be old when they are read. */
const WINDOW = 4;
const HISTORY_S = 60;
/** Histories of one frame. Who asks for more gets them in frames that follow. */
const HISTORIES_PER_FRAME = 32;

/** Of requests that cost something: a page that is scrolled through asks 20 times a second at most. */
const MAX_WISHES_PER_S = 50;

class StocksConsumer extends Consumer {
  readonly #feed: PriceFeed;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #conflation = new Conflation();
  /** Listings whose history was asked for: each once, however often. */
  readonly #histories = new Set<number>();
  /** Whose opening prices the reader knows. */
  #session = '';
  #sentFrames = 0;
  #seenFrames = 0;
  #wishes = { second: 0, count: 0 };
  #unsubscribe: (() => void) | undefined;

  constructor(connection: Connection, feed: PriceFeed, numbers: ReadonlyMap<string, number>) {
    super(connection);
    this.#feed = feed;
    this.#numbers = numbers;
  }

  override connect(): void {
    this.#tellList();
    this.#unsubscribe = this.#feed.subscribe((quotes) => {
      for (const quote of quotes) this.#conflation.offer(quote);
      this.#flush();
    });
  }

  override receive(data: string | Uint8Array): void {
    const request = decodeRequest(data);
    if (!request || (request.type !== 'ack' && this.#isTooFast())) {
      this.close(4500, 'bad_request'); // a page of ours says nothing of the kind, and another would say it again
      return;
    }
    if (request.type === 'ack') this.#seenFrames = Math.min(Math.max(this.#seenFrames, request.frames), this.#sentFrames);
    else if (request.type === 'watch') this.#watch(this.#listingsOf(request.symbols));
    else for (const listing of this.#listingsOf(request.symbols)) this.#histories.add(listing);
    this.#flush();
  }

  override disconnect(): void {
    this.#unsubscribe?.();
  }

  #isTooFast(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (this.#wishes.second !== second) this.#wishes = { second, count: 0 };
    this.#wishes.count += 1;
    return this.#wishes.count > MAX_WISHES_PER_S;
  }

  #tellList(): void {
    const { session } = this.#feed;
    const listings = this.#feed.listings.map((listing, i) => ({ ...listing, openCents: this.#feed.opening(i) }));
    if (this.send(JSON.stringify({ type: 'list', listings } satisfies ListFrame)) !== 'dropped') this.#session = session;
  }

  /** What is watched anew has a price at once, also where it does not change for a while. */
  #watch(listings: ReadonlySet<number>): void {
    const added = [...listings].filter((listing) => !this.#conflation.isWatched(listing));
    this.#conflation.watch(listings);
    for (const listing of added) this.#conflation.offer({ listing, cents: this.#feed.price(listing) });
  }

  /** Sends what waits, if the reader is ready for it. Else the next prices ask again, or the acknowledgement that is due. */
  #flush(): void {
    if (this.#isReady && this.#session !== this.#feed.session) this.#tellList();
    if (this.#isReady && this.#conflation.pending > 0) {
      const quotes = this.#conflation.take();
      if (!this.#sent(encodePrices(quotes, this.#conflation.replaced))) this.#conflation.putBack(quotes);
    }
    if (this.#isReady && this.#histories.size > 0) {
      const asked = [...this.#histories].slice(0, HISTORIES_PER_FRAME);
      const histories = asked.map((listing) => ({ listing, cents: this.#feed.history(listing, HISTORY_S) }));
      if (!this.#sent(JSON.stringify({ type: 'history', histories } satisfies HistoryFrame))) return;
      for (const listing of asked) this.#histories.delete(listing);
    }
  }

  /** Who acknowledges what they have not read is found out by what waits in the socket's buffer. */
  get #isReady(): boolean {
    return this.phase === 'open' && this.#sentFrames - this.#seenFrames < WINDOW && this.bufferedBytes === 0;
  }

  #sent(frame: string | Uint8Array): boolean {
    if (this.send(frame) === 'dropped') return false;
    this.#sentFrames += 1;
    return true;
  }

  #listingsOf(symbols: readonly string[]): ReadonlySet<number> {
    return new Set(symbols.flatMap((symbol) => this.#numbers.get(symbol) ?? []));
  }
}

/** The ticker's route, with prices from `feed`. */
export function stocksRoutesOf(feed: PriceFeed): readonly Route[] {
  const numbers = new Map(feed.listings.map(({ symbol }, i) => [symbol, i]));
  return [route('/ws/gallery/stocks', (connection) => new StocksConsumer(connection as Connection, feed, numbers))];
}

export const stocksRoutes: readonly Route[] = stocksRoutesOf(new SimulatedFeed());
