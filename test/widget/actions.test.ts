import { ChatError } from '@chat-room/sdk';
import { expect, waitUntil } from '@open-wc/testing';
import { ADA, BOB, ME, message, messages } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf, type } from './support/mount.ts';

/** A room with a message of Ada's and one of one's own, and the toolbar of the one with `key` open. */
async function mountWithToolbar(key: string): Promise<Mounted> {
  const mounted = await mount();
  mounted.room.goLive([message({ offset: 1, text: 'What is **new**?' }), message({ offset: 2, from: ME, text: 'Not much' })]);
  await settled(mounted.element);
  await openToolbar(mounted, key);
  return mounted;
}

async function openToolbar({ element }: Mounted, key: string): Promise<void> {
  const message = find(element, `[data-key="${key}"]`);
  message.focus();
  await waitUntil(() => message.querySelector('.toolbar'), 'There is a toolbar', { timeout: 5_000 });
  await settled(element);
}

/** Presses the button or menu item of that name, once it is there. */
async function choose({ element }: Mounted, name: string): Promise<void> {
  const found = (): HTMLElement | undefined =>
    findAll(element, 'button').find(
      (button) => button.getAttribute('aria-label') === name || button.textContent?.trim() === name,
    );
  await waitUntil(found, `There is a button ${name}`, { timeout: 5_000 });
  found()?.click();
  await settled(element);
}

/** Until the menu is there: a part of it may have to be loaded first. */
async function menuOf({ element }: Mounted): Promise<string> {
  await waitUntil(() => findAll(element, '[role=menuitem]').length > 0, 'There is a menu', { timeout: 5_000 });
  await settled(element);
  return textOf(element, '[role=menuitem]');
}

describe('what one does with a message', () => {
  it('is offered on the message that has the focus, and only there', async () => {
    const mounted = await mountWithToolbar('k1');
    const { element } = mounted;
    expect(findAll(element, '.toolbar')).to.have.length(1);
    expect(findAll(element, '.toolbar button').map((button) => button.getAttribute('aria-label'))).to.deep.equal([
      'React',
      'Reply',
      'More',
    ]);
    await expectAccessible(element);
    find(element, 'textarea').focus();
    await settled(element);
    expect(findAll(element, '.toolbar')).to.have.length(0);
  });

  it('is not offered where there is nothing to do', async () => {
    const { element, room } = await mount();
    room.goLive([message({ offset: 1, text: '', deletedAt: 1 })]);
    await settled(element);
    find(element, '.message').focus();
    await settled(element);
    expect(findAll(element, '.toolbar')).to.have.length(0);
  });

  it('react: a palette, a pill with names, and a second press takes it back', async () => {
    const mounted = await mountWithToolbar('k1');
    const { element, room } = mounted;
    await choose(mounted, 'React');
    expect(find(element, '.popover').matches(':popover-open')).to.equal(true);
    expect(element.shadowRoot?.activeElement?.textContent).to.equal('👍');
    await expectAccessible(element);
    await choose(mounted, '🎉');
    expect(room.calls).to.include('react e1:1 🎉');
    expect(find(element, '.popover').matches(':popover-open')).to.equal(false);

    room.change('e1:1', (old) => ({ ...old, reactions: [{ reaction: '🎉', members: [ME.id, BOB.id] }] }));
    await settled(element);
    const pill = find(element, '.reaction');
    expect(pill.getAttribute('aria-pressed')).to.equal('true');
    expect(pill.title).to.equal('You, Bob');
    pill.click();
    await settled(element);
    expect(room.calls).to.include('unreact e1:1 🎉');
  });

  it('reply: a chip above the box, Escape takes it back, sending sends it along', async () => {
    const mounted = await mountWithToolbar('k1');
    const { element, room } = mounted;
    await choose(mounted, 'Reply');
    expect(textOf(element, '.intent-text')).to.equal('Replying to Ada Lovelace What is new?');
    const box = find(element, 'textarea');
    expect(element.shadowRoot?.activeElement).to.equal(box);
    await expectAccessible(element);
    press(box, 'Escape');
    await settled(element);
    expect(findAll(element, '.intent')).to.have.length(0);

    await openToolbar(mounted, 'k1');
    await choose(mounted, 'Reply');
    press(type(element, 'Nothing'), 'Enter');
    await settled(element);
    expect(room.sends[0]?.options).to.deep.include({ replyTo: 'e1:1' });
    expect(findAll(element, '.intent')).to.have.length(0);
    expect(textOf(element, '.quote')).to.equal('Ada Lovelace What is new?');
  });

  it('jump: a quote leads to what it answers, and marks it', async () => {
    const { element, room } = await mount();
    room.goLive([...messages(1, 100), message({ offset: 101, replyTo: 'e1:5', text: 'yes' })]);
    await settled(element);
    find(element, '.quote').click();
    await settled(element);
    await settled(element);
    const target = find(element, '[data-key="k5"]');
    expect(target.classList.contains('target')).to.equal(true);
    expect(element.shadowRoot?.activeElement).to.equal(target);
    const log = find(element, '.log').getBoundingClientRect();
    expect(target.getBoundingClientRect().top).to.be.within(log.top, log.bottom);
  });

  it('jump: loads the log back to a message that is not there yet', async () => {
    const { element, room } = await mount();
    room.goLive([message({ offset: 101, replyTo: 'e1:5', text: 'yes' })]);
    await settled(element);
    room.answerLoad(messages(60, 100)); // what the log asks for by itself
    await settled(element);
    find(element, '.quote').click();
    await settled(element);
    await settled(element);
    room.answerLoad(messages(30, 59));
    await settled(element);
    room.answerLoad(messages(1, 29), true);
    await settled(element);
    await settled(element);
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '[data-key="k5"]'));
  });

  it('edit: the Up key in an empty box brings back the last of one’s own; the draft waits', async () => {
    const mounted = await mountWithToolbar('k2');
    const { element, room } = mounted;
    const box = find<HTMLTextAreaElement>(element, 'textarea');
    press(box, 'ArrowUp');
    await settled(element);
    expect(box.value).to.equal('Not much');
    expect(textOf(element, '.intent-text b')).to.equal('Editing a message');
    press(type(element, 'Not much, really'), 'Enter');
    await settled(element);
    expect(room.calls).to.include('edit e1:2 Not much, really');
    expect(room.sends).to.have.length(0);
    expect(box.value).to.equal('');

    type(element, 'a draft');
    await openToolbar(mounted, 'k2');
    await choose(mounted, 'More');
    await choose(mounted, 'Edit');
    expect(box.value).to.equal('Not much');
    press(box, 'Escape');
    await settled(element);
    expect(box.value).to.equal('a draft');
    type(element, '');
  });

  it('delete: asks once, then deletes; of others only for who may moderate', async () => {
    const mounted = await mountWithToolbar('k2');
    const { element, room } = mounted;
    await choose(mounted, 'More');
    expect(await menuOf(mounted)).to.equal('Edit | Copy text | Delete');
    await expectAccessible(element);
    await choose(mounted, 'Delete');
    expect(room.calls).to.not.include('delete e1:2');
    await choose(mounted, 'Delete for everyone');
    expect(room.calls).to.include('delete e1:2');
    room.changes[0]?.reject(new ChatError('forbidden'));
    await settled(element);
    await settled(element);
    expect(textOf(element, '.toast')).to.equal('That didn’t work. Try again.');

    await openToolbar(mounted, 'k1');
    await choose(mounted, 'More');
    expect(await menuOf(mounted)).to.equal('Copy text');
  });

  it('the menu is walked by the arrow keys, and closed by Escape, which leads back', async () => {
    const mounted = await mountWithToolbar('k2');
    const { element } = mounted;
    await choose(mounted, 'More');
    const active = (): string => element.shadowRoot?.activeElement?.textContent?.trim() ?? '';
    expect(active()).to.equal('Edit');
    for (const [key, expected] of [
      ['ArrowDown', 'Copy text'],
      ['ArrowUp', 'Edit'],
      ['ArrowUp', 'Delete'],
      ['Home', 'Edit'],
      ['End', 'Delete'],
    ] as const) {
      press(element.shadowRoot?.activeElement ?? element, key);
      expect(active()).to.equal(expected);
    }
    find(element, '.popover').hidePopover();
    await settled(element);
    expect(element.shadowRoot?.activeElement?.getAttribute('aria-label')).to.equal('More');
  });
});

