import { expect, waitUntil } from '@open-wc/testing';
import { ADA, BOB, ME, message, NOON } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf } from './support/mount.ts';

const CARL = { id: 'm-carl', name: 'Carl' };
const MUTE = { kind: 'mute', member: BOB, at: NOON, by: ADA } as const;
const BAN = { kind: 'ban', member: CARL, until: Date.now() + 400 * 86_400_000, at: NOON, by: ADA } as const;

async function choose({ element }: Mounted, name: string): Promise<void> {
  findAll(element, '.menu button, .sheet button')
    .find((button) => button.textContent?.trim() === name)
    ?.click();
  await settled(element);
}

/** Answers the oldest open request of the list. */
async function answer({ element, room }: Mounted, reply: unknown): Promise<void> {
  await waitUntil(() => room.requests.length > 0);
  room.requests.shift()?.resolve(reply);
  await settled(element);
}

async function mountList(reply: unknown): Promise<Mounted> {
  const mounted = await mount();
  const { element, room } = mounted;
  room.settings = { slowModeMs: 0, you: { write: true, moderate: true } };
  room.goLive([message()], [ADA, BOB, ME]);
  await settled(element);
  find(element, '[part=menu-button]').click();
  await waitUntil(() => findAll(element, '.menu').length > 0);
  await settled(element);
  await choose(mounted, 'Muted and banned');
  await answer(mounted, reply);
  return mounted;
}

const entries = (element: Element): string => textOf(element, '.person .sanction');

describe('who is muted and banned', () => {
  it('is listed for who may moderate, with until when, and named for a screen reader', async () => {
    const { element, room } = await mountList({ type: 'sanctions', sanctions: [MUTE, BAN] });
    expect(room.calls).to.include('request sanctions');
    expect(entries(element)).to.match(/^Bobmuted \| Carlbanned until \w+ \d+, \d{4}, /u);
    expect(find(element, '.sheet').getAttribute('aria-label')).to.equal('Muted and banned');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.sheet button'));
    const lift = find(element, '[data-sanction="mute:m-bob"]');
    const label = lift.getAttribute('aria-labelledby')?.split(' ') ?? [];
    expect(label.map((id) => find(element, `#${id}`).textContent?.trim()).join(' ')).to.equal('Unmute Bob');
    await expectAccessible(element);
    press(find(element, '.sheet button'), 'Escape');
    await settled(element);
    expect(findAll(element, '.sheet')).to.have.length(0);
    expect(room.calls.filter((call) => call === 'request sanctions')).to.have.length(1);
  });

  it('is led to from the people who are here, and says that there is nobody', async () => {
    const mounted = await mountList({ type: 'sanctions', sanctions: [] });
    const { element } = mounted;
    expect(textOf(element, '.sheet-note')).to.equal('Nobody is muted or banned.');
    await choose(mounted, '');
    find(element, '[part=menu-button]').click();
    await waitUntil(() => findAll(element, '.menu').length > 0);
    await choose(mounted, 'People');
    await choose(mounted, 'Muted and banned');
    await answer(mounted, { type: 'sanctions', sanctions: [MUTE] });
    expect(entries(element)).to.equal('Bobmuted');
  });

  it('is taken back in place: the relay is asked once, and the focus goes on to the next', async () => {
    const mounted = await mountList({ type: 'sanctions', sanctions: [MUTE, BAN] });
    const { element, room } = mounted;
    const lift = find(element, '[data-sanction="mute:m-bob"]');
    lift.focus();
    lift.click();
    await settled(element);
    lift.click();
    const asked = room.calls.filter((call) => call.startsWith('moderate'));
    expect(asked).to.deep.equal([`moderate ${JSON.stringify({ type: 'unmute', member: BOB })}`]);
    expect(lift.getAttribute('aria-disabled')).to.equal('true');
    room.changes.shift()?.resolve();
    await settled(element);
    expect(entries(element)).to.match(/^Carlbanned/u);
    expect(textOf(element, '.toast')).to.equal('Bob may write again');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '[data-sanction="ban:m-carl"]'));
  });

  it('stays in the list where the relay refuses, and says so', async () => {
    const mounted = await mountList({ type: 'sanctions', sanctions: [MUTE] });
    const { element, room } = mounted;
    find(element, '[data-sanction]').click();
    await waitUntil(() => room.changes.length > 0);
    room.changes.shift()?.reject(new Error('no'));
    await settled(element);
    expect(entries(element)).to.equal('Bobmuted');
    expect(textOf(element, '.toast')).to.equal('That didn’t work. Try again.');
    expect(find(element, '[data-sanction]').getAttribute('aria-disabled')).to.equal('false');
  });

  it('follows the log while it is open: what that says is newer than any page', async () => {
    const mounted = await mountList({ type: 'sanctions', sanctions: [MUTE], next: 'page-2' });
    const { element, room } = mounted;
    await choose(mounted, 'More');
    room.receive(
      message({ offset: 2, text: '', notice: { type: 'unban', member: CARL } }),
      message({ offset: 3, text: '', notice: { type: 'ban', member: ADA } }),
      message({ offset: 4, text: '', notice: { type: 'unmute', member: BOB } }),
    );
    await answer(mounted, { type: 'sanctions', sanctions: [BAN] });
    expect(entries(element)).to.equal('Ada Lovelacebanned');
    expect(findAll(element, '.sheet .link')).to.have.length(0);
  });

  it('can be read again where that failed', async () => {
    const mounted = await mountList(undefined);
    const { element } = mounted;
    expect(textOf(element, '.sheet-note')).to.equal('That didn’t work. Try again. Retry');
    await choose(mounted, 'Retry');
    await answer(mounted, { type: 'sanctions', sanctions: [MUTE] });
    expect(entries(element)).to.equal('Bobmuted');
  });
});
