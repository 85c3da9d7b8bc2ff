// The simulator as a feed: its timer runs while somebody listens, and says what the clock says.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Quote } from '../../../demo/gallery/stocks/conflation.ts';
import { SimulatedFeed } from '../../../demo/gallery/stocks/consumer/simulated-feed.ts';
import { priceAt, TICK_MS, tickAt } from '../../../demo/gallery/stocks/simulator.ts';

const NOON = Date.UTC(2026, 2, 4, 12);

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each of 500 listings has twenty prices a second, those of its ticks', () => {
  const heard: (readonly Quote[])[] = [];
  const end = new SimulatedFeed().subscribe((quotes) => heard.push(quotes));
  vi.advanceTimersByTime(1_000);
  expect(heard).toHaveLength(20);
  expect(heard[4]).toHaveLength(500);
  expect(heard[4]?.[7]).toEqual({ listing: 7, cents: priceAt(7, tickAt(NOON) + 5) });
  end();
});

test('one timer serves all who listen, and nothing runs when nobody does', () => {
  const feed = new SimulatedFeed();
  expect(vi.getTimerCount()).toBe(0);
  const ends = [feed.subscribe(() => undefined), feed.subscribe(() => undefined)];
  expect(vi.getTimerCount()).toBe(1);
  for (const end of ends) end();
  expect(vi.getTimerCount()).toBe(0);
});

test('a timer that comes late leaves ticks out, and says no tick twice', () => {
  let nowMs = NOON;
  const heard: (readonly Quote[])[] = [];
  const end = new SimulatedFeed(() => nowMs).subscribe((quotes) => heard.push(quotes));
  vi.advanceTimersByTime(TICK_MS);
  vi.advanceTimersByTime(TICK_MS);
  expect(heard).toHaveLength(1);
  nowMs += 10 * TICK_MS;
  vi.advanceTimersByTime(TICK_MS);
  expect(heard.at(-1)?.[0]?.cents).toBe(priceAt(0, tickAt(NOON) + 10));
  expect(heard).toHaveLength(2);
  end();
});

test('the last minute ends with the price now, and the day begins at midnight', () => {
  const feed = new SimulatedFeed();
  const history = feed.history(3, 60);
  expect(history).toHaveLength(60);
  expect(history.at(-1)).toBe(feed.price(3));
  expect(history[0]).toBe(priceAt(3, tickAt(NOON - 59_000)));
  expect(feed.opening(3)).toBe(priceAt(3, tickAt(Date.UTC(2026, 2, 4))));
  const { session } = feed;
  vi.setSystemTime(Date.UTC(2026, 2, 5));
  expect(feed.session).not.toBe(session);
});
