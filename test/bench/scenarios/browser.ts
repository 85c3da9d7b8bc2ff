// What a reader's machine takes to show a chat, and a program's to take one in. Chromium, Node and the relay are real. The relay
// is one of the scenario's own, and nothing is bound to a core: it is the browser that is measured.

import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/browser.ts';
import { measureBurst } from '../browser/burst.ts';
import type { Stage } from '../browser/room-page.ts';
import { fillRoom, openPage, openStage, startChat } from '../browser/room-page.ts';
import { measureScroll } from '../browser/scroll.ts';
import { measureIntake } from '../browser/sdk-intake.ts';
import type { Effort, Figure, Outcome, Scenario } from './scenario.ts';

const ROOM = 'bench';
/** The longest log. */
const LOG: Readonly<Record<Effort, number>> = { tiny: 300, quick: 2_000, full: 10_000 };
const START_LOGS = [0, 100, 1_000, 10_000] as const;
const INTAKES = [10_000, 50_000] as const;

/** A thousand messages at once. */
export const browserBurst: Scenario = {
  ...ofTheBrowser([
    { key: 'longestTaskMs', title: 'longest task', unit: 'ms', better: 'less', digits: 0 },
    { key: 'tasksOver50Ms', title: 'tasks over 50 ms', unit: 'tasks', better: 'less', digits: 0 },
  ]),
  name: 'browser-burst',
  title: 'A burst of 1,000 messages in an open chat',
  about:
    'Chromium at a quarter of the processor’s speed. The browser tells of tasks from 50 ms on: 0 ms means that none was as long. (`<chat-room>` in a page of its own, its relay on the same machine.)',
  measure: () => inBrowser((browser, stage) => measureBurst(browser, stage, ROOM)),
};

/** Ten thousand messages under the wheel. */
export const browserScroll: Scenario = {
  ...ofTheBrowser([
    { key: 'longestMs', title: 'longest frame', unit: 'ms', better: 'less', digits: 1 },
    { key: 'framesOver33Ms', title: 'frames over 33 ms', unit: 'frames', better: 'less', digits: 0 },
    { key: 'p99Ms', title: 'p99', unit: 'ms', better: 'less', digits: 1 },
    { key: 'longestWorkMs', title: 'longest work in a frame', unit: 'ms', better: 'less', digits: 1 },
    { key: 'frames', title: 'frames', unit: 'frames', better: 'less', digits: 0 },
  ]),
  name: 'browser-scroll',
  title: 'Scrolling through 10,000 messages',
  about:
    'From the end up to the beginning, 600 px in each frame, while older pages are fetched; then down again. Without a graphics card. Work is script, styles and layout of a frame, without the wait for the screen.',
  measure: (_, effort) =>
    inBrowser(async (browser, stage) => {
      await fillRoom(stage, ROOM, LOG[effort]);
      return measureScroll(browser, stage, ROOM);
    }),
};

/** From nothing to a message that can be read. */
export const browserStart: Scenario = {
  ...ofTheBrowser(
    START_LOGS.map((size) => ({
      key: startKey(size),
      title: size === 0 ? 'an empty room' : `${size.toLocaleString('en')} messages in the log`,
      unit: 'ms',
      better: 'less',
      digits: 0,
    })),
  ),
  name: 'browser-start',
  title: 'From the script tag to the first message painted',
  about: 'A page that has nothing of the chat in its cache, by the size of the room’s log.',
  measure: (_, effort) => inBrowser((browser, stage) => measureStarts(browser, stage, LOG[effort])),
};

/** The SDK without a browser, and without sockets. */
export const sdkIntake: Scenario = {
  ...ofTheBrowser(
    INTAKES.map((size) => ({
      key: `usPerMessage${size}`,
      title: `of ${size.toLocaleString('en')}`,
      unit: 'µs/message',
      better: 'less',
      digits: 1,
    })),
  ),
  name: 'sdk-intake',
  title: 'What a message costs a program with the SDK',
  about: 'Processor time of a Node process that hears of each message, one frame a message, without sockets.',
  measure: async () => ({ figures: await measureIntakes(), verdict: { type: 'valid' } }),
};

/** What these have in common: there is nobody to compare with, and a quick bench goes without them. */
function ofTheBrowser(figures: readonly Figure[]): Pick<Scenario, 'peers' | 'quickPeers' | 'figures'> {
  return { peers: ['chat-room'], quickPeers: [], figures };
}

type Figures = Outcome['figures'];

/** Rejects where there is no Chromium, or a page does not get there: such a run does not count. */
async function inBrowser<T extends { readonly [key in keyof T]: number }>(
  measure: (browser: Browser, stage: Stage) => Promise<T>,
): Promise<Outcome> {
  const stage = await openStage();
  try {
    const browser = await launchChromium();
    try {
      return { figures: { ...(await measure(browser, stage)) }, verdict: { type: 'valid' } };
    } finally {
      await browser.close();
    }
  } finally {
    await stage.close();
  }
}

async function measureStarts(browser: Browser, stage: Stage, longest: number): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const size of START_LOGS.filter((size) => size <= longest)) {
    const room = `${ROOM}-${size}`;
    await fillRoom(stage, room, size);
    const { page } = await openPage(browser, stage, () => undefined);
    figures[startKey(size)] = await startChat(page, stage, room);
    await page.context().close();
  }
  return figures;
}

async function measureIntakes(): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const size of INTAKES) figures[`usPerMessage${size}`] = (await measureIntake(size)).usPerMessage;
  return figures;
}

function startKey(size: number): string {
  return `startMs${size}`;
}
