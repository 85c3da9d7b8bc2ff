// A shared document as people meet it: two pages that type at once, a network that is gone, a restart, a third who comes later.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gallery, GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery, startGallery } from '../support/gallery.ts';

const PATH = '/gallery/document/';

// Chromium says so of each attempt without a network.
const stage = openGallery({ tolerated: 'ERR_INTERNET_DISCONNECTED' });

async function open(name: string): Promise<Page> {
  const visitor = await stage.visit(PATH, name);
  await loaded(visitor.page);
  return visitor.page;
}

async function loaded(page: Page): Promise<void> {
  await page.locator('#stored[data-state="stored"]').waitFor();
  await box(page).and(page.locator('[contenteditable="true"]')).waitFor();
}

function box(page: Page) {
  return page.getByRole('textbox', { name: 'Text' });
}

/** Resolves once the text on the page has all of these. */
async function shows(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await box(page).filter({ hasText: text }).waitFor();
}

function stored(page: Page, state: 'stored' | 'waiting' = 'stored'): Promise<void> {
  return page.locator(`#stored[data-state="${state}"]`).waitFor();
}

/** The lines as they are on the page, without anybody's cursor. */
function lines(page: Page): Promise<string[]> {
  return box(page).evaluate((element) =>
    Array.from(element.querySelectorAll('.cm-line'), (line) => {
      const copy = line.cloneNode(true) as Element;
      for (const theirs of copy.querySelectorAll('.cm-theirs')) theirs.remove();
      return copy.textContent ?? '';
    }),
  );
}

/** What the page says of the log. */
function noteOf(page: Page): Promise<string | null> {
  return page.locator('#log-note').textContent();
}

/** Events since the last snapshot. */
async function tailOf(page: Page): Promise<number> {
  return Number(/there were (\d+)/.exec((await noteOf(page)) ?? '')?.[1]);
}

