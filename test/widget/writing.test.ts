import { expect, waitUntil } from '@open-wc/testing';
import { ADA, BOB, ME, message } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf, type } from './support/mount.ts';
import { XSS_PAYLOADS } from './support/xss-payloads.ts';

async function mountFocused(): Promise<Mounted> {
  const mounted = await mount();
  mounted.room.goLive([message()], [ADA, BOB, ME]);
  await settled(mounted.element);
  find(mounted.element, 'textarea').focus();
  await settled(mounted.element);
  return mounted;
}

/** Until there are candidates: what finds them may have to be loaded first. */
async function candidatesIn({ element }: Mounted, selector = '[role=option] bdi'): Promise<string> {
  await waitUntil(() => findAll(element, '[role=option]').length > 0, 'There are candidates', { timeout: 5_000 });
  return textOf(element, selector);
}

describe('completion', () => {
  it('of names: a list above the box, by keys and by pointer', async () => {
    const mounted = await mountFocused();
    const { element, room } = mounted;
    const box = type(element, 'Hello @');
    expect(await candidatesIn(mounted)).to.equal('Ada Lovelace | Bob');
    expect(box.getAttribute('aria-activedescendant')).to.equal(find(element, '[aria-selected=true]').id);
    await expectAccessible(element);
    press(box, 'ArrowDown');
    await settled(element);
    expect(textOf(element, '[aria-selected=true] bdi')).to.equal('Bob');
    press(box, 'Enter');
    await settled(element);
    expect(box.value).to.equal('Hello @Bob ');
    expect(findAll(element, '.completions')).to.have.length(0);
    expect(room.sends).to.have.length(0);

    press(type(element, 'Hello @Bob !'), 'Enter');
    await settled(element);
    expect(room.sends[0]?.options.data).to.deep.equal({ mentions: [{ id: BOB.id, name: 'Bob' }] });
  });

  it('is of the name’s words, not of an address, and Escape closes it', async () => {
    const mounted = await mountFocused();
    const { element } = mounted;
    const box = type(element, 'mail ada@');
    await settled(element);
    expect(findAll(element, '.completions')).to.have.length(0);
    type(element, '@love');
    expect(await candidatesIn(mounted)).to.contain('Ada Lovelace');
    press(box, 'Escape');
    await settled(element);
    expect(findAll(element, '.completions')).to.have.length(0);
    type(element, '');
  });

  it('of emoji by name', async () => {
    const mounted = await mountFocused();
    const { element } = mounted;
    const box = type(element, 'well done :ta');
    expect(await candidatesIn(mounted, '[aria-selected=true]')).to.contain('🎉');
    press(box, 'Tab');
    await settled(element);
    expect(box.value).to.equal('well done 🎉 ');
    type(element, 'at 10:30 http://x');
    await settled(element);
    expect(findAll(element, '.completions')).to.have.length(0);
    type(element, '');
  });

  it('leaves the keys of an input method alone', async () => {
    const { element, room } = await mountFocused();
    const box = type(element, '@');
    await settled(element);
    press(box, 'Enter', { isComposing: true });
    press(box, 'Enter', { keyCode: 229 });
    await settled(element);
    expect(box.value).to.equal('@');
    expect(room.sends).to.have.length(0);
    type(element, '');
  });
});

describe('input methods', () => {
  /** The events of typing 日本, picking it with Enter, and sending with Enter, as each browser orders them. */
  const ORDERS = {
    Chrome: ['compositionstart', 'keydown:229', 'keydown:Enter:composing', 'compositionend', 'keydown:Enter'],
    Firefox: ['keydown:229', 'compositionstart', 'keydown:Enter:composing', 'compositionend', 'keydown:Enter'],
    Safari: ['compositionstart', 'keydown:229', 'compositionend', 'keydown:Enter:229', 'keydown:Enter'],
  } as const;

  function replay(box: HTMLElement, step: string): void {
    const [kind, key = '', how] = step.split(':');
    if (kind !== 'keydown') box.dispatchEvent(new CompositionEvent(step, { bubbles: true, composed: true }));
    else if (key === '229') press(box, 'Process', { keyCode: 229 });
    else press(box, key, { isComposing: how === 'composing', keyCode: how === '229' ? 229 : 13 });
  }

  for (const [browser, order] of Object.entries(ORDERS)) {
    it(`in the order of ${browser}: the Enter that picks a word does not send, the next does`, async () => {
      const { element, room } = await mountFocused();
      const box = type(element, '日本');
      const sent = order.map((step) => {
        replay(box, step);
        return room.sends.length;
      });
      expect(sent).to.deep.equal([0, 0, 0, 0, 1]);
      expect(room.sends[0]?.text).to.equal('日本');
    });
  }
});

