import { expect, fixture, html, nextFrame, oneEvent } from '@open-wc/testing';
import type { ChatRoom } from '../../widget/src/chat-room.ts';
import type { TestClock } from './support/clock.ts';
import { stopClock } from './support/clock.ts';
import { ADA, FakeClient, ME, message, messages } from './support/fake-client.ts';
import { expectAccessible, find, findAll, mount, settled, textOf } from './support/mount.ts';

describe('the connection', () => {
  let clock: TestClock;
  beforeEach(() => {
    clock = stopClock();
  });
  afterEach(() => clock.restore());

  /** The audit needs a clock that goes. */
  function expectAccessibleNow(element: Element): Promise<void> {
    clock.restore();
    return expectAccessible(element);
  }

  it('is spoken of only after it has been down for two seconds, and shortly once it is back', async () => {
    const { element, client, room } = await mount();
    room.goLive([message()]);
    client.setStatus('offline');
    clock.advance(1_999);
    await settled(element);
    expect(findAll(element, '.bar')).to.have.length(0);
    expect(textOf(element, '.subtitle')).to.equal('Live · 3 members');
    clock.advance(1);
    await settled(element);
    expect(textOf(element, '.bar')).to.equal('Connection lost. Reconnecting… You can keep typing.');
    expect(textOf(element, '.subtitle')).to.equal('Connecting…');

    client.setStatus('connecting');
    clock.advance(10_000);
    client.setStatus('online');
    await settled(element);
    expect(textOf(element, '.bar')).to.equal('Back online');
    clock.advance(2_500);
    await settled(element);
    expect(findAll(element, '.bar')).to.have.length(0);
  });

  it('is not spoken of where it is back in time', async () => {
    const { element, client, room } = await mount();
    room.goLive([message()]);
    client.setStatus('offline');
    clock.advance(1_500);
    client.setStatus('online');
    clock.advance(60_000);
    await settled(element);
    expect(findAll(element, '.bar')).to.have.length(0);
  });

  it('is told with the number of messages that wait, over the log and without moving it', async () => {
    const { element, client, room } = await mount();
    room.goLive(messages(1, 30));
    await settled(element);
    client.setStatus('offline');
    void element.send('one');
    void element.send('two');
    await settled(element);
    const before = find(element, '.log').getBoundingClientRect().top;
    clock.advance(2_000);
    await settled(element);
    expect(textOf(element, '.bar')).to.equal('Connection lost. Reconnecting… You can keep typing; 2 messages queued.');
    expect(find(element, '.log').getBoundingClientRect().top).to.equal(before);
    await expectAccessibleNow(element);
  });

  it('says for good why it ended', async () => {
    const { element, client, room } = await mount();
    room.goLive([message()]);
    client.setStatus('closed', 'unauthorized');
    await settled(element);
    expect(textOf(element, '.bar')).to.equal('You need to sign in to chat here.');
    await expectAccessibleNow(element);
  });

  it('shows skeletons until the room is there, and then what the room is like', async () => {
    const { element, room } = await mount();
    expect(find(element, '.skeleton').getAttribute('aria-label')).to.equal('Loading messages…');
    expect(getComputedStyle(find(element, '.skeleton')).animationDelay).to.equal('0.15s');
    expect(find(element, '[role="log"]').getAttribute('aria-busy')).to.equal('true');
    room.goLive([]);
    await settled(element);
    room.loads.shift()?.resolve({ atStart: true });
    await settled(element);
    expect(textOf(element, '.empty-title')).to.equal('Welcome to lobby');
    expect(find(element, '[role="log"]').getAttribute('aria-busy')).to.equal('false');
    await expectAccessibleNow(element);
  });

  it('tells the page: ready, status, message', async () => {
    const { element, client, room } = await mount();
    const seen: string[] = [];
    for (const name of ['chat-room-ready', 'chat-room-status', 'chat-room-message'] as const) {
      document.addEventListener(name, (event) => seen.push(`${name} ${JSON.stringify(event.detail)}`), { once: true });
    }
    room.goLive([message()]);
    room.receive(message({ offset: 2 }));
    client.setStatus('offline');
    await settled(element);
    expect(seen[0]).to.equal('chat-room-ready {"room":"lobby"}');
    expect(seen[1]).to.include('"text":"Message 2"');
    expect(seen[2]).to.equal('chat-room-status {"status":"offline"}');
  });

  it('announces new messages of others: one by name, several as a number, never history', async () => {
    const { element, room } = await mount();
    const spoken = (): string => textOf(element, '[role="status"]');
    room.goLive(messages(21, 40));
    await settled(element);
    expect(spoken()).to.equal('');
    room.receive(message({ offset: 41, text: 'Hi' }));
    await settled(element);
    expect(spoken()).to.equal('Ada Lovelace: Hi');
    room.receive(...messages(42, 45));
    room.receive(message({ offset: 46, from: ME }));
    await settled(element);
    expect(spoken()).to.equal('Ada Lovelace: Hi');
    clock.advance(4_000);
    await settled(element);
    expect(spoken()).to.equal('4 new messages');
    room.answerLoad(messages(1, 20));
    clock.advance(10_000);
    await settled(element);
    expect(spoken()).to.equal('4 new messages');
  });

  it('starts anew where the log does: nothing of the new one counts as unread', async () => {
    const { element, room } = await mount();
    room.goLive(messages(1, 20));
    await settled(element);
    room.emit('discontinuity', { reason: 'epoch' });
    room.show(messages(100, 140));
    await settled(element);
    expect(textOf(element, '[role="status"]')).to.equal('');
    expect(findAll(element, '.jump, .unread')).to.have.length(0);
    const log = find(element, '.log');
    expect(log.scrollHeight - log.scrollTop - log.clientHeight).to.be.at.most(1);
  });
});

