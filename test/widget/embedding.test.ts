import { expect, fixture, html, nextFrame, waitUntil } from '@open-wc/testing';
import { ChatRoom } from '../../widget/src/chat-room.ts';
import { skeleton } from '../../widget/src/skeleton.ts';
import { FakeClient, message } from './support/fake-client.ts';
import { find, findAll, mount, settled, textOf, type } from './support/mount.ts';

/** The modules that the page has loaded whose address ends so. */
function loaded(end: string): number {
  return performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith(end)).length;
}

describe('in a page', () => {
  it('a launcher that nobody opened has loaded no chat, and loads it when it is opened', async () => {
    localStorage.removeItem('chat-room:opened');
    const element = await fixture<ChatRoom>(html`<chat-room room="lobby" lang="en" layout="launcher"></chat-room>`);
    await element.updateComplete;
    await nextFrame();
    expect(findAll(element, '.launcher')).to.have.length(1);
    expect(findAll(element, '.frame')).to.have.length(0);
    const client = new FakeClient();
    element.open();
    element.client = client;
    await waitUntil(() => findAll(element, '.frame').length > 0);
    client.room('lobby').goLive([message()]);
    await settled(element);
    expect(textOf(element, '.text')).to.equal('Message 1');
    expect(localStorage.getItem('chat-room:opened')).to.equal('1');
    localStorage.removeItem('chat-room:opened');
  });

  it('parts that nobody needed are not loaded', async () => {
    const before = ['tools/tools.ts', 'moderation/moderation.ts', 'extras/extras.ts'].map(loaded);
    const { element, room } = await mount();
    room.goLive([message({ text: 'plain' })]);
    await settled(element);
    expect(['tools/tools.ts', 'moderation/moderation.ts', 'extras/extras.ts'].map(loaded)).to.deep.equal(before);
    expect(before[0]).to.equal(0);
  });

  it('a skeleton is shown until the chat takes its place, and nothing moves', async () => {
    const page = document.createElement('div');
    document.body.append(page);
    const attributes = 'room="skeleton" lang="en" style="inline-size: 400px; --chat-room-height: 480px"';
    page.setHTMLUnsafe(`<chat-room ${attributes}>${skeleton()}</chat-room><p id="below">below</p>`);
    const element = page.querySelector<ChatRoom>('chat-room');
    const below = (): number => page.querySelector('#below')?.getBoundingClientRect().top ?? 0;
    const frame = (): DOMRect | undefined => element?.shadowRoot?.querySelector('.frame')?.getBoundingClientRect();
    if (!element) throw new Error('The page has no chat.');
    expect(findAll(element, '.frame i')).to.have.length(5);
    const before = { below: below(), frame: frame()?.toJSON() };
    expect(before.frame.height).to.equal(480);

    element.client = new FakeClient();
    await waitUntil(() => findAll(element, '.composer').length === 1);
    await settled(element);
    expect(findAll(element, '.frame')).to.have.length(1);
    expect({ below: below(), frame: frame()?.toJSON() }).to.deep.equal(before);
    page.remove();
  });

  it('what the page set before the script was there counts', () => {
    const element = document.createElement('x-early') as unknown as ChatRoom;
    const client = new FakeClient();
    Object.assign(element, { client, room: 'early' });
    document.body.append(element as unknown as Node);
    customElements.define('x-early', class extends ChatRoom {});
    expect(element.client).to.equal(client);
    expect(element.getAttribute('room')).to.equal('early');
    (element as unknown as Element).remove();
  });

  it('a second copy of the script does no harm', async () => {
    const first = customElements.get('chat-room');
    await import(new URL('../../widget/src/define.ts?copy', import.meta.url).href);
    expect(customElements.get('chat-room')).to.equal(first);
  });

  it('two elements that mean the same share the page’s client and one join', async () => {
    const client = new FakeClient();
    const page = await fixture<HTMLElement>(
      html`<div><chat-room room="a" lang="en" .client=${client}></chat-room><chat-room room="a" lang="en" .client=${client}></chat-room></div>`,
    );
    const [one, two] = [...page.querySelectorAll<ChatRoom>('chat-room')];
    if (!one || !two) throw new Error('Both are there.');
    await settled(one);
    await settled(two);
    const room = client.room('a');
    room.goLive([message()]);
    await settled(two);
    expect(room.calls.filter((call) => call === 'join')).to.have.length(1);
    one.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(room.calls).to.not.include('leave');
    expect(textOf(two, '.text')).to.equal('Message 1');
  });

  it('the language of the page is followed, and a text direction with it', async () => {
    const { element, room } = await mount();
    room.goLive([message()]);
    element.removeAttribute('lang');
    await settled(element);
    const { lang } = document.documentElement;
    document.documentElement.lang = 'en-GB';
    await waitUntil(() => find(element, '.frame').getAttribute('dir') === null);
    element.lang = 'ar';
    await waitUntil(() => find(element, '.frame').getAttribute('dir') === 'rtl');
    const box = type(element, '');
    expect(getComputedStyle(box).direction, 'what is asked for in an empty box').to.equal('rtl');
    box.value = 'Hello';
    expect(getComputedStyle(box).direction, 'what is written').to.equal('ltr');
    document.documentElement.lang = lang;
  });
});
