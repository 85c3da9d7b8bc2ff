import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ADA, BOB, failed, ME, message, NOON, sending } from './support/fake-client.ts';
import { expectAccessible, find, findAll, mount, settled, textOf } from './support/mount.ts';

describe('messages', () => {
  it('stand in groups: name and avatar once, own ones without', async () => {
    const { element, room } = await mount();
    room.goLive([
      message({ offset: 1 }),
      message({ offset: 2 }),
      message({ offset: 3, from: ME }),
      message({ offset: 4, from: BOB }),
    ]);
    await settled(element);

    expect(textOf(element, '.author')).to.equal('Ada Lovelace | Bob');
    expect(textOf(element, '.message .avatar')).to.equal('AL | B');
    expect(textOf(element, '.text')).to.equal('Message 1 | Message 2 | Message 3 | Message 4');
    const [ada, grace] = [findAll(element, '.message')[0], find(element, '.message.own')];
    expect(grace.getBoundingClientRect().right).to.be.closeTo(find(element, '.rows').getBoundingClientRect().right - 16, 1);
    expect(ada?.getBoundingClientRect().left).to.be.closeTo(find(element, '.rows').getBoundingClientRect().left + 16, 1);
  });

  it('are parted by days, by what the reader calls them', async () => {
    const { element, room } = await mount();
    const yesterday = new Date();
    yesterday.setDate(yesterday.getDate() - 1);
    room.goLive([
      message({ offset: 1, at: new Date(2019, 2, 9).getTime() }),
      message({ offset: 2, at: yesterday.getTime() }),
      message({ offset: 3, at: Date.now() }),
    ]);
    await settled(element);
    expect(textOf(element, '.day-label')).to.equal('March 9, 2019 | Yesterday | Today');
    element.lang = 'de';
    await settled(element);
    expect(textOf(element, '.day-label')).to.equal('9. März 2019 | Gestern | Heute');
  });

  it('show what became of them: edited, deleted, answered, reacted to', async () => {
    const { element, room } = await mount();
    room.goLive([
      message({ offset: 1, text: 'first' }),
      message({ offset: 2, text: 'changed', editedAt: NOON }),
      message({ offset: 3, text: '', deletedAt: NOON }),
      message({ offset: 4, text: 'yes', replyTo: 'e1:1', reactions: [{ reaction: '👍', members: ['a', 'b'] }] }),
      message({ offset: 5, text: 'lost', replyTo: 'e1:0' }),
    ]);
    await settled(element);
    expect(textOf(element, '.text')).to.equal('first | changed (edited) | yes | lost');
    expect(textOf(element, '.bubble.deleted')).to.equal('Message deleted');
    expect(textOf(element, '.quote')).to.equal('Ada Lovelace first | Earlier message');
    expect(textOf(element, '.reaction')).to.equal('👍2');
    await expectAccessible(element);
  });

  it('show a reaction of words in the font of words, since fonts of emoji have wide digits', async () => {
    const { element, room } = await mount();
    const members = ['a'];
    room.goLive([message({ offset: 1, reactions: ['❤️', '+1', 'agreed'].map((reaction) => ({ reaction, members })) })]);
    await settled(element);
    const ofWords = getComputedStyle(find(element, '.reactions')).fontFamily;
    const pills = findAll(element, '.reaction > :first-child');
    expect(pills.map((pill) => getComputedStyle(pill).fontFamily === ofWords)).to.deep.equal([false, true, true]);
  });

  it('say whether they are on their way, and offer to retry or delete where they failed', async () => {
    const { element, room } = await mount();
    room.goLive([failed(message({ offset: 1, from: ME })), sending(message({ offset: 2, from: ME }))]);
    await settled(element);
    expect(find(element, '.delivery').title).to.equal('Sending…');
    expect(textOf(element, '.failure')).to.equal('Not sent Retry Delete');
    await expectAccessible(element);

    const [retry, discard] = findAll(element, '.failure button');
    retry?.click();
    expect(room.calls).to.include('retry e1:1');
    discard?.click();
    await settled(element);
    expect(room.calls).to.include('discard e1:1');
    expect(textOf(element, '.text')).to.equal('Message 2');
  });

  it('are text, whatever they hold', async () => {
    const { element, room } = await mount();
    const attacks = [
      '<img src=x onerror="globalThis.hacked = true">',
      '<script>globalThis.hacked = true</script>',
      'javascript:globalThis.hacked=true',
      'https://user@evil.example/',
      '"><svg onload=globalThis.hacked=true>',
    ];
    room.goLive(attacks.map((text, i) => message({ offset: i + 1, text, from: { id: `m${i}`, name: `<b onclick=x>${i}</b>` } })));
    await settled(element);
    expect(textOf(element, '.text')).to.equal(attacks.join(' | '));
    expect(findAll(element, '.log img, .log script, .log b, .log .text a')).to.have.length(0);
    expect(findAll(element, '.message svg')).to.have.length(0);
    expect(globalThis).to.not.have.property('hacked');
  });

  it('link web addresses, and keep the page that is linked to from knowing this one', async () => {
    const { element, room } = await mount();
    room.goLive([message({ text: 'See https://example.com/a_(b). Thanks' })]);
    await settled(element);
    const link = find<HTMLAnchorElement>(element, '.text a');
    expect(link.href).to.equal('https://example.com/a_(b)');
    expect(link.rel).to.equal('noopener noreferrer nofollow ugc');
    expect(link.target).to.equal('_blank');
  });

  it('can be drawn by the page, which may leave one to the widget', async () => {
    const { element, room } = await mount({
      renderMessage: ({ text }) => (text === 'plain' ? undefined : html`<em>${text}</em>`),
    });
    room.goLive([message({ offset: 1, text: 'plain' }), message({ offset: 2, text: '<special>' })]);
    await settled(element);
    expect(textOf(element, '.text')).to.equal('plain | <special>');
    expect(textOf(element, '.text em')).to.equal('<special>');
  });

  it('have faces and colours that can be told apart and read, in both themes', async () => {
    const { element, room } = await mount();
    const people = Array.from({ length: 40 }, (_, i) => ({ id: `m-${i}`, name: `Person ${i}` }));
    room.goLive(people.map((from, i) => message({ offset: i + 1, from, text: 'https://example.com and text' })));
    for (const theme of ['light', 'dark'] as const) {
      element.theme = theme;
      await settled(element);
      await expectAccessible(element);
    }
    expect(new Set(findAll(element, '.message .avatar').map(({ dataset }) => dataset['hue'])).size).to.equal(12);
  });

  it('tell who is typing, in a row that is always as high', async () => {
    const { element, room } = await mount();
    room.goLive([message()]);
    await settled(element);
    const height = find(element, '.typing').offsetHeight;
    room.setTypers(ADA);
    await settled(element);
    expect(textOf(element, '.typing')).to.equal('Ada Lovelace is typing…');
    room.setTypers(ADA, BOB);
    await settled(element);
    expect(textOf(element, '.typing')).to.equal('Ada Lovelace and Bob are typing…');
    room.setTypers(ADA, BOB, ME);
    await settled(element);
    expect(textOf(element, '.typing')).to.equal('Several people are typing…');
    expect(find(element, '.typing').offsetHeight).to.equal(height);
  });
});
