import { expect, oneEvent } from '@open-wc/testing';
import { message } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf, type } from './support/mount.ts';

const IME = 229;

async function mountLive(): Promise<Mounted> {
  const mounted = await mount();
  mounted.room.goLive([message()]);
  await settled(mounted.element);
  return mounted;
}

function sends({ room }: Mounted): string[] {
  return room.sends.map(({ text }) => text);
}

describe('the composer', () => {
  it('sends with Enter and with the button, and keeps the focus', async () => {
    const mounted = await mountLive();
    const { element } = mounted;
    const box = type(element, '  Hello  ');
    box.focus();
    expect(press(box, 'Enter')).to.equal(false);
    expect(box.value).to.equal('');
    type(element, 'again');
    find(element, '.send').click();
    expect(sends(mounted)).to.deep.equal(['  Hello', 'again']);
    expect(element.shadowRoot?.activeElement).to.equal(box);
  });

  it('breaks the line with Shift and Enter', async () => {
    const mounted = await mountLive();
    const box = type(mounted.element, 'one');
    expect(press(box, 'Enter', { shiftKey: true })).to.equal(true);
    expect(sends(mounted)).to.deep.equal([]);
  });

  it('does not send the Enter that ends a composition, in the order of Chrome and Firefox', async () => {
    const mounted = await mountLive();
    const box = type(mounted.element, 'にほん');
    box.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    press(box, 'Enter', { isComposing: true, keyCode: IME });
    box.dispatchEvent(new CompositionEvent('compositionend', { data: '日本', bubbles: true }));
    expect(sends(mounted)).to.deep.equal([]);
    press(box, 'Enter', { keyCode: 13 });
    expect(sends(mounted)).to.deep.equal(['にほん']);
  });

  it('does not send the Enter that ends a composition, in the order of Safari', async () => {
    const mounted = await mountLive();
    const box = type(mounted.element, 'にほん');
    box.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    box.dispatchEvent(new CompositionEvent('compositionend', { data: '日本', bubbles: true }));
    press(box, 'Enter', { isComposing: false, keyCode: IME });
    expect(sends(mounted)).to.deep.equal([]);
    press(box, 'Enter', { keyCode: 13 });
    expect(sends(mounted)).to.deep.equal(['にほん']);
  });

  it('sends nothing where there is nothing to send, and its button neither moves nor takes the focus away', async () => {
    const mounted = await mountLive();
    const { element } = mounted;
    const button = find(element, '.send');
    const before = button.getBoundingClientRect();
    expect(button.getAttribute('aria-disabled')).to.equal('true');
    button.click();
    press(type(element, ' \n '), 'Enter');
    expect(sends(mounted)).to.deep.equal([]);
    type(element, 'x');
    await settled(element);
    expect(button.getAttribute('aria-disabled')).to.equal('false');
    expect(button.getBoundingClientRect().left).to.equal(before.left);
    expect(before.width).to.be.at.least(44);
    expect(before.height).to.be.at.least(44);
  });

  it('grows from one line to six', async () => {
    const { element } = await mountLive();
    const box = type(element, 'one');
    const one = box.offsetHeight;
    expect(one).to.be.at.most(44);
    type(element, 'line\n'.repeat(5));
    expect(box.offsetHeight).to.be.closeTo(one + 5 * 22, 2);
    type(element, 'line\n'.repeat(30));
    expect(box.offsetHeight).to.be.closeTo(one + 5 * 22, 2);
    type(element, '');
    expect(box.offsetHeight).to.equal(one);
    expect(getComputedStyle(box).fontSize).to.equal('16px');
  });

  it('counts only near the limit, in bytes as the relay does', async () => {
    const mounted = await mountLive();
    const { element } = mounted;
    type(element, 'x'.repeat(7000));
    await settled(element);
    expect(findAll(element, '.counter')).to.have.length(0);
    type(element, 'é'.repeat(4090));
    await settled(element);
    expect(textOf(element, '.counter')).to.equal('12 left');
    press(type(element, 'é'.repeat(4097)), 'Enter');
    await settled(element);
    expect(textOf(element, '.counter')).to.equal('2 too long');
    expect(sends(mounted)).to.deep.equal([]);
    await expectAccessible(element);
  });

  it('asks the page first, and keeps the text where the page says no', async () => {
    const mounted = await mountLive();
    const { element } = mounted;
    element.addEventListener('chat-room-send', (event) => event.preventDefault(), { once: true });
    const box = type(element, '/help');
    setTimeout(() => press(box, 'Enter'));
    const event = await oneEvent(element, 'chat-room-send');
    expect(event.detail).to.deep.equal({ text: '/help' });
    expect([event.bubbles, event.composed]).to.deep.equal([true, true]);
    expect(box.value).to.equal('/help');
    expect(sends(mounted)).to.deep.equal([]);
  });

  it('gives back what was refused, unless something else was written meanwhile', async () => {
    const { element, room } = await mountLive();
    const box = type(element, 'refused');
    press(box, 'Enter');
    room.show([message()]);
    room.sends[0]?.reject(Object.assign(new Error('full'), { code: 'queue_full' }));
    const event = await oneEvent(element, 'chat-room-error');
    expect(event.detail.error.code).to.equal('queue_full');
    expect(box.value).to.equal('refused');
  });

  it('tells the room that somebody is typing, and that they stopped', async () => {
    const { element, room } = await mountLive();
    type(element, 'h');
    type(element, '');
    expect(room.calls.slice(-2)).to.deep.equal(['typing true', 'typing false']);
  });

  it('is labelled, and gives way to a note where one may only read', async () => {
    const { element } = await mountLive();
    expect(find(element, 'textarea').getAttribute('aria-label')).to.equal('Message');
    expect(find(element, '.send').getAttribute('aria-label')).to.equal('Send message');
    element.focus();
    expect(element.shadowRoot?.activeElement).to.equal(find(element, 'textarea'));
    await expectAccessible(element);
    element.readonly = true;
    await settled(element);
    expect(findAll(element, 'textarea')).to.have.length(0);
    expect(textOf(element, '.readonly')).to.equal('You can read along here, but not write.');
    await expectAccessible(element);
  });
});
