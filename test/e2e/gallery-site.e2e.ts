// The demo's site as a visitor meets it: the start page, a chat on an article, one without our code, the documentation.
import { describe, expect, test } from 'vitest';
import type { Visitor } from '../support/browser.ts';
import type { GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery } from '../support/gallery.ts';

const LOOKS: readonly GalleryLook[] = ['light', 'dark', 'narrow'];

// While the relay is away, whatever a page wants to load just then fails; it comes back to it.
const stage = openGallery({ tolerated: 'ERR_CONNECTION_REFUSED' });

function open(path: string, name?: string): Promise<Visitor> {
  return stage.visit(path, name);
}

describe('the start page', () => {
  test('enters a room by its name, chats in the one on the page, and leads to every page of the gallery', async () => {
    const ada = await open('/', 'Ada');
    const bob = await open('/chat/lobby/', 'Bob');
    await ada.say('hello from the start page');
    await bob.sees('hello from the start page');

    const links = await ada.page
      .locator('.tile a, .onward a, header a')
      .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
    expect(links.length).toBeGreaterThan(5);
    for (const link of new Set(links)) expect((await ada.page.request.get(link)).status(), link).toBe(200);

    const box = ada.page.getByRole('textbox', { name: /room/i });
    await box.fill('garden');
    await box.press('Enter');
    await ada.page.waitForURL(/\/chat\/garden\/$/);
  });

  test('a tile that is pointed at runs its page, until it is left', async () => {
    const { page } = await open('/');
    const tile = page.locator('.tile').first();
    await tile.hover();
    await page.frameLocator('.tile iframe').locator('#connection[data-state]').waitFor({ state: 'attached' });
    await page.mouse.move(0, 0);
    await page.locator('.tile iframe').waitFor({ state: 'detached' });
  });
});

describe('the chat without our code', () => {
  test('is in the same room as the widget, and comes back after a restart', async () => {
    const plain = await open('/gallery/plain/');
    const ada = await open('/chat/lobby/', 'Ada');
    await plain.page.getByText('Live').waitFor();
    await ada.say('can you read me?');
    await plain.page.getByRole('log').getByText('can you read me?').waitFor();

    await stage.gallery.restart(() => plain.page.getByText('Reconnecting…').waitFor());
    await plain.page.getByText('Live', { exact: true }).waitFor();
    await plain.page.getByRole('textbox', { name: 'Message' }).fill('still here');
    await plain.page.keyboard.press('Enter');
    await ada.sees('still here');
  });

  test('its source is the page beside it, whole', async () => {
    const { page } = await open('/gallery/plain/');
    await page.getByRole('link', { name: /source/ }).click();
    await page.waitForURL(/\/gallery\/plain\/source\/$/);
    expect(await page.locator('pre').first().textContent()).toContain('new WebSocket(');
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain('page.ts');
  });
});

test('the chat on an article opens from its bubble, and two readers meet', async () => {
  const [ada, bob] = [await open('/gallery/article/', 'Ada'), await open('/gallery/article/', 'Bob')];
  for (const { page } of [ada, bob]) await page.getByRole('button', { name: /chat/i }).click();
  await ada.say('what a harbour');
  await bob.sees('what a harbour');
  await bob.page.locator('#connection[data-state="live"]').waitFor();
});

describe('the documentation', () => {
  test('is searched, and leads to where it stands', async () => {
    const { page } = await open('/docs/');
    await page.keyboard.press('/');
    await page.keyboard.type('backup');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/docs\/operate\/#backup$/);
  });

  test('an address without its last slash leads to the page', async () => {
    const { page } = await open('/docs/sdk');
    expect(new URL(page.url()).pathname).toBe('/docs/sdk/');
  });
});

describe.each(LOOKS)('%s', (look) => {
  test.each([
    ['home', '/'],
    ['plain', '/gallery/plain/'],
    ['article', '/gallery/article/'],
    ['source', '/gallery/plain/source/'],
    ['docs', '/docs/consumers/'],
  ])('%s looks as it was meant to, and has nothing that shuts anybody out', async (name, path) => {
    const page = await lookAt(stage.browser, `${stage.gallery.url}${path}`, look);
    const badge = page.locator('#connection[data-state="live"], chat-room');
    if (name === 'plain') await badge.waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await expectScreen(page, `${name}-${look}`, name === 'home' ? ['chat-room', '.code', '.preview'] : []);
    await page.context().close();
  });
});
