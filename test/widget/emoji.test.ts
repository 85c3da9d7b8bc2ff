import { expect, fixture, html } from '@open-wc/testing';
import { render } from 'lit/html.js';
import type { Names } from '../../widget/src/emoji/catalogue.ts';
import { emojiStyles } from '../../widget/src/emoji/emoji.styles.ts';
import { EMOJI_NAMES } from '../../widget/src/emoji/emoji-names.ts';
import { EmojiPicker } from '../../widget/src/emoji/emoji-picker.ts';
import { EmojiMemory } from '../../widget/src/emoji/memory.ts';
import { english } from '../../widget/src/emoji/phrases.ts';
import { translator } from '../../widget/src/text/translate.ts';
import { press } from './support/mount.ts';

interface Setting {
  readonly recent?: readonly string[];
  readonly dir?: 'ltr' | 'rtl';
  readonly loadNames?: () => Promise<Names>;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(emojiStyles);
document.adoptedStyleSheets.push(sheet);

/** A picker of its own, and what it was asked for. */
async function open({ recent = [], dir = 'ltr', loadNames = () => Promise.resolve(EMOJI_NAMES) }: Setting = {}) {
  localStorage.removeItem('chat-room:emoji');
  const root = await fixture<HTMLElement>(html`<div dir=${dir} style="inline-size: 300px; font: 16px sans-serif"></div>`);
  const memory = new EmojiMemory();
  for (const emoji of recent.toReversed()) memory.add(emoji);
  const picked: string[] = [];
  let closed = 0;
  const show = (): unknown => render(picker.render(), root);
  const picker = new EmojiPicker({
    memory,
    drawn: { version: 17, flags: true },
    t: translator(english, { tag: 'en', phrases: {} }),
    language: 'en',
    loadNames,
    onPick: (emoji) => picked.push(emoji),
    onClose: () => closed++,
    requestUpdate: show,
  });
  show();
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? expect.fail(`No ${selector}`);
  const options = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[role="option"]')];
  const search = async (text: string): Promise<void> => {
    const field = find('.emoji-search') as HTMLInputElement;
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await loadNames().catch(() => undefined);
    await Promise.resolve();
    await new Promise(requestAnimationFrame);
  };
  return {
    root,
    memory,
    picked,
    closed: () => closed,
    find,
    options,
    search,
    shown: () => options().map((one) => one.innerText.trim()),
  };
}

const focused = (): string => (document.activeElement as HTMLElement).innerText.trim();

describe('the emoji picker', () => {
  it('shows a group at a time, first what was picked lately', async () => {
    const { find, shown, root } = await open({ recent: ['🔥', '🎉'] });
    expect(shown()).to.deep.equal(['🔥', '🎉']);
    find('[aria-label="Flags"]').click();
    expect(shown()).to.include('🇩🇪');
    expect(shown()).to.not.include('🔥');
    expect(root.querySelectorAll('[role="tab"][aria-selected="true"]')).to.have.length(1);
  });

  it('picks with a press, and remembers it', async () => {
    const { options, picked, memory } = await open();
    options()[2]?.click();
    expect(picked).to.deep.equal(['😄']);
    expect(memory.recent).to.deep.equal(['😄']);
    expect(new EmojiMemory().recent).to.deep.equal(['😄']);
  });

  it('finds by name, and Enter takes the first', async () => {
    const { search, shown, picked, find } = await open();
    await search('party pop');
    expect(shown()).to.deep.equal(['🎉']);
    press(find('.emoji-search'), 'Enter');
    expect(picked).to.deep.equal(['🎉']);
    await search('xyzzy');
    expect(shown()).to.deep.equal([]);
    expect(find('[role="status"]').innerText).to.equal('No emoji found.');
    await search('');
    expect(shown()).to.include('😀');
  });

  it('keeps the space behind a word, while somebody types the next', async () => {
    const { search, find } = await open();
    await search('black ');
    expect((find('.emoji-search') as HTMLInputElement).value).to.equal('black ');
  });

  it('says so where the names can’t be had, and tries again with the next letter', async () => {
    let isOnline = false;
    const loadNames = (): Promise<Names> => (isOnline ? Promise.resolve(EMOJI_NAMES) : Promise.reject(new Error('offline')));
    const { search, find, shown } = await open({ loadNames });
    await search('fir');
    expect(find('[role="status"]').innerText).to.equal('The search could not be loaded.');
    isOnline = true;
    await search('fire');
    expect(shown()).to.include('🔥');
  });

  it('leaves the keys to whoever composes a word', async () => {
    const { search, find, picked } = await open();
    await search('fire');
    press(find('.emoji-search'), 'Enter', { isComposing: true });
    press(find('.emoji-search'), 'Enter', { keyCode: 229 });
    expect(picked).to.deep.equal([]);
  });

  it('is one stop for the Tab key, in which the arrows move', async () => {
    const { find, options, root } = await open();
    const stops = (): number => root.querySelectorAll('[role="option"][tabindex="0"]').length;
    const columns = options().findIndex((one) => one.offsetTop > (options()[0]?.offsetTop ?? 0));
    find('.emoji-search').focus();
    press(find('.emoji-search'), 'ArrowDown');
    expect(focused()).to.equal('😀');
    const to = (key: string): string => {
      press(document.activeElement as Element, key);
      expect(stops()).to.equal(1);
      return focused();
    };
    expect(to('ArrowRight')).to.equal('😃');
    expect(to('ArrowLeft')).to.equal('😀');
    expect(to('ArrowDown')).to.equal(options()[columns]?.innerText.trim());
    expect(to('End')).to.equal(options().at(-1)?.innerText.trim());
    expect(to('Home')).to.equal('😀');
    expect(to('PageDown')).to.not.equal('😀');
    expect(to('PageUp')).to.equal('😀');
    press(document.activeElement as Element, 'ArrowUp');
    expect(document.activeElement).to.equal(find('.emoji-search'));
  });

  it('moves the other way from right to left', async () => {
    const { find } = await open({ dir: 'rtl' });
    press(find('.emoji-search'), 'ArrowDown');
    press(document.activeElement as Element, 'ArrowLeft');
    expect(focused()).to.equal('😃');
  });

  it('moves among the tabs, and shows what is on them', async () => {
    const { find, shown } = await open();
    find('[role="tab"][tabindex="0"]').focus();
    press(document.activeElement as Element, 'ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).to.equal('People and gestures');
    expect(shown()[0]).to.equal('👋');
  });

  it('closes with Escape, and nothing else hears of it', async () => {
    const { find, root, closed } = await open();
    let heard = 0;
    root.addEventListener('keydown', () => heard++);
    expect(press(find('.emoji-search'), 'Escape')).to.equal(false);
    expect([closed(), heard]).to.deep.equal([1, 0]);
  });

  it('gives the chosen skin tone to those who have one', async () => {
    const { find, shown, memory } = await open();
    find('[aria-label="People and gestures"]').click();
    find('.emoji-tone').click();
    expect(memory.tone).to.equal(1);
    expect(shown()[0]).to.equal('👋🏻');
    expect(shown()).to.include('🧠');
  });

  it('fits into 280 pixels with targets for fingers, and nothing of it is cut off', async () => {
    const { root, find, options } = await open();
    root.style.inlineSize = '280px';
    find('.emoji-picker').style.inlineSize = '280px';
    find('.emoji-picker').style.setProperty('--_cell', '44px');
    expect(find('.emoji-grid').scrollWidth).to.be.at.most(find('.emoji-grid').clientWidth);
    expect(options()[0]?.offsetWidth).to.be.at.least(44);
    expect(options()[0]?.offsetHeight).to.equal(44);
  });

  it('is accessible, with results and without', async () => {
    const { root, search } = await open({ recent: ['🔥'] });
    await expect(root).to.be.accessible();
    await search('cat');
    await expect(root).to.be.accessible();
    await search('xyzzy');
    await expect(root).to.be.accessible();
  });
});
