// What a page and a program take to show and to take in a chat. Chromium and Node are real, and so is the relay.
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/browser.ts';
import type { Spread } from '../statistics.ts';
import { spreadOf } from '../statistics.ts';
import { measureBurst } from './burst.ts';
import type { Stage } from './room-page.ts';
import { fillRoom, openPage, openStage, startChat } from './room-page.ts';
import { measureScroll } from './scroll.ts';
import { measureIntake } from './sdk-intake.ts';

const LOG_SIZES = [0, 100, 1_000, 10_000] as const;
const INTAKES = [10_000, 50_000] as const;

export interface BrowserFigures {
  /** 1,000 messages at once, at a quarter of the processor's speed: the longest task, in milliseconds. */
  readonly burst: { readonly longestTaskMs: Spread | undefined; readonly tasksOver50Ms: Spread | undefined };
  /** A log of 10,000 messages is scrolled from its end to its beginning and back: milliseconds between frames. */
  readonly scroll: {
    readonly frames: Spread | undefined;
    readonly p99Ms: Spread | undefined;
    readonly longestMs: Spread | undefined;
    readonly framesOver33Ms: Spread | undefined;
    /** What each frame's script, styles and layout took, without the wait for the screen. */
    readonly longestWorkMs: Spread | undefined;
  };
  /** By size of the log: milliseconds from a script tag to the first message on the screen. */
  readonly start: readonly { readonly messages: number; readonly firstMessageMs: Spread | undefined }[];
  /** Processor time that the SDK takes for each message in Node, in microseconds. */
  readonly intake: readonly {
    readonly messages: number;
    readonly listener: 'message' | 'timeline';
    readonly usPerMessage: Spread | undefined;
  }[];
}

/** Measures each thing so many times. Rejects where there is no Chromium, or a page does not get there. */
export async function measureBrowser(repetitions = 3): Promise<BrowserFigures> {
  const stage = await openStage();
  const browser = await launchChromium();
  try {
    for (const size of LOG_SIZES) await fillRoom(stage, roomOf(size), size);
    const burst = await repeat(repetitions, (run) => measureBurst(browser, stage, `burst-${run}`));
    const scroll = await repeat(repetitions, () => measureScroll(browser, stage, roomOf(10_000)));
    const start = await measureStarts(browser, stage, repetitions);
    const intake = await measureIntakes(repetitions);
    return {
      burst: {
        longestTaskMs: spreadOf(burst.map(({ longestTaskMs }) => longestTaskMs)),
        tasksOver50Ms: spreadOf(burst.map(({ tasksOver50Ms }) => tasksOver50Ms)),
      },
      scroll: {
        frames: spreadOf(scroll.map(({ frames }) => frames)),
        p99Ms: spreadOf(scroll.map(({ p99Ms }) => p99Ms)),
        longestMs: spreadOf(scroll.map(({ longestMs }) => longestMs)),
        framesOver33Ms: spreadOf(scroll.map(({ framesOver33Ms }) => framesOver33Ms)),
        longestWorkMs: spreadOf(scroll.map(({ longestWorkMs }) => longestWorkMs)),
      },
      start,
      intake,
    };
  } finally {
    await browser.close();
    await stage.close();
  }
}

async function measureStarts(browser: Browser, stage: Stage, repetitions: number): Promise<BrowserFigures['start']> {
  const figures: BrowserFigures['start'][number][] = [];
  for (const messages of LOG_SIZES) {
    const times = await repeat(repetitions, async () => {
      const { page } = await openPage(browser, stage, () => undefined);
      const time = await startChat(page, stage, roomOf(messages));
      await page.context().close();
      return time;
    });
    figures.push({ messages, firstMessageMs: spreadOf(times) });
  }
  return figures;
}

async function measureIntakes(repetitions: number): Promise<BrowserFigures['intake']> {
  const figures: BrowserFigures['intake'][number][] = [];
  for (const messages of INTAKES) {
    const runs = await repeat(repetitions, () => measureIntake(messages, 'message'));
    figures.push({ messages, listener: 'message', usPerMessage: spreadOf(runs.map(({ usPerMessage }) => usPerMessage)) });
  }
  return figures;
}

function roomOf(size: number): string {
  return `log-${size}`;
}

async function repeat<T>(repetitions: number, measure: (run: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let run = 1; run <= repetitions; run++) results.push(await measure(run));
  return results;
}
