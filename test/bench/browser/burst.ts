import type { Browser } from 'playwright-core';
import type { Stage } from './room-page.ts';
import { fillRoom, inTime, openPage, startChat } from './room-page.ts';

const MESSAGES = 1_000;
const SLOWDOWN = 4;
/** Beyond it people notice: the browser calls such a task a long one. */
const LONG_MS = 50;

export interface Burst {
  readonly tasksOver50Ms: number;
  /** 0 where none was long: the browser tells of no others. */
  readonly longestTaskMs: number;
}

interface Probed {
  longTasks: number[];
}

/** A thousand messages reach an open chat as fast as the relay sends them, in a browser that is slowed down. */
export async function measureBurst(browser: Browser, stage: Stage, room: string): Promise<Burst> {
  await fillRoom(stage, room, 100);
  const { page, devtools } = await openPage(browser, stage, () => {
    const tasks: number[] = [];
    (globalThis as unknown as Probed).longTasks = tasks;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await startChat(page, stage, room);
  await page.waitForLoadState('networkidle');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.evaluate(() => {
    (globalThis as unknown as Probed).longTasks.length = 0;
  });
  await fillRoom(stage, room, MESSAGES);
  const shown = page.evaluate(async (last) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const texts = (): string => document.querySelector('chat-room')?.shadowRoot?.querySelector('.days')?.textContent ?? '';
    while (!texts().includes(last)) await frame();
    for (let rest = 0; rest < 10; rest++) await frame(); // the observer hears of the last tasks
    return (globalThis as unknown as Probed).longTasks;
  }, `Message ${MESSAGES}`);
  const durations = await inTime(shown, 'the last message is not shown');
  await page.context().close();
  return { tasksOver50Ms: durations.filter((duration) => duration > LONG_MS).length, longestTaskMs: Math.max(0, ...durations) };
}
