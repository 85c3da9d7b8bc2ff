import { expect, waitUntil } from '@open-wc/testing';
import { ADA, BOB, ME, message, messages } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf } from './support/mount.ts';

async function mountMenu(): Promise<Mounted> {
  const mounted = await mount();
  mounted.room.goLive([message()], [ADA, BOB, ME]);
  await settled(mounted.element);
  find(mounted.element, '[part=menu-button]').click();
  await waitUntil(() => findAll(mounted.element, '.menu').length > 0);
  await settled(mounted.element);
  return mounted;
}

async function choose({ element }: Mounted, name: string): Promise<void> {
  findAll(element, '.menu button')
    .find((button) => button.textContent?.trim() === name)
    ?.click();
  await settled(element);
}

describe('the menu', () => {
  it('opens beside its button, and names what there is', async () => {
    const { element } = await mountMenu();
    expect(textOf(element, '.menu button')).to.equal('People | Search | Sound | Notifications | Save transcript');
    await expectAccessible(element);
  });

  it('people: who is here, oneself marked; Escape leads back', async () => {
    const mounted = await mountMenu();
    const { element } = mounted;
    await choose(mounted, 'People');
    expect(textOf(element, '.sheet-note')).to.equal('3 people are here');
    expect(textOf(element, '.person')).to.equal('ALAda Lovelace | BBob | GHGrace HopperYou');
    await expectAccessible(element);
    press(find(element, '.sheet button'), 'Escape');
    await settled(element);
    expect(findAll(element, '.sheet')).to.have.length(0);
  });

  it('search: through the whole log, by letters whatever their case and accents', async () => {
    const mounted = await mountMenu();
    const { element, room } = mounted;
    room.log = [
      message({ offset: 1, text: 'Crème **brûlée**' }),
      ...messages(2, 450),
      message({ offset: 451, text: 'BRULEE again' }),
    ];
    await choose(mounted, 'Search');
    const box = find<HTMLInputElement>(element, '.search');
    box.value = 'brulee';
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await waitUntil(() => textOf(element, '.sheet-note') === '2 results');
    expect(textOf(element, '.result-text [dir]')).to.equal('BRULEE again | Crème brûlée');
    expect(textOf(element, 'mark').startsWith('BRULEE')).to.equal(true);
    await expectAccessible(element);

    room.log = [];
    box.value = 'nothing of that kind';
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await waitUntil(() => textOf(element, '.sheet-note') === 'Nothing found.');
  });

  it('a sound is off until it is turned on, and stays as it was left', async () => {
    const mounted = await mountMenu();
    const { element } = mounted;
    const item = (): HTMLElement => find(element, '[role=menuitemcheckbox]');
    expect(item().getAttribute('aria-checked')).to.equal('false');
    await choose(mounted, 'Sound');
    expect(localStorage.getItem('chat-room:alerts')).to.equal('sound');
    find(element, '[part=menu-button]').click();
    await waitUntil(() => findAll(element, '.menu').length > 0);
    expect(item().getAttribute('aria-checked')).to.equal('true');
    await choose(mounted, 'Sound');
    expect(localStorage.getItem('chat-room:alerts')).to.equal(null);
  });

  it('a transcript holds every message, the oldest first, as text', async () => {
    const mounted = await mountMenu();
    const { element, room } = mounted;
    room.log = [
      ...messages(1, 300),
      message({ offset: 301, text: 'two\nlines' }),
      message({ offset: 302, text: '', deletedAt: 1 }),
    ];
    const saved: Blob[] = [];
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob: Blob) => {
      saved.push(blob);
      return 'data:text/plain,';
    };
    await choose(mounted, 'Save transcript');
    await waitUntil(() => textOf(element, '.toast') === 'Saved 301 messages');
    URL.createObjectURL = createObjectURL;
    const text = (await saved[0]?.text()) ?? '';
    expect(text.split('\n')[0]).to.match(/Ada Lovelace: Message 1/u);
    expect(text).to.match(/two\n {4}lines\n$/u);
  });
});
