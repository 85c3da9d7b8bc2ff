import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstOf } from '../../../relay/src/auth/first-of.ts';
import { guests } from '../../../relay/src/auth/guests.ts';
import type { Authentication, Authenticator } from '../../../relay/src/auth/identity.ts';
import { checkOrigins } from '../../../relay/src/auth/origins.ts';
import { sessionCookie } from '../../../relay/src/auth/session-cookie.ts';
import { authRequest, identityOf, inWords } from '../../support/auth-request.ts';
import { HttpEndpoint } from '../../support/http-endpoint.ts';

const ENDED = 'unauthorized: The session is unknown, or has ended.';
const UNAVAILABLE = 'unavailable: Nobody could be asked just now whose the session is.';
const withCookie = (cookie: string) => authRequest({ headers: { cookie } });

describe('a function that resolves sessions', () => {
  const users: Readonly<Record<string, { id: string; name: string }>> = { s1: { id: 'ada', name: 'Ada' } };
  const authenticate = sessionCookie({ cookie: 'sid', resolve: (value) => users[value] });

  test('whose a session is, is known at once where the function knows it at once', () => {
    const answer = authenticate(withCookie('sid=s1'));
    expect(identityOf(answer as Authentication).member).toEqual({ id: 'ada', name: 'Ada' });
    expect(authenticate(withCookie('sid=s2'))).toMatchObject({ outcome: 'refused', refusal: { code: 'unauthorized' } });
  });

  test('it may take its time, and gets the request', async () => {
    const later = sessionCookie({
      cookie: 'sid',
      resolve: async (value, { path }) => ({
        id: `${value}@${path}`,
        grants: [{ rooms: 'a*', allow: ['read'] }],
        expiresAt: 7,
        claims: { admin: true },
      }),
    });
    const { member, grants, expiresAt, claims } = identityOf(await later(withCookie('sid=s1')));
    expect(member).toEqual({ id: 's1@/ws', name: 's1@/ws' });
    expect({ grants, expiresAt, claims }).toEqual({
      grants: [{ rooms: 'a*', allow: ['read'] }],
      expiresAt: 7,
      claims: { admin: true },
    });
  });

  test.each([
    ['sid=s1', 'ada'],
    ['theme=dark; sid=s1; lang=en', 'ada'],
    ['theme=dark;sid=s1', 'ada'],
    ['sid = s1', 'ada'],
    ['sid=', ENDED],
    ['sid=a=b', ENDED],
    ['xsid=s1', 'abstained'],
    ['sidx=s1', 'abstained'],
    ['SID=s1', 'abstained'],
    ['sid', 'abstained'],
    ['=s1', 'abstained'],
    ['', 'abstained'],
  ])('Cookie: %s', async (cookie, expected) => {
    expect(inWords(await authenticate(withCookie(cookie)))).toBe(expected);
  });

  test('without cookies it abstains; one without measure is refused unread', async () => {
    expect(authenticate(authRequest({}))).toEqual({ outcome: 'abstained' });
    const asked: string[] = [];
    const counting = sessionCookie({ cookie: 'sid', resolve: (value) => void asked.push(value) });
    expect(inWords(await counting(withCookie(`sid=${'x'.repeat(8_193)}`)))).toMatch(/^unauthorized: /);
    expect(asked).toEqual([]);
  });

  test('its own faults are no refusals: who brought the session comes back', async () => {
    const failing = sessionCookie({ cookie: 'sid', resolve: () => Promise.reject(new Error('database')) });
    await expect(failing(withCookie('sid=s1'))).rejects.toThrow('database');
    const nameless = sessionCookie({ cookie: 'sid', resolve: async () => ({ id: '' }) });
    await expect(nameless(withCookie('sid=s1'))).rejects.toThrow("The session's id can't be used: not valid.");
    const guest = sessionCookie({ cookie: 'sid', resolve: async () => ({ id: 'g_5fK2abcdEF-_' }) });
    await expect(guest(withCookie('sid=s1'))).rejects.toThrow('of the form that guests have');
  });

  test('a name that no cookie has is refused before anybody connects', () => {
    expect(() => sessionCookie({ cookie: 'a b', resolve: () => undefined })).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    );
  });
});