describe('drafts', () => {
  it('survive the element, per room', async () => {
    const first = await mountFocused();
    type(first.element, 'half a thought');
    first.element.remove();
    const second = await mountFocused();
    expect(find<HTMLTextAreaElement>(second.element, 'textarea').value).to.equal('half a thought');
    press(find(second.element, 'textarea'), 'Enter');
    await settled(second.element);
    const third = await mountFocused();
    expect(find<HTMLTextAreaElement>(third.element, 'textarea').value).to.equal('');
  });

  it('what is typed before the room is live stays in the box', async () => {
    const { element, room } = await mount();
    type(element, 'early bird');
    room.goLive([message()]);
    await settled(element);
    expect(find<HTMLTextAreaElement>(element, 'textarea').value).to.equal('early bird');
    type(element, '');
  });

  it('send-on="ctrl-enter" makes Enter break the line', async () => {
    const { element, room } = await mountFocused();
    element.sendOn = 'ctrl-enter';
    const box = type(element, 'first line');
    expect(press(box, 'Enter')).to.equal(true);
    expect(room.sends).to.have.length(0);
    press(box, 'Enter', { ctrlKey: true });
    await settled(element);
    expect(room.sends).to.have.length(1);
  });
});

describe('texts', () => {
  it('with marks are shown as they are meant, and said without them', async () => {
    const { element, room } = await mount();
    room.goLive([
      message({ offset: 1, text: '**bold** *it* `code` [site](https://example.com/)\n> quoted\n- one\n- two' }),
      message({
        offset: 2,
        text: 'Hi @Grace Hopper',
        data: { mentions: [{ id: ME.id, name: 'Grace Hopper' }, 'broken', { id: 1 }] },
      }),
    ]);
    await settled(element);
    const text = find(element, '.text');
    for (const selector of [
      'strong',
      'em',
      'code',
      'a[href="https://example.com/"][rel~=noopener]',
      'blockquote',
      'ul li + li',
    ]) {
      expect(text.querySelector(selector), selector).to.not.equal(null);
    }
    expect(textOf(element, '.mention')).to.equal('@Grace Hopper');
    expect(findAll(element, '.mentioned')).to.have.length(1);
    expect(find(element, '.message').getAttribute('aria-label')).to.contain('bold it code site quoted one, two');
    await expectAccessible(element);
  });

  for (const [kind, text] of XSS_PAYLOADS) {
    it(`run nothing and name no script: ${kind}`, async () => {
      const { element, room } = await mount();
      room.goLive([
        message({ offset: 1, text, from: { id: text, name: text } }),
        message({ offset: 2, text: 'x', replyTo: 'e1:1', reactions: [{ reaction: text.slice(0, 20), members: [text] }] }),
      ]);
      room.setTypers({ id: 'x', name: text });
      await settled(element);
      const active = findAll(element, 'script, iframe, object, embed, form:not(.composer), base, meta, link, img, math, style');
      expect(active).to.have.length(0);
      for (const link of findAll(element, 'a')) expect(link.getAttribute('href')).to.match(/^(https?|mailto):/u);
      for (const any of findAll(element, '*')) {
        for (const { name } of any.attributes) expect(name.startsWith('on'), name).to.equal(false);
      }
      expect(globalThis).to.not.have.property('hacked');
    });
  }
});
