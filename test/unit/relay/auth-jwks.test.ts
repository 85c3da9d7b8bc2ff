import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Authenticator } from '../../../relay/src/auth/identity.ts';
import { jwt } from '../../../relay/src/auth/jwt.ts';
import { verdict } from '../../support/auth-request.ts';
import { HttpEndpoint } from '../../support/http-endpoint.ts';

const UNAVAILABLE = "unavailable: The keys that tokens are checked with can't be had just now.";
const UNKNOWN_KEY = 'unauthorized: The token names a key that its issuer does not have.';

let endpoint: HttpEndpoint;
let now: number;
let authenticate: Authenticator;

beforeEach(async () => {
  endpoint = await HttpEndpoint.start();
  now = 1_795_380_000_000;
  authenticate = jwt({ jwksUrl: endpoint.url, timeoutMs: 2_000, now: () => now });
});

afterEach(() => endpoint.stop());

type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

/** A key of the issuer: its public half as the key set has it, and tokens that it signs. */
async function issuerKey(kid: string | undefined, alg: Algorithm = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    jwk: { ...(await exportJWK(publicKey)), ...named },
    sign: (sub: string): Promise<string> =>
      new SignJWT({ sub, exp: now / 1_000 + 86_400 }).setProtectedHeader({ alg, ...named }).sign(privateKey),
  };
}

const publish = (...keys: readonly { readonly jwk: object }[]): void => endpoint.say({ keys: keys.map(({ jwk }) => jwk) });

describe('keys', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('%s: the set is fetched once for many tokens', async (alg) => {
    const key = await issuerKey('one', alg);
    publish(key);
    const tokens = await Promise.all(['ada', 'bob', 'eve'].map(key.sign));
    expect(await Promise.all(tokens.map((token) => verdict(authenticate, token)))).toEqual(['ada', 'bob', 'eve']);
    expect(await verdict(authenticate, await key.sign('zoe'))).toBe('zoe');
    expect(endpoint.requests).toHaveLength(1);
  });

  test('a token that names no key is checked with each that may have signed it', async () => {
    const [one, two, other] = [await issuerKey(undefined), await issuerKey(undefined), await issuerKey(undefined)];
    publish(one, two);
    expect(await verdict(authenticate, await one.sign('ada'))).toBe('ada');
    expect(await verdict(authenticate, await two.sign('bob'))).toBe('bob');
    expect(await verdict(authenticate, await other.sign('eve'))).toBe(
      "unauthorized: The token's signature does not fit the key.",
    );
  });

  test('a shared secret in a key set counts for nothing', async () => {
    endpoint.say({ keys: [{ kty: 'oct', kid: 'one', k: Buffer.alloc(32).toString('base64url') }] });
    const forged = await new SignJWT({ sub: 'eve', exp: now / 1_000 + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(Buffer.alloc(32));
    expect(await verdict(authenticate, forged)).toMatch(/^unauthorized: .* RS256, ES256, EdDSA\.$/);
    expect(endpoint.requests).toHaveLength(0);
  });
});

describe('rotation', () => {
  test('a key that is new is fetched when a token names it, and one that was withdrawn ends with that', async () => {
    const [old, next] = [await issuerKey('old'), await issuerKey('next')];
    publish(old);
    expect(await verdict(authenticate, await old.sign('ada'))).toBe('ada');
    publish(next);
    expect(await verdict(authenticate, await next.sign('ada'))).toBe('ada');
    expect(endpoint.requests).toHaveLength(2);
    expect(await verdict(authenticate, await old.sign('ada'))).toBe(UNKNOWN_KEY);
  });

  test('a key that was withdrawn ends after 10 minutes, without a word', async () => {
    const [old, next] = [await issuerKey('old'), await issuerKey('next')];
    publish(old);
    const token = await old.sign('ada');
    expect(await verdict(authenticate, token)).toBe('ada');
    publish(next);
    now += 600_000;
    expect(await verdict(authenticate, token)).toBe('ada');
    now += 1;
    expect(await verdict(authenticate, token)).toBe(UNKNOWN_KEY);
  });

  test('whoever sends keys that do not exist makes it fetch now and then, and not each time', async () => {
    const [good, forged] = [await issuerKey('good'), await issuerKey('forged')];
    publish(good);
    const token = await forged.sign('eve');
    const verdicts: string[] = [];
    for (let n = 0; n < 100; n++) verdicts.push(await verdict(authenticate, token));
    expect(endpoint.requests).toHaveLength(5);
    expect(verdicts.filter((text) => text === UNKNOWN_KEY)).toHaveLength(4);
    expect(verdicts.at(-1)).toBe(UNAVAILABLE); // it may be a key of a second ago: whoever has it comes back
    expect(await verdict(authenticate, await good.sign('ada'))).toBe('ada');
    now += 10_000;
    expect(await verdict(authenticate, token)).toBe(UNKNOWN_KEY);
    expect(endpoint.requests).toHaveLength(6);
  });
});

describe('when the set cannot be had', () => {
  const faults: readonly [string, () => void][] = [
    ['it breaks off', () => endpoint.breakOff()],
    ['it fails', () => endpoint.say('no', 500)],
    ['it sends elsewhere', () => endpoint.say('', 302)],
    ['it answers what is no JSON', () => endpoint.say('<html>')],
    ['it answers what is no key set', () => endpoint.say({ keys: 'none' })],
    ['it answers without an end', () => endpoint.say({ keys: [], padding: 'x'.repeat(2_000_000) })],
  ];

  test.each(faults)('%s: nobody is refused for good, and it is asked again', async (_, fail) => {
    const key = await issuerKey('one');
    const token = await key.sign('ada');
    fail();
    expect(await verdict(authenticate, token)).toBe(UNAVAILABLE);
    publish(key);
    expect(await verdict(authenticate, token)).toBe('ada');
  });

  test.each(faults)('%s: the keys that are known go on working, and one that is not waits', async (_, fail) => {
    const [known, next] = [await issuerKey('known'), await issuerKey('next')];
    publish(known);
    const token = await known.sign('ada');
    expect(await verdict(authenticate, token)).toBe('ada');
    fail();
    expect(await verdict(authenticate, await next.sign('bob'))).toBe(UNAVAILABLE);
    now += 3_600_000;
    expect(await verdict(authenticate, token)).toBe('ada');
  });

  test('it never answers: nobody waits longer than the timeout', async () => {
    const key = await issuerKey('one');
    endpoint.hang();
    authenticate = jwt({ jwksUrl: endpoint.url, timeoutMs: 20, now: () => now });
    expect(await verdict(authenticate, await key.sign('ada'))).toBe(UNAVAILABLE);
  });

  test('why is told to the relay alone', async () => {
    endpoint.say('no', 500);
    const answer = await authenticate({
      route: '',
      path: '',
      query: '',
      headers: new Map(),
      remoteAddress: '',
      token: await (await issuerKey('one')).sign('a'),
    });
    expect(answer).toMatchObject({ refusal: { cause: { code: 'keys_unavailable', cause: expect.any(Error) } } });
  });
});
