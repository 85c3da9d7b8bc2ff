import { expect, waitUntil } from '@open-wc/testing';
import { stopClock } from './support/clock.ts';
import { ME, message, messages } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf } from './support/mount.ts';

/** A room with so many messages, scrolled to the end, with all of the log loaded. */
async function mountLog(first: number, last: number): Promise<Mounted & { readonly log: HTMLElement }> {
  const mounted = await mount();
  mounted.room.goLive(messages(first, last));
  await settled(mounted.element);
  return { ...mounted, log: find(mounted.element, '.log') };
}

function distanceToEnd(log: Element): number {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}

async function scrollTo({ element, log }: Mounted & { readonly log: HTMLElement }, top: number): Promise<void> {
  log.scrollTop = top;
  await settled(element);
}

function bubbleOf(element: Element, key: string): HTMLElement {
  return find(element, `[data-key="${key}"] .bubble`);
}

/** Where a bubble is, from the log's upper edge. */
function topOf(log: Element, bubble: Element): number {
  return bubble.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

function firstVisible(element: Element, log: Element): string {
  const found = findAll(element, '.message').find(
    (row) => row.getBoundingClientRect().bottom > log.getBoundingClientRect().top + 8,
  );
  return found?.dataset['key'] ?? '';
}

describe('the log', () => {
  it('opens at its end, and stays there as messages come and the box grows', async () => {
    const { element, room, log } = await mountLog(1, 60);
    expect(distanceToEnd(log)).to.be.at.most(1);
    room.receive(message({ offset: 61, text: 'long '.repeat(100) }));
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
    element.style.setProperty('--chat-room-height', '300px');
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
  });

  it('does not move by more than a pixel when earlier messages come in above', async () => {
    const mounted = await mountLog(101, 150);
    const { element, room, log } = mounted;
    await scrollTo(mounted, 200);
    expect(room.loads).to.have.length(1);
    for (const first of [51, 1]) {
      while (room.loads.length === 0) await scrollTo(mounted, 0);
      const key = firstVisible(element, log);
      const before = topOf(log, bubbleOf(element, key));
      room.answerLoad(messages(first, first + 49), first === 1);
      await settled(element);
      expect(findAll(element, '.message').length).to.be.above(50);
      expect(topOf(log, bubbleOf(element, key))).to.be.closeTo(before, 1);
    }
    for (let step = 0; step < 10; step++) await scrollTo(mounted, 0); // each brings a few rows
    expect(textOf(element, '.top')).to.equal('This is the beginning of lobby');
  });

  it('does not move at the very top either, where a name and a day leave the first message', async () => {
    const mounted = await mountLog(102, 160);
    const { element, room, log } = mounted;
    await scrollTo(mounted, 0);
    const before = topOf(log, bubbleOf(element, 'k102'));
    room.answerLoad(messages(52, 101));
    await settled(element);
    expect(topOf(log, bubbleOf(element, 'k102'))).to.be.closeTo(before, 1);
  });

  it('keeps what is read in place while messages arrive, are edited and are deleted', async () => {
    const mounted = await mountLog(1, 60);
    const { element, room, log } = mounted;
    await scrollTo(mounted, 900);
    const key = firstVisible(element, log);
    const before = topOf(log, bubbleOf(element, key));
    room.receive(...messages(61, 70));
    room.change('e1:5', (old) => ({ ...old, text: 'longer '.repeat(80) }));
    room.change('e1:6', (old) => ({ ...old, text: '', deletedAt: 1 }));
    await settled(element);
    expect(topOf(log, bubbleOf(element, key))).to.be.closeTo(before, 1);
    element.style.width = '330px';
    await settled(element);
    expect(topOf(log, bubbleOf(element, key))).to.be.closeTo(before, 1);
  });

  it('keeps what is read in place while pictures, a font and a keyboard come', async () => {
    const picture = document.createElement('canvas').toDataURL();
    const mounted = await mountLog(1, 60);
    const { element, log } = mounted;
    const late: HTMLImageElement[] = [];
    element.renderMessage = ({ text }) => {
      const img = Object.assign(new Image(), { width: 120, height: 90 });
      if (text.startsWith('Message 2')) late.push(img);
      return [text, img];
    };
    await settled(element);
    await scrollTo(mounted, 2_400);
    const key = firstVisible(element, log);
    const before = topOf(log, bubbleOf(element, key));
    const stays = (why: string): void => {
      expect(topOf(log, bubbleOf(element, key)), why).to.be.closeTo(before, 1);
    };
    expect(late.length).to.be.above(0);
    await Promise.all(
      late.map((img) => {
        img.src = picture;
        return img.decode();
      }),
    );
    await settled(element);
    stays('pictures have their places');
    element.style.fontFamily = 'monospace';
    await settled(element);
    stays('a font that came');
    element.style.setProperty('--chat-room-height', '280px');
    await settled(element);
    stays('a keyboard that takes half of it');
    element.style.setProperty('--chat-room-height', '500px');
    await settled(element);
    stays('and goes');
  });

  it('counts what arrives below on a button that leads there, and marks where it began', async () => {
    const mounted = await mountLog(1, 60);
    const { element, room, log } = mounted;
    expect(findAll(element, '.jump')).to.have.length(0);
    await scrollTo(mounted, 700);
    expect(find(element, '.jump').getAttribute('aria-label')).to.equal('Jump to the latest message');
    room.receive(message({ offset: 61 }), message({ offset: 62 }));
    room.receive(message({ offset: 63, from: ME }));
    await settled(element);
    expect(textOf(element, '.jump')).to.equal('2 new messages');
    await expectAccessible(element);

    find(element, '.jump').click();
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
    expect(findAll(element, '.jump')).to.have.length(0);
    expect(find(element, '.unread').nextElementSibling?.getAttribute('data-key')).to.equal('k61');
    expect(room.calls.at(-1)).to.equal('read 63');
  });

  it('follows within 80 pixels of the end, and not beyond', async () => {
    const mounted = await mountLog(1, 60);
    const { element, room, log } = mounted;
    await scrollTo(mounted, log.scrollTop - 75);
    room.receive(message({ offset: 61 }));
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
    await scrollTo(mounted, log.scrollTop - 100);
    room.receive(message({ offset: 62 }));
    await settled(element);
    expect(distanceToEnd(log)).to.be.above(100);
  });

  it("jumps to one's own message wherever one was", async () => {
    const mounted = await mountLog(1, 60);
    const { element, log } = mounted;
    await scrollTo(mounted, 0);
    void element.send('Here I am');
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
    expect(findAll(element, '.message').at(-1)?.textContent).to.include('Here I am');
  });

  it('lets a new message rise in, but neither a backlog nor one that comes while reading further up', async () => {
    const mounted = await mountLog(1, 40);
    const { element, room } = mounted;
    expect(findAll(element, '.arriving')).to.have.length(0);
    room.receive(message({ offset: 41 }));
    await settled(element);
    expect(findAll(element, '.arriving').map(({ dataset }) => dataset['key'])).to.deep.equal(['k41']);
    room.receive(...messages(42, 50));
    await settled(element);
    expect(findAll(element, '.arriving')).to.have.length(0);
    await scrollTo(mounted, 300);
    room.receive(message({ offset: 51 }));
    await settled(element);
    expect(findAll(element, '.arriving')).to.have.length(0);
  });

  it('holds a window of two thousand messages in the document, and shows all of them on the way', async () => {
    const mounted = await mountLog(1, 2000);
    const { element, log } = mounted;
    const seen = new Set<string>();
    const look = (): void => {
      const rows = findAll(element, '.message');
      expect(rows.length).to.be.at.most(180);
      for (const { dataset } of rows) seen.add(dataset['key'] ?? '');
    };
    for (let steps = 0; seen.size < 2000 && steps < 400; steps++) {
      look();
      await scrollTo(mounted, 0);
    }
    expect(seen.size).to.equal(2000);
    seen.clear();
    for (let steps = 0; seen.size < 2000 && steps < 400; steps++) {
      look();
      await scrollTo(mounted, log.scrollHeight);
    }
    expect(seen.size).to.equal(2000);
    expect(findAll(element, '.jump')).to.have.length(0);
  }).timeout(60_000);

  it('draws once for any number of changes in a frame', async () => {
    const { element, room } = await mountLog(1, 10);
    let draws = 0;
    const observer = new MutationObserver(() => draws++);
    observer.observe(find(element, '.rows'), { childList: true, subtree: true });
    for (let offset = 11; offset < 21; offset++) room.receive(message({ offset }));
    await settled(element);
    observer.disconnect();
    expect(draws).to.equal(1);
    expect(findAll(element, '.message')).to.have.length(20);
  });

  it('builds a dozen rows a frame at most of a burst, half as many of what is scrolled past, and tells the relay once what was read', async () => {
    const { element, room, log } = await mountLog(1, 60);
    const { length } = room.calls;
    const built: number[] = [];
    const observer = new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      const rows = added.flatMap((node) => (node instanceof Element ? [node, ...node.querySelectorAll('.row')] : []));
      built.push(rows.filter((node) => node.matches('.row')).length);
    });
    observer.observe(find(element, '.days'), { childList: true, subtree: true });
    for (let offset = 61; offset <= 1_060; offset++) room.receive(message({ offset }));
    await settled(element);
    expect(room.calls.slice(length)).to.deep.equal(['read 1060']);
    expect(findAll(element, '.message').at(-1)?.dataset['key']).to.equal('k1060');
    expect(distanceToEnd(log)).to.be.at.most(1);
    expect(findAll(element, '.message')).to.have.length(60);
    expect(Math.max(...built)).to.equal(12);
    built.length = 0;
    log.scrollTop = 0;
    await settled(element);
    observer.disconnect();
    expect(Math.max(...built)).to.equal(6);
  });

  it('holds two hundred rows at most of ten thousand messages: at its end, on the way, in the middle, and as more arrive', async () => {
    const mounted = await mountLog(1, 10_000);
    const { element, room, log } = mounted;
    const most = (): number => findAll(element, '.message').length;
    expect(most()).to.be.within(1, 200);
    for (let step = 0; step < 8; step++) {
      await scrollTo(mounted, 0);
      expect(most()).to.be.within(1, 200);
    }
    room.receive(...messages(10_001, 10_300));
    await settled(element);
    expect(most()).to.be.within(1, 200);
    find(element, '.jump').click();
    await settled(element);
    expect(distanceToEnd(log)).to.be.at.most(1);
    expect(findAll(element, '[data-key=k10300]')).to.have.length(1);
    expect(most()).to.be.within(1, 200);
  });

  it('does not move by a pixel when earlier messages come in above ten thousand', async () => {
    const mounted = await mountLog(101, 10_100);
    const { element, room, log } = mounted;
    room.receive(message({ offset: 10_101, replyTo: 'e1:130' }));
    await settled(element);
    find(element, '.quote').click();
    await waitUntil(() => findAll(element, '[data-key=k130]').length > 0, 'far up', { timeout: 10_000 });
    // Up to the oldest one that is loaded.
    while (room.loads.length === 0) await scrollTo(mounted, 0);
    await settled(element);
    for (const first of [51, 1]) {
      const key = firstVisible(element, log);
      const before = topOf(log, bubbleOf(element, key));
      room.answerLoad(messages(first, first + 49), first === 1);
      await settled(element);
      expect(Math.abs(topOf(log, bubbleOf(element, key)) - before)).to.be.below(1);
      expect(findAll(element, '.message')).to.have.length.within(51, 200);
      while (first > 1 && room.loads.length === 0) await scrollTo(mounted, 0);
    }
  });

  it('draws once in each frame while a hundred messages a second arrive, each in a task of its own', async () => {
    const { element, room } = await mountLog(1, 10);
    const clock = stopClock(); // the first message is spoken of, and those that follow only after a while
    room.receive(message({ offset: 11 }));
    await settled(element);
    // Frames come when the test says so: sixty a second, in which a hundred messages come by ones and twos.
    const real = globalThis.requestAnimationFrame;
    const waiting: FrameRequestCallback[] = [];
    globalThis.requestAnimationFrame = (run) => waiting.push(run);
    let draws = 0;
    const observer = new MutationObserver(() => draws++);
    observer.observe(find(element, '.rows'), { childList: true, subtree: true });
    const task = (): Promise<void> =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(undefined);
      });
    let arrived = 0;
    try {
      for (let frame = 1; frame <= 60; frame++) {
        for (; arrived < Math.floor((frame * 100) / 60); arrived++) {
          room.receive(message({ offset: 12 + arrived }));
          await task();
        }
        expect(draws, 'before the frame').to.equal(frame - 1);
        for (const run of waiting.splice(0)) run(frame);
        await task();
        expect(draws, 'in the frame').to.equal(frame);
      }
    } finally {
      globalThis.requestAnimationFrame = real;
      clock.restore();
      observer.disconnect();
    }
    expect(arrived).to.equal(100);
    expect(findAll(element, '.message')).to.have.length(111);
  });

  it('offers to try again where earlier messages fail to load', async () => {
    const { element, room } = await mountLog(50, 55);
    expect(textOf(element, '.top')).to.equal('Loading earlier messages…');
    const height = find(element, '.top').offsetHeight;
    room.loads.shift()?.reject(new Error('offline'));
    await settled(element);
    expect(textOf(element, '.top')).to.equal('Earlier messages could not be loaded. Retry');
    expect(find(element, '.top').offsetHeight).to.equal(height);
    await expectAccessible(element);
    find(element, '.top button').click();
    expect(room.loads).to.have.length(1);
  });

  it('is one stop of the Tab key, with arrows among its messages', async () => {
    const { element, log } = await mountLog(1, 30);
    const active = (): string | undefined => (element.shadowRoot?.activeElement as HTMLElement | null)?.dataset['key'];
    const stops = (): number => findAll(element, '.log [tabindex="0"], .log :is(a, button):not([tabindex="-1"])').length;
    expect(stops()).to.equal(1);
    find(element, '[data-key="k30"]').focus();
    await settled(element);
    for (const [key, expected] of [
      ['ArrowUp', 'k29'],
      ['ArrowUp', 'k28'],
      ['ArrowDown', 'k29'],
      ['Home', 'k1'],
      ['ArrowUp', 'k1'],
      ['End', 'k30'],
    ] as const) {
      press(element.shadowRoot?.activeElement ?? log, key);
      await settled(element);
      expect(active()).to.equal(expected);
      expect(stops()).to.equal(1);
    }
  });

  it('scrolls to a message that takes the focus, and does not jump back', async () => {
    const { element, log } = await mountLog(1, 30);
    find(element, '[data-key="k3"]').focus();
    await settled(element);
    expect(topOf(log, find(element, '[data-key="k3"]'))).to.be.within(0, log.clientHeight);
  });

  it('lets Enter into a message, and Escape out of it', async () => {
    const { element, room } = await mount();
    room.goLive([message({ text: 'See https://example.com/' }), message({ offset: 2 })]);
    await settled(element);
    const article = find(element, '.message');
    expect(find(element, '.text a').tabIndex).to.equal(-1);
    article.focus();
    await settled(element);
    expect(find(element, '.text a').tabIndex).to.equal(-1);
    press(article, 'Enter');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.text a'));
    press(find(element, '.text a'), 'ArrowRight');
    expect(element.shadowRoot?.activeElement?.getAttribute('aria-label')).to.equal('React');
    press(find(element, '.toolbar button'), 'ArrowLeft');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.text a'));
    press(find(element, '.text a'), 'Escape');
    expect(element.shadowRoot?.activeElement).to.equal(article);
  });

  it('is a log that is silent itself, with messages that say who, when and what', async () => {
    const { element, room } = await mount();
    room.goLive([message({ text: 'Hello' })]);
    await settled(element);
    const log = find(element, '[role="log"]');
    expect(log.getAttribute('aria-live')).to.equal('off');
    expect(log.getAttribute('aria-label')).to.equal('Messages');
    expect(find(element, '[role="article"]').getAttribute('aria-label')).to.match(/^Ada Lovelace, 12:00\s(?:PM): Hello$/u);
  });
});
