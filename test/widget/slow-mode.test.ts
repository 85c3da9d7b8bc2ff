import type { Message } from '@chat-room/sdk';
import { expect, nextFrame, waitUntil } from '@open-wc/testing';
import { stopClock } from './support/clock.ts';
import { ME, message, NOON } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, settled, textOf } from './support/mount.ts';

describe('slow mode', () => {
  const SLOW = { slowModeMs: 30_000, you: { write: true, moderate: false } } as const;
  const ago = (ms: number): Message => message({ offset: 2, from: ME, at: Date.now() - ms });

  async function mountSlow(timeline: readonly Message[], settings: Mounted['room']['settings'] = SLOW): Promise<Mounted> {
    const mounted = await mount();
    mounted.room.settings = settings;
    mounted.room.goLive(timeline);
    await settled(mounted.element);
    // What stands above the box is loaded with the first focus in the log.
    const first = find(mounted.element, '[data-key]');
    first.focus();
    await waitUntil(() => first.querySelector('.toolbar'), 'There is a toolbar', { timeout: 5_000 });
    await settled(mounted.element);
    return mounted;
  }

  it('[MOD5] says how long the next message is kept back, and says it aloud once', async () => {
    const { element, room } = await mountSlow([message(), ago(5_000)]);
    const wait = 'Slow mode: one message every 30 seconds';
    expect(textOf(element, '.slow span')).to.equal(wait);
    expect(textOf(element, '.slow [role=timer]')).to.match(/^0:2[0-5]$/u);
    const status = find(element, '[part=slow-mode] [role=status]');
    const spoken: string[] = [];
    const observer = new MutationObserver(() => spoken.push(status.textContent ?? ''));
    observer.observe(status, { childList: true, characterData: true, subtree: true });
    room.receive(message({ offset: 3, text: 'Hello' }));
    await settled(element);
    observer.disconnect();
    expect(spoken, 'what draws again says nothing again').to.deep.equal([]);
    await expectAccessible(element);
  });

  it('counts down, and has no timer once it is over', async () => {
    const { element, room } = await mountSlow([message(), message({ offset: 2, from: ME, at: NOON })]);
    expect(findAll(element, '.slow [role=timer]')).to.have.length(0);
    const { now } = Date;
    const clock = stopClock();
    try {
      let time = NOON;
      Date.now = () => time;
      const step = async (ms: number): Promise<string> => {
        time += ms;
        clock.advance(ms);
        await element.updateComplete;
        return textOf(element, '.slow [role=timer]');
      };
      room.emit('settings', SLOW);
      await nextFrame();
      expect(await step(0)).to.equal('0:30');
      expect(await step(1_000)).to.equal('0:29');
      expect(await step(28_000)).to.equal('0:01');
      expect(await step(1_000)).to.equal('');
      time = NOON; // a timer that were left would draw it again
      expect(await step(600_000)).to.equal('');
    } finally {
      Date.now = now;
      clock.restore();
    }
  });

  it('binds nobody who may moderate, and counts from when it was set', async () => {
    const moderator = await mountSlow([message(), ago(5_000)], { ...SLOW, you: { write: true, moderate: true } });
    expect(findAll(moderator.element, '.slow [role=timer]')).to.have.length(0);
    const set = message({ offset: 3, text: '', notice: { type: 'slowMode', intervalMs: 30_000 } });
    const later = await mountSlow([message(), ago(5_000), set]);
    expect(findAll(later.element, '.slow [role=timer]')).to.have.length(0);
  });
});
