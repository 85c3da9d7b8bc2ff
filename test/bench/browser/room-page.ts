// A page with a chat on it, from a relay of its own, and who fills its rooms.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatClient } from '@chat-room/sdk';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { RelayProcess } from '../../support/relay-launch.ts';
import { launchRelay, listening } from '../../support/relay-launch.ts';

/** Publishes that wait for their reply at a time: below what the relay takes of one connection. */
const IN_FLIGHT = 100;

const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><body></body></html>';
/** A page that does not get there in this time has failed. */
const PATIENCE_MS = 180_000;

export interface Stage {
  readonly relay: RelayProcess;
  /** An empty page, of another origin than the relay: as the pages are that embed a chat. */
  readonly url: string;
  close(): Promise<void>;
}

/** A relay that lets one connection publish without a limit, with its data in a directory that goes with it. */
export async function openStage(): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'chat-room-browser-'));
  const args = ['--port', '0', '--host', '127.0.0.1', '--data', data, '--publish-rate', '0', '--log-level', 'info'];
  const relay = await listening(launchRelay({ args }));
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(PAGE));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    relay,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await relay.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Texts as people write them: of one line to five, a few with marks. */
function textOf(place: number): string {
  const words = `Message ${place}${' and some more words that wrap around'.repeat(place % 5)}`;
  return place % 10 === 0 ? `${words}, **see** \`code\` at https://example.com/${place}` : words;
}

/** Publishes so many messages, as several people would. */
export async function fillRoom({ relay }: Stage, room: string, count: number): Promise<void> {
  const people = ['Ada', 'Bob', 'Carl'].map((name) => new ChatClient({ url: relay.ws, user: { name } }));
  let next = 0;
  const work = async (client: ChatClient): Promise<void> => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + IN_FLIGHT);
      await Promise.all(Array.from({ length: next - first }, (_, i) => client.room(room).send(textOf(first + i + 1))));
    }
  };
  await Promise.all(people.map(work));
  await Promise.all(people.map((client) => client.close()));
}

export interface RoomPage {
  readonly page: Page;
  readonly devtools: CDPSession;
}

/** An empty page; `probe` runs in it before anything else. */
export async function openPage(browser: Browser, { url }: Stage, probe: () => void): Promise<RoomPage> {
  const context = await browser.newContext({ viewport: { width: 480, height: 700 } });
  const page = await context.newPage();
  await page.addInitScript(probe);
  await page.goto(url);
  return { page, devtools: await context.newCDPSession(page) };
}

/** Puts the chat into the page. Resolves with the milliseconds from then until the first message was painted, or the empty room. */
export function startChat(page: Page, { relay }: Stage, room: string): Promise<number> {
  const start = page.evaluate(
    async ([name, origin]) => {
      const started = performance.now();
      const script = document.createElement('script');
      script.type = 'module';
      script.src = `${origin}/widget.js`;
      const chat = document.createElement('chat-room');
      chat.setAttribute('room', name);
      chat.style.setProperty('--chat-room-height', '680px');
      document.body.append(chat, script);
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      while (!chat.shadowRoot?.querySelector('.message, .empty')) await frame();
      await frame(); // the one before has painted it
      return performance.now() - started;
    },
    [room, relay.http] as const,
  );
  return inTime(start, 'the chat does not start');
}

/** Rejects with one sentence where it takes far too long. */
export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`After ${PATIENCE_MS / 1_000} s ${what}.`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
