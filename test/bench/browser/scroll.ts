import type { Browser } from 'playwright-core';
import type { Stage } from './room-page.ts';
import { inTime, openPage, startChat } from './room-page.ts';

/** So far in each frame: a fast reader's wheel. */
const STEP_PX = 600;
const SLOW_FRAME_MS = 33;

export interface Scroll {
  readonly frames: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly framesOver33Ms: number;
  readonly longestWorkMs: number;
}

interface Frames {
  readonly gaps: number[];
  readonly work: number[];
}

/**
 * Scrolls up until the whole log is loaded, then down again to its end, a step in each frame. Frames are counted by
 * requestAnimationFrame: the time from one to the next, and from a frame's beginning until it has been laid out.
 */
export async function measureScroll(browser: Browser, stage: Stage, room: string): Promise<Scroll> {
  const { page } = await openPage(browser, stage, () => undefined);
  await startChat(page, stage, room);
  await page.waitForLoadState('networkidle');
  const scrolled = page.evaluate(async (step): Promise<Frames> => {
    const log = document.querySelector('chat-room')?.shadowRoot?.querySelector('.log');
    if (!log) throw new Error('There is no log.');
    const frames: Frames = { gaps: [], work: [] };
    const channel = new MessageChannel();
    const afterFrame = (): Promise<void> =>
      new Promise((resolve) => {
        channel.port1.onmessage = () => resolve();
        channel.port2.postMessage(undefined);
      });
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    let before = await frame();
    const move = async (delta: number): Promise<void> => {
      const now = await frame();
      frames.gaps.push(now - before);
      before = now;
      log.scrollTop += delta;
      await afterFrame();
      frames.work.push(performance.now() - now);
    };
    const isAtStart = (): boolean =>
      log.scrollTop === 0 && log.querySelector('.top')?.textContent?.includes('beginning') === true;
    const isAtEnd = (): boolean => log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    while (!isAtStart()) await move(-step);
    for (let still = 0; still < 5; ) {
      await move(step);
      still = isAtEnd() ? still + 1 : 0;
    }
    return frames;
  }, STEP_PX);
  const { gaps, work } = await inTime(scrolled, 'the log is not scrolled through');
  await page.context().close();
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    frames: gaps.length,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    longestMs: sorted.at(-1) ?? 0,
    framesOver33Ms: gaps.filter((gap) => gap > SLOW_FRAME_MS).length,
    longestWorkMs: Math.max(0, ...work),
  };
}
