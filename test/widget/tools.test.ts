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

  describe('notifications', () => {
    const { Notification: Real } = globalThis;
    const told: { readonly title: string; readonly body: string | undefined }[] = [];
    let asked = 0;

    function stand(permission: NotificationPermission): void {
      class Told {
        static readonly permission = permission;
        static requestPermission(): Promise<NotificationPermission> {
          asked++;
          return Promise.resolve(permission);
        }
        constructor(title: string, { body }: NotificationOptions = {}) {
          told.push({ title, body });
        }
      }
      Object.assign(globalThis, { Notification: Told });
    }

    afterEach(() => {
      Object.assign(globalThis, { Notification: Real });
      localStorage.removeItem('chat-room:alerts');
      told.length = 0;
      asked = 0;
    });

    it('are off until somebody turns them on, who is asked then and not before; and tell only of what nobody sees', async () => {
      stand('granted');
      const mounted = await mountMenu();
      const { element, room } = mounted;
      element.layout = 'launcher'; // closed: nobody sees the log
      room.receive(message({ offset: 2, text: 'quiet' }));
      await settled(element);
      expect(asked).to.equal(0);
      element.open();
      await settled(element);
      await choose(mounted, 'Notifications');
      await waitUntil(() => localStorage.getItem('chat-room:alerts') === 'notifications');
      expect(asked).to.equal(1);
      room.receive(message({ offset: 3, text: 'seen' }));
      await settled(element);
      element.close();
      await settled(element);
      room.receive(message({ offset: 4, from: ME, text: 'mine' }), message({ offset: 5, text: '**Look** at `this`' }));
      await waitUntil(() => told.length > 0);
      expect(told).to.deep.equal([{ title: 'lobby', body: 'Ada Lovelace: Look at this' }]);
    });

    it('stay off where the browser does not allow them, and it is said', async () => {
      stand('denied');
      const mounted = await mountMenu();
      await choose(mounted, 'Notifications');
      await waitUntil(() => textOf(mounted.element, '.toast') !== '');
      expect(textOf(mounted.element, '.toast')).to.equal('This browser blocks notifications for this page.');
      expect(localStorage.getItem('chat-room:alerts')).to.equal(null);
    });
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
    const { click } = HTMLAnchorElement.prototype;
    URL.createObjectURL = (blob: Blob) => {
      saved.push(blob);
      return 'blob:transcript';
    };
    // A real download opens a panel of the browser, which keeps the focus from whatever is tested next.
    const names: string[] = [];
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      names.push(this.download);
    };
    await choose(mounted, 'Save transcript');
    await waitUntil(() => textOf(element, '.toast') === 'Saved 301 messages');
    Object.assign(URL, { createObjectURL });
    Object.assign(HTMLAnchorElement.prototype, { click });
    expect(names).to.deep.equal(['lobby.txt']);
    const text = (await saved[0]?.text()) ?? '';
    expect(text.split('\n')[0]).to.match(/Ada Lovelace: Message 1/u);
    expect(text).to.match(/two\n {4}lines\n$/u);
  });
});
