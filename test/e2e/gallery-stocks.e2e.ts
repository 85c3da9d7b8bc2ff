// The stock ticker as people meet it: two pages, a list to scroll, a slow reader, a restart, the keyboard.
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Quote } from '../../demo/gallery/stocks/conflation.ts';
import type { PriceFeed } from '../../demo/gallery/stocks/consumer/price-feed.ts';
import { stocksRoutesOf } from '../../demo/gallery/stocks/consumer.ts';
import { LISTINGS } from '../../demo/gallery/stocks/listings.ts';
import { openingTick, priceAt, tickAt } from '../../demo/gallery/stocks/simulator.ts';
import type { GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery } from '../support/gallery.ts';
import type { RunningRelay } from '../support/relay-fixture.ts';
import { startRelay } from '../support/relay-fixture.ts';

const PATH = '/gallery/stocks/';

const stage = openGallery();

async function open(): Promise<Page> {
  const visitor = await stage.visit(PATH);
  await visitor.page.locator('#connection[data-state="live"]').waitFor();
  return visitor.page;
}

/** Resolves once a figure of the page is one that `is` wants. */
async function figure(
  page: Page,
  id: 'watched' | 'rate' | 'replaced' | 'renders',
  is: (value: number) => boolean,
): Promise<void> {
  for (;;) {
    const text = await page.locator(`#${id}`).textContent();
    if (is(Number(text?.replaceAll(',', '')))) return;
    await page.locator(`#${id}`).evaluate(
      (element) =>
        new Promise<void>((resolve) => {
          new MutationObserver(() => resolve()).observe(element, { childList: true, characterData: true, subtree: true });
        }),
    );
  }
}

/** The first ten prices that a row shows from now on, as text. */
function pricesShown(page: Page, symbol: string): Promise<readonly string[]> {
  return page.locator(`li[data-symbol="${symbol}"] .cents`).evaluate(
    (element) =>
      new Promise<readonly string[]>((resolve) => {
        const shown: string[] = [];
        new MutationObserver(() => {
          shown.push(element.textContent);
          if (shown.length >= 10) resolve(shown);
        }).observe(element, { childList: true, characterData: true, subtree: true });
      }),
  );
}

describe('the stock ticker', () => {
  test('two pages show the prices of one market', async () => {
    const [ada, bob] = [await open(), await open()];
    const from = tickAt(Date.now()) - 40;
    const symbol = LISTINGS[0]?.symbol ?? '';
    const shown = await Promise.all([pricesShown(ada, symbol), pricesShown(bob, symbol)]);
    const until = tickAt(Date.now()) + 1;
    const real = new Set(
      Array.from({ length: until - from }, (_, i) =>
        (priceAt(0, from + i) / 100).toLocaleString('en', { minimumFractionDigits: 2 }),
      ),
    );
    for (const price of shown.flat()) expect(real).toContain(price);
  });

  test('asks for all while the map is in view, and for what is in view and on the watch list below it', async () => {
    const page = await open();
    await figure(page, 'watched', (count) => count === 500);
    await figure(page, 'rate', (count) => count > 2_000);
    await page.getByRole('button', { name: 'Watch Aurora Air' }).click();
    await page.locator('li').nth(300).scrollIntoViewIfNeeded();
    await figure(page, 'watched', (count) => count > 1 && count < 60);
    expect(await page.locator('li').nth(300).locator('.cents').textContent()).toMatch(/\d/);
    await page.locator('li').nth(300).locator('.spark path[d*="L"]').waitFor({ state: 'attached' });
  });

  test('a page that reads slowly is left out prices, and shows the latest', async () => {
    const page = await open();
    await page.getByRole('radio', { name: 'Very slow' }).check({ force: true });
    await figure(page, 'replaced', (count) => count > 1_000);
    await page.getByRole('radio', { name: 'Fast' }).check({ force: true });
    await figure(page, 'replaced', (count) => count === 0);
    await figure(page, 'rate', (count) => count > 2_000);
  });

  test('goes on after a restart, in the same page', async () => {
    const page = await open();
    await page.evaluate(() => {
      document.title = 'not loaded again';
    });
    await stage.gallery.restart(() => page.locator('#connection[data-state="reconnecting"]').waitFor());
    await page.locator('#connection[data-state="live"]').waitFor();
    await pricesShown(page, LISTINGS[1]?.symbol ?? '');
    expect(await page.title()).toBe('not loaded again');
  });

  test('is used without a pointer: search, watch, and find it again after a reload', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('zephyr op');
    const rows = page.getByRole('list', { name: 'Companies' }).getByRole('listitem');
    await rows.filter({ visible: true }).getByText('Zephyr Optics').waitFor();
    expect(await rows.filter({ visible: true }).count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Watch list (1)' }).waitFor();

    await page.reload();
    const only = page.getByRole('button', { name: 'Watch list (1)' });
    await only.focus();
    await page.keyboard.press('Enter');
    await rows.filter({ visible: true }).getByText('Zephyr Optics').waitFor();
    expect(await rows.filter({ visible: true }).count()).toBe(1);
    await page.getByRole('searchbox').fill('nobody');
    await page.getByRole('status').filter({ hasText: 'No company is called that.' }).waitFor();
  });
});

/** The same afternoon for every picture: prices that move for two seconds, and stand still then. */
class StillFeed implements PriceFeed {
  readonly session = 'today';
  readonly listings = LISTINGS;
  readonly #tick = tickAt(Date.UTC(2026, 2, 4, 15, 30));

  subscribe(listener: (quotes: readonly Quote[]) => void): () => void {
    let left = 40;
    const timer = setInterval(() => {
      left = Math.max(0, left - 1);
      listener(this.listings.map((_, listing) => ({ listing, cents: priceAt(listing, this.#tick - left) })));
    }, 50);
    return () => clearInterval(timer);
  }
  price(listing: number): number {
    return priceAt(listing, this.#tick);
  }
  opening(listing: number): number {
    return priceAt(listing, openingTick(this.#tick));
  }
  history(listing: number, seconds: number): readonly number[] {
    return Array.from({ length: seconds }, (_, i) => priceAt(listing, this.#tick - (seconds - 1 - i) * 20));
  }
}

describe.each(['light', 'dark', 'narrow'] as const satisfies readonly GalleryLook[])('%s', (look) => {
  let running: RunningRelay;
  beforeAll(async () => {
    const publicDir = fileURLToPath(new URL('../../demo/dist/public', import.meta.url));
    running = await startRelay({ routes: stocksRoutesOf(new StillFeed()), publicDir });
  });
  afterAll(() => running.stop());

  test('looks as it was meant to, and has nothing that shuts anybody out', async () => {
    const page = await lookAt(stage.browser, `${running.http}${PATH}`, look);
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator('.spark path[d*="L"]').first().waitFor({ state: 'attached' });
    await page.locator('#rows [data-move]').first().waitFor();
    await figure(page, 'rate', (count) => count > 2_000);
    expect(await axeFaults(page)).toEqual([]);
    // What is measured is this machine's, and just now that of axe at work.
    await page.locator('.figures').evaluate((figures) => {
      for (const [i, text] of ['500', '10,000', '0', '20'].entries()) {
        const measured = figures.querySelectorAll('dd[id]')[i] as HTMLElement;
        const shown = document.createElement('dd');
        shown.textContent = text;
        measured.hidden = true;
        measured.before(shown);
      }
    });
    await expectScreen(page, `stocks-${look}`);
    await page.context().close();
  });
});
