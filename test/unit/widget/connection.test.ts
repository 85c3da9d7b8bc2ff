import { ChatError } from '@chat-room/sdk';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Announcer, QUIET_MS } from '../../../widget/src/connection/announcer.ts';
import type { Notice } from '../../../widget/src/connection/connection-notice.ts';
import { BACK_FOR_MS, ConnectionNotice, DOWN_AFTER_MS } from '../../../widget/src/connection/connection-notice.ts';
import { leaseClient } from '../../../widget/src/connection/leases.ts';
import { roomOfPage, roomOfUrl, titleOf } from '../../../widget/src/connection/page-room.ts';
import { relayOf, toRelayUrl } from '../../../widget/src/connection/relay-url.ts';
import { Unread } from '../../../widget/src/connection/unread.ts';
import { toCodedError } from '../../../widget/src/connection/widget-error.ts';
import { formatsFor } from '../../../widget/src/text/formats.ts';
import { english } from '../../../widget/src/text/phrases.ts';
import { translator } from '../../../widget/src/text/translate.ts';
import { FakeClient, ME, message, messages } from '../../widget/support/fake-client.ts';

const language = { tag: 'en', phrases: {} };
const context = { t: translator(english, language), formats: formatsFor('en'), language, title: 'lobby', rich: undefined };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the connection notice', () => {
  const watch = () => {
    const kinds: Notice['kind'][] = [];
    return { kinds, notice: new ConnectionNotice(({ kind }) => kinds.push(kind)) };
  };

  test('waits two seconds, however often the status changes meanwhile', () => {
    const { kinds, notice } = watch();
    notice.update({ status: 'online' });
    notice.update({ status: 'offline' });
    vi.advanceTimersByTime(DOWN_AFTER_MS - 1);
    notice.update({ status: 'connecting' });
    expect(kinds).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(kinds).toEqual(['down']);
    notice.update({ status: 'online' });
    vi.advanceTimersByTime(BACK_FOR_MS);
    expect(kinds).toEqual(['down', 'back', 'none']);
  });

  test('speaks of connecting where it has never been connected, and of nothing once it is', () => {
    const { kinds, notice } = watch();
    notice.update({ status: 'connecting' });
    vi.advanceTimersByTime(DOWN_AFTER_MS);
    notice.update({ status: 'online' });
    expect(kinds).toEqual(['connecting', 'none']);
  });

  test('goes back to waiting where the connection is lost again at once', () => {
    const { kinds, notice } = watch();
    notice.update({ status: 'online' });
    notice.update({ status: 'offline' });
    vi.advanceTimersByTime(DOWN_AFTER_MS);
    notice.update({ status: 'online' });
    notice.update({ status: 'offline' });
    vi.advanceTimersByTime(DOWN_AFTER_MS);
    expect(kinds).toEqual(['down', 'back', 'none', 'down']);
  });

  test('stays where it ended for a reason, and is silent where the page ended it', () => {
    const { kinds, notice } = watch();
    notice.update({ status: 'closed', error: new ChatError('unauthorized', 'fix') });
    vi.advanceTimersByTime(60_000);
    expect(notice.current).toEqual({ kind: 'ended', code: 'unauthorized' });
    notice.update({ status: 'closed' });
    expect(kinds).toEqual(['ended', 'none']);
  });
});

describe('the announcer', () => {
  test('says the first at once, and those that follow as a number', () => {
    const said: string[] = [];
    const announcer = new Announcer(() => said.push(announcer.text));
    announcer.announce([message({ text: 'Hi' })], context);
    announcer.announce([message()], context);
    announcer.announce([message(), message()], context);
    expect(said).toEqual(['Ada Lovelace: Hi']);
    vi.advanceTimersByTime(QUIET_MS);
    expect(said).toEqual(['Ada Lovelace: Hi', '3 new messages']);
    announcer.reset();
    announcer.announce(messages(1, 2), context);
    announcer.reset();
    vi.advanceTimersByTime(QUIET_MS);
    expect(said.at(-1)).toBe('2 new messages');
  });

  test('makes the same words audible again, and cuts long ones', () => {
    const announcer = new Announcer(() => undefined);
    announcer.say('Not sent');
    announcer.say('Not sent');
    expect(announcer.text).toBe('Not sent\u00a0');
    announcer.announce([message({ text: 'x'.repeat(500) })], context);
    expect(announcer.text).toHaveLength('Ada Lovelace: '.length + 201);
  });
});

