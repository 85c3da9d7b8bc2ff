import { expect, waitUntil } from '@open-wc/testing';
import { message } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf } from './support/mount.ts';

async function mountLauncher(): Promise<Mounted> {
  const mounted = await mount({ layout: 'launcher' });
  mounted.room.goLive([message()]);
  await settled(mounted.element);
  return mounted;
}

describe('the launcher', () => {
  it('is a button that opens and closes a panel, and moves the focus along', async () => {
    const { element } = await mountLauncher();
    const button = find(element, '.launcher');
    expect(find(element, '.frame').hidden).to.equal(true);
    expect(button.getAttribute('aria-label')).to.equal('Open chat');
    await expectAccessible(element);

    button.click();
    await settled(element);
    expect(find(element, '.frame').offsetHeight).to.be.above(0);
    expect(button.getAttribute('aria-expanded')).to.equal('true');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, 'textarea'));
    await expectAccessible(element);

    press(find(element, 'textarea'), 'Escape');
    await settled(element);
    expect(find(element, '.frame').hidden).to.equal(true);
    expect(element.shadowRoot?.activeElement).to.equal(button);
  });

  it('counts what arrives while it is closed', async () => {
    const { element, room } = await mountLauncher();
    room.receive(message({ offset: 2 }), message({ offset: 3 }));
    await settled(element);
    expect(textOf(element, '.badge')).to.equal('2');
    expect(find(element, '.launcher').getAttribute('aria-label')).to.equal('Open chat, unread: 2');
    element.open();
    await settled(element);
    expect(findAll(element, '.badge:not([hidden])')).to.have.length(0);
    expect(room.calls).to.include('read 3');
    element.close();
    await settled(element);
    expect(find(element, '.frame').hidden).to.equal(true);
    expect(findAll(element, '.badge:not([hidden])')).to.have.length(0);
  });

  it('shows the end of the log when it opens', async () => {
    const { element, room } = await mountLauncher();
    room.receive(...Array.from({ length: 40 }, (_, i) => message({ offset: i + 2 })));
    element.open();
    await settled(element);
    const log = find(element, '.log');
    expect(log.clientHeight).to.be.above(100);
    expect(log.scrollHeight - log.scrollTop - log.clientHeight).to.be.at.most(1);
  });

  it('gives way to the keyboard of a phone, until it leaves the page', async () => {
    const { element } = await mountLauncher();
    element.open();
    await settled(element);
    find(element, 'textarea').focus();
    const visible = visualViewport ?? expect.fail('no visual viewport');
    const hide = (pixels: number): void => {
      Object.defineProperty(visible, 'height', { configurable: true, value: innerHeight - pixels });
      visible.dispatchEvent(new Event('resize'));
    };
    const inset = (): string => element.style.getPropertyValue('--_keyboard');
    // What measures it is loaded with the first focus in the box.
    await waitUntil(
      () => {
        hide(300);
        return inset() === '300px';
      },
      'the keyboard is measured',
      { timeout: 5_000 },
    );
    hide(0);
    expect(inset()).to.equal('0px');
    const parent = element.parentElement;
    element.remove();
    hide(200);
    expect(inset()).to.equal('0px');
    parent?.append(element);
    hide(200);
    expect(inset()).to.equal('200px');
    Reflect.deleteProperty(visible, 'height');
  });
});
