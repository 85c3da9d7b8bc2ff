// tail -f as people meet it: two pages, ten thousand lines a second, pause, search, a restart, the keyboard.
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appLine } from '../../demo/gallery/tail/demo-lines.ts';
import type { GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery, startGallery } from '../support/gallery.ts';
import { temporaryDir } from '../support/relay-fixture.ts';

const PATH = '/gallery/tail/';

let root: string;
let log: string;

beforeAll(() => {
  root = temporaryDir();
  mkdirSync(join(root, 'logs'));
  log = join(root, 'logs', 'app.log');
});
const stage = openGallery({ start: () => startGallery({ GALLERY_TAIL_DIR: join(root, 'logs') }) });
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(): Promise<Page> {
  const visitor = await stage.visit(PATH);
  await visitor.page.locator('#connection[data-state="live"]').waitFor();
  await visitor.page.getByRole('button', { name: 'app.log', exact: false }).waitFor();
  return visitor.page;
}

const lines = (page: Page) => page.getByRole('log');

describe('tail -f', () => {
  test('two pages see the same lines, and a rotation', async () => {
    writeFileSync(log, '\u001b[31mfirst\u001b[0m\n');
    const [ada, bob] = [await open(), await open()];
    for (const page of [ada, bob]) await lines(page).getByText('first').waitFor();
    appendFileSync(log, '<img src=x onerror=alert(1)>\n');
    for (const page of [ada, bob]) await lines(page).getByText('<img src=x onerror=alert(1)>').waitFor();
    renameSync(log, join(root, 'app.log.old'));
    writeFileSync(log, 'after\n');
    for (const page of [ada, bob]) {
      await lines(page).getByText('The file was rotated').waitFor();
      await lines(page).getByText('after').waitFor();
    }
  });

  test('a hundred thousand lines are a hundred elements, and the last of them is shown', async () => {
    writeFileSync(log, 'start\n');
    const page = await open();
    await lines(page).getByText('start').waitFor();
    for (let i = 0; i < 100; i++)
      appendFileSync(log, Array.from({ length: 1_000 }, (_, j) => `line ${i * 1_000 + j}\n`).join(''));
    await lines(page).getByText('line 99999', { exact: true }).waitFor();
    expect(await page.locator('.line').count()).toBeLessThan(100);
  });

  test('what comes while the page is paused waits, and is counted', async () => {
    writeFileSync(log, 'start\n');
    const page = await open();
    await lines(page).getByText('start').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    appendFileSync(log, 'one\ntwo\n');
    await page.getByRole('button', { name: 'Go on (2)' }).click();
    await lines(page).getByText('two').waitFor();
  });

  test('goes on after a restart, in the same page, with what was written meanwhile', async () => {
    writeFileSync(log, 'a\nb\nc\n');
    const page = await open();
    await lines(page).getByText('c', { exact: true }).waitFor();
    await stage.gallery.restart(async () => {
      await page.locator('#connection[data-state="reconnecting"]').waitFor();
      appendFileSync(log, 'meanwhile\n');
    });
    await lines(page).getByText('meanwhile').waitFor();
    expect(await page.locator('.line .text').allTextContents()).toEqual(['a', 'b', 'c', 'meanwhile']);
  });

  test('is used without a pointer: search, step, wrap, pause', async () => {
    writeFileSync(log, Array.from({ length: 500 }, (_, i) => `${i % 100 === 0 ? 'needle' : 'hay'} ${i}\n`).join(''));
    const page = await open();
    await lines(page).getByText('hay 499').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('NEEDLE');
    await page.locator('#found', { hasText: /^5$/ }).waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await lines(page).locator('.now mark', { hasText: 'needle' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#found', { hasText: '4 of 5' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'To the newest' }).focus();
    await page.keyboard.press('Enter');
    await lines(page).getByText('hay 499').waitFor();
    await page.keyboard.press('w');
    await page.locator('#wrap[aria-pressed="true"]').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Go on' }).waitFor();
  });
});

describe('how it looks', () => {
  test.each<GalleryLook>(['light', 'dark', 'narrow'])('%s', async (look) => {
    writeFileSync(log, Array.from({ length: 60 }, (_, i) => `${appLine(7_000_000_000 + i)}\n`).join(''));
    const page = await lookAt(stage.browser, `${stage.gallery.url}${PATH}`, look);
    await page.locator('.line').nth(20).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await expectScreen(page, `tail-${look}`, ['#status']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.context().close();
  });
});
