// The ticker's consumer: against a feed that the test moves, without sockets and with one that stops reading.
import type { Connection } from '@chat-room/relay';
import { TestRelay } from '@chat-room/relay/testing';
import { afterEach, describe, expect, test } from 'vitest';
import type { Quote } from '../../../demo/gallery/stocks/conflation.ts';
import type { PriceFeed } from '../../../demo/gallery/stocks/consumer/price-feed.ts';
import { stocksRoutes, stocksRoutesOf } from '../../../demo/gallery/stocks/consumer.ts';
import { priceAt } from '../../../demo/gallery/stocks/simulator.ts';
import type { Frame } from '../../../demo/gallery/stocks/wire.ts';
import { decodeFrame } from '../../../demo/gallery/stocks/wire.ts';
import { OPCODE, RawSocket } from '../../support/raw-socket.ts';
import type { RunningRelay } from '../../support/relay-fixture.ts';
import { startRelay } from '../../support/relay-fixture.ts';

const PATH = '/ws/gallery/stocks';

/** Moves when it is told to. */
class HandFeed implements PriceFeed {
  readonly listings = Array.from({ length: 500 }, (_, i) => ({ symbol: `S${i}`, name: `Company ${i}`, sector: 'All' }));
  session = 'Monday';
  readonly prices = this.listings.map(() => 100);
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();

