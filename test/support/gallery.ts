// The demo's own server as a process, and its pages in a real Chromium, in the looks in which people have them.

import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium, Visitor } from './browser.ts';
import { compareWithKept } from './picture.ts';
import { temporaryDir } from './relay-fixture.ts';
import type { RelayProcess } from './relay-process.ts';
import { spawnRelay } from './relay-process.ts';
import { loadStageFonts, STAGE_FACES, STAGE_FAMILIES, stageFontAt } from './stage-fonts.ts';

const SERVER = fileURLToPath(new URL('../../demo/dist/server/server.js', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** The demo's server on a port and with a directory of its own. */
export interface Gallery {
  readonly url: string;
  readonly port: number;
  /** The process that runs now. */
  readonly relay: RelayProcess;
  /** Kills the process and starts another on the same port and directory. `meanwhile` happens while there is none. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startGallery(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<Gallery> {
  const data = temporaryDir();
  const spawn = (port: number): Promise<RelayProcess> =>
    spawnRelay({ script: SERVER, env, args: ['--port', String(port), '--host', '127.0.0.1', '--data', data, ...args] });
  let relay = await spawn(0);
  const { port } = relay;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get relay() {
      return relay;
    },
    restart: async (meanwhile) => {
      await relay.kill('SIGKILL');
      await meanwhile?.();
      relay = await spawn(port);
    },
    close: async () => {
      await relay.kill('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const LOOKS = {
  light: { colorScheme: 'light', width: 1_120, height: 700 },
  dark: { colorScheme: 'dark', width: 1_120, height: 700 },
  narrow: { colorScheme: 'light', width: 360, height: 740 },
} as const;

export type GalleryLook = keyof typeof LOOKS;

/** A page of the gallery in one of the looks, in fonts that are the same on every machine. */
export async function lookAt(browser: Browser, url: string, look: GalleryLook): Promise<Page> {
  const { colorScheme, width, height } = LOOKS[look];
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    bypassCSP: true, // for the fonts: pages allow no style of anybody else
  });
  await context.route('**/stage-fonts/*', async (route) => {
    const font = stageFontAt(new URL(route.request().url()).pathname);
    if (font) await route.fulfill({ contentType: 'font/woff2', body: Buffer.from(font) });
    else await route.abort();
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.addStyleTag({ content: `${STAGE_FACES} * { font-family: ${STAGE_FAMILIES} !important; }` });
  await loadStageFonts(page);
  return page;
}

/** Compares what is seen with `test/screens/gallery/<name>.png`; `hidden` is what changes with each run. */
export async function expectScreen(page: Page, name: string, hidden: readonly string[] = []): Promise<void> {
  const mask = hidden.map((selector) => page.locator(selector));
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide', mask, maskColor: '#888888' });
  expect(compareWithKept(`gallery/${name}`, picture)).toBeUndefined();
}

/** What axe finds wrong on the page, a line each: nothing, on a page of ours. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE); // not added as a script: the page's own policy stays in force
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

export interface GalleryStage {
  readonly browser: Browser;
  readonly gallery: Gallery;
  /** One more person with a browser of their own, on a path of the gallery or at another address, until the test ends. */
  visit(address: string, name?: string): Promise<Visitor>;
}

export interface GalleryStageOptions {
  /** Default: the demo's server as it is delivered. */
  readonly start?: () => Promise<Gallery>;
  /** What browsers complain of though a page did nothing wrong: what a complaint contains. */
  readonly tolerated?: string;
}

/** For all tests of a file: one server and one browser. Whoever visits leaves with the test, and then no page may have complained. */
export function openGallery({ start = startGallery, tolerated }: GalleryStageOptions = {}): GalleryStage {
  let browser: Browser | undefined;
  let gallery: Gallery | undefined;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    [browser, gallery] = await Promise.all([launchChromium(), start()]);
  });
  afterAll(() => Promise.all([browser?.close(), gallery?.close()]));
  afterEach(async () => {
    for (const { context, complaints } of visitors.splice(0)) {
      await context.close();
      expect(complaints.filter((one) => tolerated === undefined || !one.includes(tolerated))).toEqual([]);
    }
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The gallery starts with the first test.');
    return value;
  };
  return {
    get browser() {
      return started(browser);
    },
    get gallery() {
      return started(gallery);
    },
    visit: async (address, name) => {
      const visitor = await Visitor.enter(started(browser), new URL(address, started(gallery).url).href, name);
      visitors.push(visitor);
      return visitor;
    },
  };
}