describe('an endpoint that resolves sessions', () => {
  let endpoint: HttpEndpoint;
  let now: number;
  let authenticate: Authenticator;
  beforeEach(async () => {
    endpoint = await HttpEndpoint.start();
    now = 5_000;
    authenticate = sessionCookie({ cookie: 'sid', resolve: { url: endpoint.url, timeoutMs: 2_000 } });
  });
  afterEach(() => endpoint.stop());
  const ask = async (cookie = 'sid=s1; other=2'): Promise<string> => inWords(await authenticate(withCookie(cookie)));

  test('it gets the one cookie, and says whose the session is', async () => {
    endpoint.say({ id: 'ada', name: 'Ada', grants: { 'team-*': ['read'] }, expiresAt: 9, staff: true });
    const { member, grants, expiresAt, claims } = identityOf(await authenticate(withCookie('sid=s1; other=2')));
    expect(endpoint.requests).toMatchObject([{ cookie: 'sid=s1', accept: 'application/json' }]);
    expect(member).toEqual({ id: 'ada', name: 'Ada' });
    expect({ grants, expiresAt }).toEqual({ grants: [{ rooms: 'team-*', allow: ['read'] }], expiresAt: 9 });
    expect(claims).toMatchObject({ staff: true });
  });

  test.each([401, 403, 404])('%i: refused', async (status) => {
    endpoint.say({ id: 'ada' }, status);
    expect(await ask()).toBe(ENDED);
  });

  test.each<[string, () => void]>([
    ['500', () => endpoint.say({ id: 'ada' }, 500)],
    ['429', () => endpoint.say({ id: 'ada' }, 429)],
    ['a way to a login page', () => endpoint.say('', 302)],
    ['204', () => endpoint.say('', 204)],
    ['no JSON', () => endpoint.say('<html>')],
    ['null', () => endpoint.say(null)],
    ['no id', () => endpoint.say({ name: 'Ada' })],
    ['grants that are none', () => endpoint.say({ id: 'ada', grants: { '*': 'all' } })],
    ['an end that is none', () => endpoint.say({ id: 'ada', expiresAt: 'soon' })],
    ['more than anybody is', () => endpoint.say({ id: 'ada', padding: 'x'.repeat(70_000) })],
    ['nothing', () => endpoint.breakOff()],
  ])('%s: nobody could be asked', async (_, fail) => {
    fail();
    expect(await ask()).toBe(UNAVAILABLE);
    endpoint.say({ id: 'ada' });
    expect(await ask()).toBe('ada');
  });

  test('no answer: nobody waits longer than the timeout', async () => {
    endpoint.hang();
    authenticate = sessionCookie({ cookie: 'sid', resolve: { url: endpoint.url, timeoutMs: 20 } });
    expect(await ask()).toBe(UNAVAILABLE);
  });

  test('it is asked each time, unless answers may be used again: then for that long, and only what identifies', async () => {
    endpoint.say({ id: 'ada' });
    await ask();
    await ask();
    expect(endpoint.requests).toHaveLength(2);
    authenticate = sessionCookie({ cookie: 'sid', resolve: { url: endpoint.url, cacheMs: 1_000, now: () => now } });
    endpoint.say({}, 401);
    expect(await ask()).toBe(ENDED);
    endpoint.say({ id: 'ada' });
    expect(await ask()).toBe('ada');
    endpoint.say({}, 401);
    now += 999;
    expect(await ask()).toBe('ada');
    expect(await ask('sid=s2')).toBe(ENDED);
    now += 1;
    expect(await ask()).toBe(ENDED);
  });

  test('what is no HTTP address is refused before anybody connects', () => {
    for (const url of ['me', 'ftp://example.com/me'])
      expect(() => sessionCookie({ cookie: 'sid', resolve: { url } })).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });
});

test("[P8] cookies need a list of origins: any other page could chat in its visitor's name", () => {
  const cookies = sessionCookie({ cookie: 'sid', resolve: () => undefined });
  const sentence = 'Session cookies need the origins whose pages may connect: list them in --origins instead of *.';
  for (const authenticate of [cookies, firstOf<unknown>(cookies, guests({ secret: 's' }))]) {
    expect(() => checkOrigins(authenticate, ['*'])).toThrow(sentence);
    expect(() => checkOrigins(authenticate, ['https://example.com'])).not.toThrow();
  }
  expect(() => checkOrigins(firstOf(guests({ secret: 's' })), ['*'])).not.toThrow();
});
