// Bullet comments as people meet them: two pages, a seek bar, two hundred comments a second, a restart, the keyboard, no motion.
import { ChatClient } from '@chat-room/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gallery, GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery, startGallery } from '../support/gallery.ts';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.ts';

const PATH = '/gallery/danmaku/';
/** How many fly, and how many were left out. */
const COUNTS = /^(\d+) flying · ([\d,]+) left out/;

const stage = openGallery({ start: () => startGallery({ CHAT_ROOM_JWT_SECRET: TOKEN_SECRET }) });

async function open(path = PATH, name?: string, { url } = stage.gallery): Promise<Page> {
  const visitor = await stage.visit(`${url}${path}`, name);
  if (path === PATH) await live(visitor.page);
  return visitor.page;
}

function live(page: Page): Promise<void> {
  return page.locator('#connection[data-state="live"]').waitFor();
}

/** Pauses the film at a second of it. */
async function pauseAt(page: Page, second: number): Promise<void> {
  const pause = page.getByRole('button', { name: 'Pause' });
  if (await pause.isVisible()) await pause.click();
  await page.getByRole('slider', { name: 'Place in the film' }).fill(String(second));
}

function say(page: Page, text: string): Promise<void> {
  return page
    .getByRole('textbox', { name: 'Comment' })
    .fill(text)
    .then(() => page.keyboard.press('Enter'));
}

function saidHere(page: Page, text: string) {
  return page.getByRole('list').getByRole('listitem').filter({ hasText: text });
}

/** Resolves with the first counts that `is` wants. */
async function counts(page: Page, is: (flying: number, leftOut: number) => boolean): Promise<readonly [number, number]> {
  for (;;) {
    const [, flying = '', leftOut = ''] = COUNTS.exec((await page.locator('#counts').textContent()) ?? '') ?? [];
    const found = [Number(flying), Number(leftOut.replaceAll(',', ''))] as const;
    if (flying !== '' && is(...found)) return found;
    await page.locator('#counts').evaluate(
      (element) =>
        new Promise<void>((resolve) => {
          new MutationObserver(() => resolve()).observe(element, { childList: true });
        }),
    );
  }
}

/** Somebody whose id is the same in each run. */
async function person({ url }: Gallery, name: string): Promise<ChatClient> {
  const token = await tokenFor({ sub: name.toLowerCase(), name, exp: 4_000_000_000, rooms: { '*': ['read', 'write'] } });
  return new ChatClient({ url: `${url.replace('http', 'ws')}/ws`, token });
}

/** Comments with their times in the film. */
async function saidBefore(
  where: Gallery,
  comments: readonly (readonly [name: string, atMs: number, text: string])[],
): Promise<void> {
  for (const [name, at, text] of comments) {
    const client = await person(where, name);
    await client.room('danmaku').send(text, { data: { at } });
    await client.close();
  }
}