async function typeLine(page: Page, line: string): Promise<void> {
  await box(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(`${line}\n`);
}

describe('the shared document', () => {
  test('two pages type at once, each sees the other, and by whom', async () => {
    const [ada, bob] = await Promise.all([open('Ada'), open('Bob')]);
    await Promise.all([typeLine(ada, '# What Ada says'), typeLine(bob, '# What Bob says')]);
    await Promise.all([stored(ada), stored(bob)]);
    await ada.locator('#people').getByText('Bob').waitFor();
    await bob.locator('#people').getByText('Ada').waitFor();
    await bob.locator('.cm-theirs', { hasText: 'Ada' }).waitFor();
    await ada.keyboard.type('The end.');
    await shows(bob, 'The end.');
    expect(await lines(bob)).toEqual(await lines(ada));
    const all = (await lines(ada)).join('');
    for (const letter of 'WhatAdasysBob') expect(all).toContain(letter);
  });

  test('what is written without a network, on both sides, and over a restart, is one text in the end', async () => {
    const [ada, bob] = await Promise.all([open('Ada'), open('Bob')]);
    await typeLine(ada, 'before');
    await shows(bob, 'before');
    await ada.context().setOffline(true);
    await typeLine(ada, 'ada in a tunnel');
    await typeLine(bob, 'bob at a desk');
    await stored(bob);
    await stage.gallery.restart(async () => {
      await bob.locator('#connection[data-state="reconnecting"]').waitFor();
      await typeLine(bob, 'bob without a relay');
      await stored(bob, 'waiting');
    });
    await ada.context().setOffline(false);
    const said = ['before', 'ada in a tunnel', 'bob at a desk', 'bob without a relay'];
    for (const page of [ada, bob]) {
      await shows(page, ...said);
      await stored(page);
    }
    expect(await lines(ada)).toEqual(await lines(bob));
    const late = await open('Cara');
    await shows(late, ...said);
    expect(await lines(late)).toEqual(await lines(ada));
  });

  test('who comes after many events reads few of them', async () => {
    const ada = await open('Ada');
    await box(ada).focus();
    await ada.keyboard.press('Control+End');
    // One update at a time, until a snapshot covers them.
    for (let [before, tail] = [0, await tailOf(ada)]; before <= tail; [before, tail] = [tail, await tailOf(ada)]) {
      const note = await noteOf(ada);
      await ada.keyboard.type(tail % 60 === 59 ? '\n' : 'x');
      await ada.waitForFunction((text) => document.getElementById('log-note')?.textContent !== text, note);
    }
    await ada.keyboard.type('at last');
    await stored(ada);
    const late = await open('Cara');
    await shows(late, 'at last');
    const [read] = /\d+/.exec((await noteOf(late)) ?? '') ?? [];
    expect(Number(read)).toBeGreaterThan(0);
    expect(Number(read)).toBeLessThan(20);
    expect(await lines(late)).toEqual(await lines(ada));
  });

  test('what was not stored outlasts the page', async () => {
    const ada = await open('Ada');
    await stage.gallery.restart(async () => {
      await ada.locator('#connection[data-state="reconnecting"]').waitFor();
      await typeLine(ada, 'said to nobody');
      await stored(ada, 'waiting');
      await ada.evaluate(() => dispatchEvent(new Event('pagehide')));
      await ada.context().setOffline(true);
    });
    await ada.context().setOffline(false);
    await ada.reload();
    await loaded(ada);
    await shows(ada, 'said to nobody');
    const bob = await open('Bob');
    await shows(bob, 'said to nobody');
  });

  test('a document of one’s own is for whom its address was given, and keeps what is not stored to itself', async () => {
    const ada = await open('Ada');
    await ada.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ada.getByRole('link', { name: 'Begin one of your own' }).click();
    await ada.waitForURL(/\?name=/);
    await loaded(ada);
    const address = ada.url();
    await stage.gallery.restart(async () => {
      await ada.locator('#connection[data-state="reconnecting"]').waitFor();
      await typeLine(ada, 'for Bob alone');
      await stored(ada, 'waiting');
      await ada.evaluate(() => dispatchEvent(new Event('pagehide')));
      await ada.context().setOffline(true);
    });
    await ada.context().setOffline(false);
    await ada.goto(`${stage.gallery.url}${PATH}`);
    await loaded(ada);
    expect((await lines(ada)).join()).not.toContain('for Bob alone');
    await ada.goto(address);
    await shows(ada, 'for Bob alone');
    await stored(ada);
    await ada.getByRole('button', { name: 'Copy the address' }).click();
    await ada.getByText('Copied').waitFor();
    const copied = await ada.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(address);
    const bob = (await stage.visit(copied, 'Bob')).page;
    await shows(bob, 'for Bob alone');
  });

  test('by keyboard: each undoes what is their own, and Tab leads out of the text', async () => {
    const [ada, bob] = await Promise.all([open('Ada'), open('Bob')]);
    await typeLine(ada, 'hers to take back');
    await shows(bob, 'hers to take back');
    await typeLine(bob, 'his to keep');
    await shows(ada, 'his to keep');
    await ada.getByRole('button', { name: 'Undo' }).focus();
    await ada.keyboard.press('Enter');
    await box(bob).filter({ hasNotText: 'hers to take back' }).waitFor();
    await shows(ada, 'his to keep');
    await ada.keyboard.press('Control+y');
    await shows(bob, 'hers to take back');
    await ada.keyboard.press('Tab');
    expect(await ada.evaluate(() => document.activeElement?.id)).toBe('fresh');
  });

  test('a pasted book goes in pieces', async () => {
    const [ada, bob] = await Promise.all([open('Ada'), open('Bob')]);
    const book = Array.from({ length: 1_500 }, (_, i) => `Line ${i} of a long book, as long as such lines are.`).join('\n');
    await box(ada).focus();
    await ada.keyboard.press('Control+Home');
    await ada.evaluate((text) => {
      const target = document.getElementById('editor')?.shadowRoot?.activeElement;
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      target?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, book);
    await stored(ada);
    await shows(bob, 'Line 0 of a long book');
    expect(await bob.locator('#words').textContent()).toBe(await ada.locator('#words').textContent());
  });
});

const PICTURE = `# Lighthouse weekend

Meet at the **harbour at nine**, the ferry leaves at half past. It is _always_ windy out there.

## To bring

- a warm jacket, and something dry to change into
- sandwiches for the way: see [the list](https://example.org/list)
- binoculars, if you have a pair

> "The light is on from dusk, whether anybody looks or not."

Whoever comes later takes the boat at \`11:15\`.
`;

describe.each(['light', 'dark', 'narrow'] as const satisfies readonly GalleryLook[])('%s', (look) => {
  let own: Gallery;
  beforeAll(async () => {
    own = await startGallery();
  });
  afterAll(() => own.close());

  test('looks as it was meant to, and has nothing that shuts anybody out', async () => {
    const bob = await stage.visit(`${own.url}${PATH}`, 'Bob');
    await loaded(bob.page);
    await box(bob.page).focus();
    await bob.page.keyboard.insertText(PICTURE);
    await stored(bob.page);
    const page = await lookAt(stage.browser, `${own.url}${PATH}`, look);
    await loaded(page);
    await shows(page, 'whether anybody looks');
    for (let i = 0; i < 3; i++) await bob.page.keyboard.press('ArrowUp');
    await bob.page.keyboard.press('Shift+End');
    await page.locator('.cm-their-selection').first().waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await expectScreen(page, `document-${look}`, ['#people li:first-child i', '#log-note']);
    await page.context().close();
  });
});
