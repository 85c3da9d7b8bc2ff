// The widget where people meet it: on the pages of a real relay, over reloads, and in a page that comes and goes.
import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium, Visitor } from '../support/browser.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';

let browser: Browser;
let relay: RelayProcess;
let proxy: FaultProxy;
let data: string;
const visitors: Visitor[] = [];

beforeAll(async () => {
  data = temporaryDir();
  [browser, relay] = await Promise.all([
    launchChromium(),
    spawnRelay({ args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--publish-rate', '0'] }),
  ]);
  proxy = await startFaultProxy(relay.port);
});
afterEach(async () => {
  for (const { context } of visitors.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
  await relay.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

async function enter(room: string, name: string): Promise<Visitor> {
  const visitor = await Visitor.enter(browser, `http://127.0.0.1:${proxy.port}/chat/${room}/`, name);
  visitors.push(visitor);
  await visitor.page.getByRole('textbox', { name: 'Message' }).waitFor();
  return visitor;
}

function article(page: Page, text: string): ReturnType<Page['locator']> {
  return page.getByRole('article').filter({ hasText: text });
}

test('a message that could not be sent is there after a reload, and is sent once', async () => {
  const ada = await enter('outbox', 'Ada');
  const bob = await enter('outbox', 'Bob');
  await ada.say('before');
  await bob.sees('before');
  proxy.stall(); // the network is gone without a word
  await ada.say('written while offline');
  await article(ada.page, 'written while offline').waitFor();
  await ada.page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('chat-room:outbox:')));
  proxy.cut();
  proxy.resume();
  await ada.page.reload();
  await bob.sees('written while offline');
  await expect.poll(() => article(ada.page, 'written while offline').count()).toBe(1);
  await expect.poll(() => article(bob.page, 'written while offline').count()).toBe(1);
});

test('an image goes from one person to another, and has its place before it has loaded', async () => {
  const ada = await enter('images', 'Ada');
  const bob = await enter('images', 'Bob');
  const buffer = PNG.sync.write(new PNG({ width: 600, height: 300 }));
  const [chooser] = await Promise.all([
    ada.page.waitForEvent('filechooser'),
    ada.page.getByRole('button', { name: 'Attach a file' }).click(),
  ]);
  await chooser.setFiles({ name: 'plan.png', mimeType: 'image/png', buffer });
  await ada.page.getByText('plan.png').waitFor();
  await ada.page.getByRole('button', { name: 'Send message' }).click();
  const image = bob.page.getByRole('button', { name: 'Image: plan.png' });
  await image.waitFor();
  const box = await image
    .locator('img')
    .evaluate((img: HTMLImageElement) => [img.getAttribute('width'), img.getAttribute('height')]);
  expect(box).toEqual(['320', '160']);
  await image.click();
  await bob.page.getByRole('dialog', { name: 'Image: plan.png' }).waitFor();
  await bob.page.keyboard.press('Escape');
  await bob.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await image.evaluate((opener) => (opener.getRootNode() as ShadowRoot).activeElement === opener)).toBe(true);
  expect([...ada.complaints, ...bob.complaints]).toEqual([]);
});

test('a message is copied as it was written', async () => {
  const ada = await enter('copies', 'Ada');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.say('**one** `two` https://example.com/');
  await article(ada.page, 'two').hover();
  await ada.page.getByRole('button', { name: 'More', exact: true }).click();
  await ada.page.getByRole('menuitem', { name: 'Copy' }).click();
  await ada.page.getByText('Copied').waitFor();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('**one** `two` https://example.com/');
});

test('a chat opens in a window of its own, with the same name and in the same room', async () => {
  const ada = await enter('windows', 'Ada');
  await ada.page.getByRole('button', { name: 'Menu' }).click();
  const [popout] = await Promise.all([
    ada.page.waitForEvent('popup'),
    ada.page.getByRole('menuitem', { name: 'Open in a window' }).click(),
  ]);
  const box = popout.getByRole('textbox', { name: 'Message' });
  await box.fill('from the window');
  await box.press('Enter');
  await ada.sees('from the window');
  expect(await article(popout, 'from the window').getAttribute('aria-label')).toMatch(/^You/u);
});

test('a hundred chats that came and went leave nothing behind', async () => {
  const ada = await enter('leaks', 'Ada');
  const { page } = ada;
  const mountAndRemove = (times: number): Promise<void> =>
    page.evaluate(async (count) => {
      for (let i = 0; i < count; i++) {
        const chat = document.createElement('chat-room');
        chat.setAttribute('room', `leak-${i % 3}`);
        document.body.append(chat);
        await new Promise((resolve) => chat.addEventListener('chat-room-ready', resolve, { once: true }));
        chat.remove();
        await new Promise((resolve) => setTimeout(resolve));
      }
    }, times);
  const count = async (): Promise<number> => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { result } = await session.send('Runtime.evaluate', { expression: "customElements.get('chat-room').prototype" });
    const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
    const { result: length } = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length; }',
    });
    await session.detach();
    return Number(length.value);
  };
  await mountAndRemove(100);
  // The page's own. The last of the others is held until its socket has closed and its frame has come.
  await expect.poll(count, { timeout: 30_000 }).toBe(1);
});

test('the theme editor shows what it is given, and prints the HTML for it', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${proxy.port}/theme/`);
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByLabel('--chat-room-accent', { exact: true }).fill('#c2255c');
  await page.getByLabel('theme', { exact: true }).selectOption('dark');
  await page.getByLabel('footer', { exact: true }).check();
  const html = page.locator('#html');
  await expect.poll(() => html.textContent()).toContain('theme="dark" style="--chat-room-accent: #c2255c"');
  expect(await html.textContent()).toContain('<div slot="footer">');
  const colour = await page
    .locator('chat-room .avatar')
    .first()
    .evaluate(() => getComputedStyle(document.querySelector('#chat') as Element).getPropertyValue('--chat-room-accent'));
  expect(colour.trim()).toBe('#c2255c');
  await page.getByLabel('outline', { exact: true }).selectOption('composer');
  const outline = await page.locator('chat-room [part=composer]').evaluate((element) => getComputedStyle(element).outlineWidth);
  expect(outline).toBe('3px');
  expect(complaints).toEqual([]);
  await context.close();
});