describe('what is unread', () => {
  test('is what others wrote since the end was last seen', () => {
    const unread = new Unread();
    expect(unread.observe(messages(1, 10), false)).toEqual([]);
    const fresh = unread.observe([...messages(1, 12), message({ offset: 13, from: ME })], false);
    expect(fresh.map(({ key }) => key)).toEqual(['k11', 'k12']);
    expect([unread.count, unread.firstKey]).toEqual([2, 'k11']);
    unread.see();
    expect([unread.count, unread.firstKey]).toEqual([0, 'k11']);
    unread.observe(messages(1, 15), false);
    expect([unread.count, unread.firstKey]).toEqual([2, 'k14']);
    unread.forget();
    expect([unread.count, unread.firstKey]).toEqual([0, undefined]);
  });

  test('is neither what is seen, nor what is loaded from before', () => {
    const unread = new Unread();
    unread.observe(messages(11, 20), true);
    expect(unread.observe(messages(1, 20), false)).toEqual([]);
    expect(unread.observe(messages(1, 21), true)).toHaveLength(1);
    expect(unread.count).toBe(0);
    unread.reset();
    expect(unread.observe(messages(1, 50), false)).toEqual([]);
  });
});

describe('which room a page means', () => {
  const page = (href: string, canonical?: string) => ({
    location: { href },
    querySelector: () => (canonical === undefined ? null : ({ getAttribute: () => canonical } as unknown as Element)),
  });

  test.each([
    ['https://example.com/post/1?utm=x#top', undefined, 'https://example.com/post/1'],
    ['https://example.com/post/1?utm=x', '/post/one', 'https://example.com/post/one'],
    ['https://example.com/?p=7&s=1', 'https://www.example.org/?p=7', 'https://www.example.org/?p=7'],
    ['https://example.com/caf%C3%A9/', undefined, 'https://example.com/café/'],
    ['https://example.com/a%2Fb%', undefined, 'https://example.com/a%2Fb%'],
    ['https://example.com/x', 'http://[', 'https://example.com/x'],
    ['about:srcdoc', undefined, 'about://srcdoc'],
  ])('%s with the canonical address %s', (href, canonical, expected) => {
    expect(roomOfPage(page(href, canonical))).toBe(expected);
  });

  test('keeps long addresses apart, within the length of a name', () => {
    const [a, b] = ['a', 'b'].map((end) => roomOfUrl(`https://example.com/${'x'.repeat(300)}${end}`));
    expect(a?.length).toBeLessThanOrEqual(200);
    expect(a).not.toBe(b);
    expect(a).toMatch(/^https:\/\/example\.com\/x+~/);
  });

  test('is called by what people would say', () => {
    expect(titleOf('https://www.example.com/post/')).toBe('example.com/post');
    expect(titleOf('lobby')).toBe('lobby');
  });
});

describe('where the relay is', () => {
  test.each([
    ['https://chat.example.com/widget.js', 'wss://chat.example.com/ws'],
    ['http://localhost:8080/widget.js?v=1#x', 'ws://localhost:8080/ws'],
    ['https://example.com/chat/widget.js', 'wss://example.com/chat/ws'],
    ['file:///home/me/widget.js', undefined],
    ['blob:https://example.com/1', undefined],
  ])('for the script %s', (script, expected) => {
    expect(relayOf(script)).toBe(expected);
  });

  test.each([
    ['wss://chat.example.com/ws', 'wss://chat.example.com/ws'],
    ['/ws', 'https://example.com/ws'.replace('https', 'wss')],
    ['http://localhost:8080/ws', 'ws://localhost:8080/ws'],
    ['https://chat.example.com', 'wss://chat.example.com/ws'],
    ['wss://chat.example.com/a/b', 'wss://chat.example.com/a/b'],
    ['ftp://example.com', undefined],
    ['http://[', undefined],
  ])('for the attribute %s', (relay, expected) => {
    expect(toRelayUrl(relay, 'https://example.com/page')).toBe(expected);
  });
});

test('elements with one identity share a client, and the last to go closes it', () => {
  const identity = { url: 'wss://example.com/ws', name: 'Ada', token: '', getToken: undefined };
  const first = leaseClient(identity, () => new FakeClient());
  const second = leaseClient({ ...identity }, () => new FakeClient());
  const other = leaseClient({ ...identity, name: 'Bob' }, () => new FakeClient());
  expect(second.value).toBe(first.value);
  expect(other.value).not.toBe(first.value);
  first.release();
  first.release();
  expect(first.value).toMatchObject({ isClosed: false });
  second.release();
  expect(first.value).toMatchObject({ isClosed: true });
  expect(leaseClient(identity, () => new FakeClient()).value).not.toBe(first.value);
});

test('whatever is thrown has a code', () => {
  const coded = Object.assign(new Error('x'), { code: 'forbidden' });
  expect(toCodedError(coded)).toBe(coded);
  expect(toCodedError('text')).toMatchObject({ code: 'internal', message: 'text' });
});
