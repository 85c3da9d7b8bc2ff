// A real Chromium, driven as a person would.

import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('No Chromium: install it (apt-get install chromium), or name it in CHROMIUM.');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}

/** One person with a browser of their own, in a room. Everything is found by role and name, as assistive technology finds it. */
export class Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page had to complain about: a page of ours has nothing to complain about. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('WebSocket connection')) this.complaints.push(message.text());
    });
  }

  static async enter(browser: Browser, url: string, name?: string): Promise<Visitor> {
    const context = await browser.newContext();
    if (name !== undefined) await context.addInitScript((value) => localStorage.setItem('chat-room.name', value), name);
    const visitor = new Visitor(context, await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  async say(text: string): Promise<void> {
    const box = this.page.getByRole('textbox', { name: 'Message' });
    await box.fill(text);
    await box.press('Enter');
  }

  /** Resolves once a message with this text is on the page, stored. */
  async sees(text: string): Promise<void> {
    await this.page.getByRole('article').filter({ hasText: text }).first().waitFor();
  }

  /** The texts of the messages on the page that match, in the order in which they stand. */
  async texts(pattern: RegExp): Promise<string[]> {
    const articles = await this.page.getByRole('article').allTextContents();
    return articles.flatMap((text) => pattern.exec(text)?.[0] ?? []);
  }
}