describe('bullet comments', () => {
  test('what one says flies in the other, and is in the room for everybody', async () => {
    const [ada, bob] = [await open(), await open()];
    const chat = await open('/chat/danmaku/', 'Cara');
    await say(ada, 'look, the ferry');
    await counts(bob, (flying) => flying > 0);
    await counts(ada, (flying) => flying > 0);
    await chat.getByRole('article').filter({ hasText: 'look, the ferry' }).waitFor();
  });

  test('the log is replayed at its time: not before, and again for who comes later', async () => {
    const empty = await startGallery({ CHAT_ROOM_JWT_SECRET: TOKEN_SECRET });
    await saidBefore(empty, [['Ada', 40_000, 'at forty seconds']]);
    const page = await open(PATH, undefined, empty);
    await pauseAt(page, 41);
    await saidHere(page, 'at forty seconds').waitFor();
    await counts(page, (flying) => flying === 1);
    await pauseAt(page, 39);
    await saidHere(page, 'at forty seconds').waitFor({ state: 'detached' });
    await counts(page, (flying) => flying === 0);
    await page.getByRole('button', { name: 'Play' }).click();
    await saidHere(page, 'at forty seconds').waitFor();
    await page.context().close();
    await empty.close();
  });

  test('what its author deletes is gone from the film too', async () => {
    const ada = await person(stage.gallery, 'Ada');
    const { id } = await ada.room('danmaku').send('that was a mistake', { data: { at: 90_000 } });
    const page = await open();
    await pauseAt(page, 91);
    await saidHere(page, 'that was a mistake').waitFor();
    await ada.room('danmaku').delete(id);
    await saidHere(page, 'that was a mistake').waitFor({ state: 'detached' });
    await ada.close();
  });

  test('of two hundred a second those fly that have a lane, and the rest is counted', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Try 200/s' }).click();
    const [full] = await counts(page, (flying, leftOut) => flying > 20 && leftOut > 500);
    await page.getByRole('radio', { name: 'Few' }).check({ force: true });
    await counts(page, (flying) => flying > 0 && flying < full / 2);
    await page.getByRole('button', { name: 'Comments', exact: true }).click();
    await counts(page, (flying) => flying === 0);
  });

  test('goes on after a restart, in the same page, and what was written meanwhile is said then', async () => {
    const [ada, bob] = [await open(), await open()];
    await stage.gallery.restart(async () => {
      await ada.locator('#connection[data-state="reconnecting"]').waitFor();
      await say(ada, 'written without a relay');
    });
    await Promise.all([live(ada), live(bob)]);
    await counts(bob, (flying) => flying > 0);
    await pauseAt(bob, 120);
    await saidHere(bob, 'written without a relay').waitFor();
  });

  test('is used without a pointer', async () => {
    const page = await open();
    await page.locator('body').press('Space');
    const play = page.getByRole('button', { name: 'Play' });
    await play.waitFor();
    const slider = page.getByRole('slider', { name: 'Place in the film' });
    await slider.press('End');
    expect(await slider.getAttribute('aria-valuetext')).toBe('1:59');
    await page.keyboard.press('/');
    await page.keyboard.type('typed, m and all');
    await page.keyboard.press('Enter');
    await saidHere(page, 'typed, m and all').waitFor();
    await slider.press('Home');
    await saidHere(page, 'typed, m and all').waitFor({ state: 'detached' });
    await slider.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('0:01');
    await page.getByRole('button', { name: 'Live' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('for who wants no motion nothing flies, and the list says all', async () => {
    const context = await stage.browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${stage.gallery.url}${PATH}`);
    await live(page);
    await pauseAt(page, 60);
    await say(page, 'in the list');
    await saidHere(page, 'in the list').waitFor();
    await page.getByText('Comments do not fly here').waitFor();
    expect(await page.locator('#overlay').isVisible()).toBe(false);
    await context.close();
  });
});

const PICTURE: readonly (readonly [string, number, string])[] = [
  ['Ada', 55_000, 'the lights come on one by one'],
  ['Bob', 55_600, 'best seat in town'],
  ['Cara', 56_100, 'こんばんは!'],
  ['Dan', 56_700, 'here comes the ferry'],
  ['Ada', 57_200, 'my grandmother lived behind that window'],
  ['Eve', 57_900, 'wow'],
  ['Finn', 58_300, 'turn the sound of the waves up'],
  ['Gwen', 58_800, 'quelle vue'],
  ['Bob', 59_400, 'who lit the fireworks?'],
  ['Hugo', 60_100, '👏👏👏'],
  ['Ines', 60_600, 'again! again!'],
  ['Cara', 61_200, 'somebody built this moon with a single arc()'],
  ['Dan', 61_700, 'hello from the night shift'],
  ['Eve', 62_300, 'never seen it from this side'],
];

describe.each(['light', 'dark', 'narrow'] as const satisfies readonly GalleryLook[])('%s', (look) => {
  let own: Gallery;
  beforeAll(async () => {
    own = await startGallery({ CHAT_ROOM_JWT_SECRET: TOKEN_SECRET });
    await saidBefore(own, PICTURE);
  });
  afterAll(() => own.close());

  test('looks as it was meant to, and has nothing that shuts anybody out', async () => {
    const page = await lookAt(stage.browser, `${own.url}${PATH}`, look);
    await live(page);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await pauseAt(page, 63);
    await saidHere(page, 'never seen it').waitFor();
    await page.getByText(/ left out$/).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await expectScreen(page, `danmaku-${look}`);
    await page.context().close();
  });
});