describe('the element in the document', () => {
  it('keeps its chat when it is moved, with the place it was scrolled to', async () => {
    const { element, room } = await mount();
    room.goLive(messages(1, 60));
    await settled(element);
    const log = find(element, '.log');
    log.scrollTop = 700;
    await settled(element);
    const top = log.scrollTop;
    const elsewhere = document.createElement('div');
    document.body.append(elsewhere);
    elsewhere.append(element);
    await settled(element);
    await nextFrame();
    expect(room.calls).to.not.include('leave');
    expect(log.scrollTop).to.be.closeTo(top, 1);
    room.receive(message({ offset: 61 }));
    await settled(element);
    expect(textOf(element, '.jump')).to.equal('1 new message');
    elsewhere.remove();
  });

  it('leaves when it is removed, and forgets its listeners; the page keeps its own client', async () => {
    const { element, client, room } = await mount();
    room.goLive([message()]);
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(room.calls.at(-1)).to.equal('leave');
    expect(room.listenerCount).to.equal(0);
    expect(client.isClosed).to.equal(false);
    document.body.append(element);
    await settled(element);
    expect(room.calls.filter((call) => call === 'join')).to.have.length(2);
    element.remove();
  });

  it('changes rooms: leaves the one, joins the other', async () => {
    const { element, client, room } = await mount();
    room.goLive(messages(1, 5));
    await settled(element);
    element.room = 'kitchen';
    await settled(element);
    expect(room.calls.at(-1)).to.equal('leave');
    client.room('kitchen').goLive([message({ text: 'in the kitchen', from: ADA })]);
    await settled(element);
    expect(textOf(element, '.title')).to.equal('kitchen');
    expect(textOf(element, '.text')).to.equal('in the kitchen');
  });

  it('shares a room with another element: the first to go does not take the other out', async () => {
    const { element, client, room } = await mount();
    room.goLive([message()]);
    const other = await fixture<ChatRoom>(html`<chat-room room="lobby" .client=${client}></chat-room>`);
    await settled(other);
    expect(room.calls.filter((call) => call === 'join')).to.have.length(1);
    expect(textOf(other, '.text')).to.equal('Message 1');
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(room.calls).to.not.include('leave');
    other.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(room.calls.at(-1)).to.equal('leave');
  });

  it('does not leave a room that the page itself had joined', async () => {
    const client = new FakeClient();
    await client.room('lobby').join();
    const element = await fixture<ChatRoom>(html`<chat-room room="lobby" .client=${client}></chat-room>`);
    await settled(element);
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(client.room('lobby').calls).to.deep.equal(['join']);
  });

  it('names a room after the page where it has no name', async () => {
    const client = new FakeClient();
    const element = await fixture<ChatRoom>(html`<chat-room .client=${client}></chat-room>`);
    await settled(element);
    expect([...client.rooms.keys()]).to.deep.equal([`${location.origin}${location.pathname}`]);
    expect(textOf(element, '.title')).to.equal(`${location.host}${location.pathname}`.replace(/\/$/u, ''));
  });

  it('says so where no relay is known', async () => {
    const element = document.createElement('chat-room');
    element.relay = 'ftp://example.com/';
    setTimeout(() => document.body.append(element));
    const event = await oneEvent(element, 'chat-room-error');
    expect(event.detail.error.code).to.equal('no_relay');
    await settled(element);
    expect(textOf(element, '.bar')).to.equal('This chat is not connected to a relay.');
    element.remove();
  });
});