  get readers(): number {
    return this.#listeners.size;
  }
  subscribe(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  price(listing: number): number {
    return this.prices[listing] ?? 0;
  }
  opening(): number {
    return this.session === 'Monday' ? 90 : 95;
  }
  history(listing: number, seconds: number): readonly number[] {
    return Array.from({ length: seconds }, (_, i) => listing + i);
  }
  set(...quotes: readonly (readonly [listing: number, cents: number])[]): void {
    for (const [listing, cents] of quotes) this.prices[listing] = cents;
    for (const listener of this.#listeners) listener(quotes.map(([listing, cents]) => ({ listing, cents })));
  }
  setAll(cents: number): void {
    this.set(...this.listings.map((_, i) => [i, cents] as const));
  }
}

function frameOf(data: string | Uint8Array): Frame | undefined {
  return decodeFrame(typeof data === 'string' ? data : new Uint8Array(data).buffer);
}

async function open() {
  const feed = new HandFeed();
  const relay = new TestRelay({ routes: stocksRoutesOf(feed) });
  const reader = await relay.connect(PATH);
  const list = frameOf(await reader.receive());
  const next = async (): Promise<Frame | undefined> => frameOf(await reader.receive());
  const ask = (request: object): Promise<void> => reader.send(JSON.stringify(request));
  return { feed, relay, reader, list, next, ask };
}

describe('the consumer', () => {
  test('tells the list, and what is watched at once and at each change', async () => {
    const { feed, list, next, ask, reader } = await open();
    expect(list).toMatchObject({ type: 'list' });
    expect(list?.type === 'list' && list.listings[3]).toEqual({ symbol: 'S3', name: 'Company 3', sector: 'All', openCents: 90 });
    await ask({ type: 'watch', symbols: ['S3', 'S4', 'no such'] });
    expect(await next()).toMatchObject({
      quotes: [
        { listing: 3, cents: 100 },
        { listing: 4, cents: 100 },
      ],
    });
    feed.set([2, 50], [3, 101]);
    expect(await next()).toEqual({ type: 'prices', replaced: 0, quotes: [{ listing: 3, cents: 101 }] });
    await ask({ type: 'watch', symbols: ['S4'] });
    feed.set([3, 102]);
    await reader.idle();
    expect(reader.waiting).toEqual([]);
  });

  test('a day that begins is told with its opening prices, once', async () => {
    const { feed, ask, next, reader } = await open();
    await ask({ type: 'watch', symbols: ['S1'] });
    await next();
    feed.session = 'Tuesday';
    feed.set([1, 101]);
    const list = await next();
    expect(list?.type === 'list' && list.listings[1]?.openCents).toBe(95);
    feed.set([1, 102]);
    expect([await next(), await next()]).toMatchObject([{ type: 'prices' }, { type: 'prices' }]);
    expect(reader.waiting).toEqual([]);
  });

  test('who does not acknowledge gets four frames, then the latest of all that came meanwhile', async () => {
    const { feed, next, ask, reader } = await open();
    await ask({ type: 'watch', symbols: ['S1', 'S2'] });
    for (let cents = 201; cents <= 300; cents++) feed.set([1, cents]);
    feed.set([2, 77]);
    await reader.idle();
    expect(reader.waiting).toHaveLength(4);
    for (let i = 0; i < 4; i++) await next();
    await ask({ type: 'ack', frames: 4 });
    expect(await next()).toEqual({
      type: 'prices',
      replaced: 96,
      quotes: [
        { listing: 1, cents: 300 },
        { listing: 2, cents: 77 },
      ],
    });
  });

  test('who acknowledges more than there was gets no credit for it', async () => {
    const { feed, ask, reader } = await open();
    await ask({ type: 'watch', symbols: ['S1'] });
    await ask({ type: 'ack', frames: 1_000_000 });
    for (let cents = 201; cents <= 300; cents++) feed.set([1, cents]);
    expect(reader.waiting).toHaveLength(5);
  });

  test('histories come once each, a few in a frame, however often they are asked for', async () => {
    const { ask, next, reader } = await open();
    const symbols = Array.from({ length: 40 }, (_, i) => `S${i}`);
    for (let i = 0; i < 3; i++) await ask({ type: 'history', symbols: symbols.slice(0, 32) });
    const first = await next();
    expect(first?.type === 'history' && first.histories).toHaveLength(32);
    expect(first?.type === 'history' && first.histories[2]?.cents).toHaveLength(60);
    await ask({ type: 'ack', frames: reader.waiting.length + 1 });
    expect(reader.waiting.length).toBeLessThanOrEqual(4);
  });

  test('what is no request ends the connection, and nothing else', async () => {
    const { relay, reader, feed } = await open();
    await reader.send('buy!');
    expect(await reader.closed).toBe(4500);
    await reader.idle();
    expect(feed.readers).toBe(0);
    expect(relay.faults).toEqual([]);
  });

  test('who asks for something else all the time is closed', async () => {
    const { reader, feed } = await open();
    const wish = JSON.stringify({ type: 'watch', symbols: ['S1'] });
    for (let i = 0; i < 101; i++) await reader.send(wish); // more than is allowed in the two seconds that this may touch
    expect(await reader.closed).toBe(4500);
    await reader.idle();
    expect(feed.readers).toBe(0);
  });

  test('every price of the simulator is one that any other relay would say', async () => {
    const relay = new TestRelay({ routes: stocksRoutes });
    const reader = await relay.connect(PATH);
    const list = frameOf(await reader.receive());
    expect(list?.type === 'list' && list.listings).toHaveLength(500);
    const openCents = list?.type === 'list' ? list.listings[17]?.openCents : undefined;
    const today = Math.floor(Date.now() / 86_400_000) * 1_728_000;
    expect([priceAt(17, today), priceAt(17, today - 1_728_000)]).toContain(openCents);
    await reader.disconnect();
  });
});

describe('[P5] a reader who stops reading', () => {
  let running: RunningRelay | undefined;
  afterEach(() => running?.stop());

  async function read(socket: RawSocket): Promise<Frame> {
    const raw = await socket.frame();
    const frame = raw && frameOf(raw.opcode === OPCODE.text ? raw.payload.toString() : raw.payload);
    if (!frame) throw new Error('The connection has ended.');
    return frame;
  }

  /** Reads until a listing has that price, and says all that it read. */
  async function readUntil(socket: RawSocket, cents: number, onFrame: () => Promise<void>): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    const isIt = (frame: Frame): boolean => frame.type === 'prices' && frame.quotes.some((quote) => quote.cents === cents);
    do {
      frames.push(await read(socket));
      await onFrame();
    } while (!frames.some(isIt));
    return frames;
  }

  /** A reader of all prices, who has read the first of each; `buffered` says what waits for them in the relay. */
  async function openReader(transport: 'uws' | 'ws') {
    const feed = new HandFeed();
    let connection: Connection | undefined;
    const routes = stocksRoutesOf(feed).map((route) => ({
      ...route,
      create: (made: Connection) => {
        connection = made;
        return route.create(made);
      },
    }));
    running = await startRelay({ routes, transport });
    const socket = await RawSocket.open(running.port, PATH);
    await socket.send(JSON.stringify({ type: 'watch', symbols: feed.listings.map(({ symbol }) => symbol) }));
    await readUntil(socket, 100, async () => undefined);
    return { feed, socket, buffered: () => connection?.bufferedBytes ?? 0 };
  }

  test.each(['uws', 'ws'] as const)(
    'gets four frames, and the latest prices as soon as they have read these (%s)',
    async (transport) => {
      const { feed, socket } = await openReader(transport);
      socket.pause();
      for (let cents = 1_000; cents < 3_000; cents++) feed.setAll(cents);
      feed.setAll(5_000);
      socket.resume();
      let seen = 1;
      const frames = await readUntil(socket, 5_000, () => socket.send(JSON.stringify({ type: 'ack', frames: ++seen })));
      expect(frames).toHaveLength(4);
      expect(frames.at(-1)).toMatchObject({ quotes: feed.listings.map((_, listing) => ({ listing, cents: 5_000 })) });
      socket.destroy();
    },
  );

  test.each(['uws', 'ws'] as const)('and acknowledges all the same costs the relay one frame (%s)', async (transport) => {
    const { feed, socket, buffered } = await openReader(transport);
    const ack = (): Promise<void> => socket.send(JSON.stringify({ type: 'ack', frames: 1_000_000 }));
    socket.pause();
    let mostBuffered = 0;
    for (let round = 0; round < 1_500; round++) {
      await ack();
      await new Promise((resolve) => setImmediate(resolve)); // so that the relay, in this process too, reads it
      for (let i = 0; i < 5; i++) feed.setAll(10_000 + round * 10 + i);
      mostBuffered = Math.max(mostBuffered, buffered());
    }
    feed.setAll(9_000);
    socket.resume();
    const frames = await readUntil(socket, 9_000, ack);
    const last = frames.at(-1);
    expect(last?.type === 'prices' && last.quotes).toHaveLength(500);
    expect(mostBuffered).toBeGreaterThan(0); // the kernel was full: else this has shown nothing
    expect(mostBuffered).toBeLessThan(4_000);
    socket.destroy();
  });
});
