// Two people in two real browsers, on the pages that a real relay serves.

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Room } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium, Visitor } from '../support/browser.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';

let browser: Browser;
let data: string;
let relay: RelayProcess;
let proxy: FaultProxy;
const visitors: Visitor[] = [];

const spawn = (): Promise<RelayProcess> =>
  spawnRelay({ args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--publish-rate', '0'] });
const enter = async (room: string, name: string): Promise<Visitor> => {
  const visitor = await Visitor.enter(browser, `http://127.0.0.1:${proxy.port}/chat/${encodeURIComponent(room)}/`, name);
  visitors.push(visitor);
  return visitor;
};
const numbered = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `message ${first + i}`);

/** A page of another origin, with nothing in it but the two lines. */
async function serve(
  headersFor: (relayOrigin: string) => Record<string, string>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const relayOrigin = `http://127.0.0.1:${proxy.port}`;
  const lines = `<script type="module" src="${relayOrigin}/widget.js"></script>\n<chat-room room="lobby"></chat-room>`;
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 204, headersFor(relayOrigin));
    response.end(request.url === '/' ? lines : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

/** Every message of a room, page by page. */
async function wholeLog(room: Room): Promise<readonly Message[]> {
  let messages: readonly Message[] = [];
  for (let isWhole = false; !isWhole; ) {
    const before = messages[0]?.delivery;
    const page = await room.history({ limit: 200, ...(before?.state === 'stored' && { before: before.offset }) });
    messages = [...page.messages, ...messages];
    isWhole = page.atStart;
  }
  return messages;
}

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  data = temporaryDir();
  relay = await spawn();
  proxy = await startFaultProxy(relay.port);
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.context.close();
  await proxy.close();
  await relay.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

describe('the pages', () => {
  test('from the start page into a room: the box has the focus, Enter goes there, and the room is remembered', async () => {
    const visitor = await Visitor.enter(browser, `http://127.0.0.1:${proxy.port}/`);
    visitors.push(visitor);
    const { page } = visitor;
    const box = page.getByRole('textbox', { name: /room/i });
    await box.waitFor();
    expect(await box.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(true);
    await page.keyboard.type('大廳 <b>#1</b>');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/chat\/.+\/$/);
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe('/chat/大廳 <b>#1</b>/');
    await visitor.say('hello');
    await visitor.sees('hello');
    await page.goto(`http://127.0.0.1:${proxy.port}/`);
    await page.getByRole('link', { name: '大廳 <b>#1</b>' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test('a room whose name is no name says so', async () => {
    const visitor = await Visitor.enter(browser, `http://127.0.0.1:${proxy.port}/chat/%E0%A4%A/`);
    visitors.push(visitor);
    await visitor.page.getByText('No such room').waitFor();
  });
});

describe('two lines of HTML on a page of another origin', () => {
  test('bring a room there, in the place of the tag and under a strict policy, and in the same room as everybody', async () => {
    const host = await serve((relayOrigin) => ({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src ${relayOrigin}; connect-src ${relayOrigin.replace('http', 'ws')}; require-trusted-types-for 'script'`,
    }));
    const guest = await Visitor.enter(browser, host.url);
    visitors.push(guest);
    const ada = await enter('lobby', 'Ada');
    await ada.say('hello from the room page');
    await guest.sees('hello from the room page');
    await guest.say('hello from a page of my own');
    await ada.sees('hello from a page of my own');
    expect(guest.complaints).toEqual([]);
    await host.close();
  });
});

describe('two pages in a room', () => {
  test('they chat, under any room name, and neither page complains under its strict policy', async () => {
    const [ada, bob] = [await enter('Café 大廳', 'Ada'), await enter('Café 大廳', 'Bob')];
    await ada.say('hello Bob');
    await bob.sees('hello Bob');
    await bob.say('hello Ada');
    await ada.sees('hello Ada');
    await ada.page.getByText('2 members').waitFor();
    expect([ada.complaints, bob.complaints]).toEqual([[], []]);
  });

  test('what people write is shown as text, whatever it is', async () => {
    const [ada, bob] = [await enter('lobby', 'Ada'), await enter('lobby', '<i>Bob</i>')];
    const attack = '<img src=x onerror="document.title=1"><script>document.title=2</script> javascript:alert(1)';
    await bob.say(attack);
    await ada.sees(attack);
    expect(await ada.page.title()).toBe('lobby · chat-room');
    expect(await ada.page.getByRole('article').locator('img, script, a').count()).toBe(0);
  });

  test('a reload keeps the history, and the guest is the same person', async () => {
    const [ada, bob] = [await enter('lobby', 'Ada'), await enter('lobby', 'Bob')];
    for (const text of numbered(1, 5)) await ada.say(text);
    await bob.sees('message 5');
    await ada.page.reload();
    await ada.sees('message 5');
    expect(await ada.texts(/message \d+/)).toEqual(numbered(1, 5));
    await ada.say('message 6');
    await bob.sees('message 6');
    expect(await bob.page.locator('[part~="author"]').count()).toBe(1); // one group by one author, over the reload
  });

  test('[P4] one goes offline, 50 messages pass, it comes back and shows each once, in order', async () => {
    const [ada, bob] = [await enter('lobby', 'Ada'), await enter('lobby', 'Bob')];
    await ada.say('before');
    await bob.sees('before');
    // In Chromium an offline page keeps its socket and hears nothing; new ones fail. The cut makes it a whole outage.
    await bob.context.setOffline(true);
    const writer = new ChatClient({ url: relay.ws, user: { name: 'Cy' } });
    for (const text of numbered(1, 50)) await writer.room('lobby').send(text);
    proxy.cut();
    await bob.page.getByRole('textbox', { name: 'Message' }).fill('typed while away');
    await bob.page.keyboard.press('Enter');
    await bob.page.getByText('typed while away').first().waitFor();
    await bob.context.setOffline(false);
    await bob.sees('message 50');
    await ada.sees('typed while away');
    expect(await bob.texts(/message \d+/)).toEqual(numbered(1, 50));
    expect(await ada.texts(/message \d+|typed while away/)).toEqual([...numbered(1, 50), 'typed while away']);
    await writer.close();
  });

  test('[P1] [P2] [P3] [P4] the relay is killed in mid-flow: pages recover by themselves, what was acknowledged or typed is there once', async () => {
    const [ada, bob] = [await enter('lobby', 'Ada'), await enter('lobby', 'Bob')];
    const writer = new ChatClient({ url: `ws://127.0.0.1:${proxy.port}/ws`, user: { name: 'Cy' } });
    const load = numbered(1, 400).map((text) => writer.room('lobby').send(text));
    await load[150];
    await relay.kill('SIGKILL');
    await ada.say('typed while the relay was down');
    relay = await spawn();
    proxy.target = relay.port;
    const receipts = await Promise.all(load);
    expect(new Set(receipts.map(({ offset }) => offset)).size).toBe(400);
    await ada.say('that was it');
    await Promise.all([ada.sees('that was it'), bob.sees('that was it')]);

    const log = await wholeLog(writer.room('lobby'));
    expect(log.map(({ text }) => text).filter((text) => text.startsWith('message '))).toEqual(numbered(1, 400));
    expect(log.filter(({ text }) => text === 'typed while the relay was down')).toHaveLength(1);
    const end = log.map(({ text }) => text);
    for (const visitor of [ada, bob]) {
      const shown = await visitor.texts(/message \d+|typed while the relay was down|that was it/);
      expect(shown.length).toBeGreaterThan(20);
      expect(shown).toEqual(end.slice(-shown.length));
    }
    await writer.close();
  });
});