describe('moderation', () => {
  async function mountModerator(): Promise<Mounted> {
    const mounted = await mount();
    mounted.room.settings = { slowModeMs: 0, you: { write: true, moderate: true } };
    mounted.room.goLive([message({ offset: 1 })]);
    await settled(mounted.element);
    await openToolbar(mounted, 'k1');
    return mounted;
  }

  it('offers to pin, delete, mute and ban who may, and asks the relay', async () => {
    const mounted = await mountModerator();
    const { element, room } = mounted;
    await choose(mounted, 'More');
    await settled(element);
    expect(await menuOf(mounted)).to.equal('Copy text | Pin | Delete | Mute Ada Lovelace… | Ban Ada Lovelace…');
    await expectAccessible(element);
    await choose(mounted, 'Mute Ada Lovelace…');
    expect(await menuOf(mounted)).to.equal('10 minutes | 1 hour | 1 day | 7 days | Until it is taken back');
    await choose(mounted, 'Until it is taken back');
    expect(room.calls).to.include(`moderate ${JSON.stringify({ type: 'mute', member: ADA })}`);
    await openToolbar(mounted, 'k1');
    await choose(mounted, 'More');
    await choose(mounted, 'Pin');
    expect(room.calls).to.include('moderate {"type":"pin","target":1}');
  });

  it('shows what was done to the room, and the pinned message, which leads to itself', async () => {
    const { element, room } = await mount();
    room.log = messages(1, 3);
    room.settings = { pinned: 2, slowModeMs: 0, you: { write: true, moderate: false } };
    room.goLive([
      message({ offset: 50, text: '', notice: { type: 'pin', target: 2 } }),
      message({ offset: 51, text: '', notice: { type: 'slowMode', intervalMs: 30_000 } }),
      message({ offset: 52, text: '', notice: { type: 'mute', member: BOB } }),
    ]);
    await settled(element);
    await settled(element);
    expect(textOf(element, '.notice')).to.equal(
      'Ada Lovelace pinned a message | Slow mode: one message every 30 seconds | Bob was muted',
    );
    expect(textOf(element, '.pinned span')).to.match(/^Ada Lovelace Message 2/u);
    await expectAccessible(element);
  });

  it('tells somebody who is muted, in the place of the box, and lets them write again', async () => {
    const { element, room } = await mount();
    room.settings = { slowModeMs: 0, you: { write: true, moderate: false, mutedUntil: Date.now() + 60_000 } };
    room.goLive([message()]);
    await settled(element);
    expect(textOf(element, '.readonly')).to.equal('You can’t write here at the moment.');
    room.settings = { slowModeMs: 0, you: { write: true, moderate: false } };
    room.emit('settings', room.settings);
    await settled(element);
    expect(findAll(element, 'textarea')).to.have.length(1);
  });
});
