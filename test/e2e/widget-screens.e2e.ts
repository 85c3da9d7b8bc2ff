// What people see, and what a screen reader is told: every state in every way of looking at it, compared with pictures and
// trees that somebody has looked at. UPDATE_SCREENS=1 writes them anew.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/browser.ts';
import { compareTextWithKept, compareWithKept } from '../support/picture.ts';
import { loadStageFonts } from '../support/stage-fonts.ts';
import type { StageServer } from '../support/widget-stage/server.ts';
import { serveStage } from '../support/widget-stage/server.ts';

const NOW = new Date(2026, 5, 17, 12, 30);

/** Those of test/support/widget-stage/states.ts. */
const STATES = [
  'loading',
  'empty',
  'conversation',
  'unsent',
  'denied',
  'reading',
  'toolbar',
  'palette',
  'message menu',
  'replying',
  'menu',
  'people',
  'sanctions',
  'search',
  'moderated',
  'slow',
  'launcher',
  'open launcher',
] as const;

interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
  readonly lang?: string;
  readonly width?: number;
}

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { forcedColors: 'active' },
  rtl: { lang: 'ar' },
  narrow: { width: 320 },
} as const satisfies Record<string, Look>;

let browser: Browser;
let server: StageServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), serveStage()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), server.close()]);
});

async function open({ width = 420, colorScheme = 'light', forcedColors = 'none' }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 600 },
    colorScheme,
    forcedColors,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.clock.install({ time: NOW });
  await page.goto(server.url);
  await page.waitForFunction(() => 'stage' in globalThis);
  await loadStageFonts(page);
  return page;
}

async function show(page: Page, state: (typeof STATES)[number], lang: string): Promise<void> {
  await page.evaluate(
    ([name, language]) => (globalThis as unknown as { stage(name: string, lang: string): Promise<void> }).stage(name, language),
    [state, lang] as const,
  );
  // What appears after a time, appears now.
  await page.clock.runFor(2_100);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

describe.each(Object.entries(LOOKS))('%s', (look, options) => {
  test('every state looks as it was meant to', async () => {
    const page = await open(options);
    const lang = 'lang' in options ? options.lang : 'en';
    const faults: string[] = [];
    for (const state of STATES) {
      await show(page, state, lang);
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      const fault = compareWithKept(`${look}/${state.replaceAll(' ', '-')}`, picture);
      if (fault !== undefined) faults.push(fault);
    }
    await page.context().close();
    expect(faults).toEqual([]);
  });
});

test('the palette is within the narrowest window, and each of its reactions within the palette', async () => {
  const page = await open(LOOKS.narrow);
  await show(page, 'palette', 'en');
  const edges = await page
    .locator('.popover, .palette .tool')
    .evaluateAll((elements) =>
      elements.map((element) => element.getBoundingClientRect()).map(({ left, right }) => [left, right]),
    );
  const [[left, right] = [], ...tools] = edges;
  expect([left, right]).toEqual([8, LOOKS.narrow.width - 8]);
  expect(tools).toHaveLength(7);
  for (const [start, end] of tools) {
    expect(start).toBeGreaterThan(8);
    expect(end).toBeLessThan(LOOKS.narrow.width - 8);
  }
  await page.context().close();
});

test('every state is told to a screen reader as it was meant to', async () => {
  const page = await open(LOOKS.light);
  for (const state of STATES) {
    await show(page, state, 'en');
    const { kept, seen } = compareTextWithKept(
      `aria/${state.replaceAll(' ', '-')}.yml`,
      await page.locator('body').ariaSnapshot(),
    );
    expect(seen, state).toBe(kept);
  }
  await page.context().close();
});
