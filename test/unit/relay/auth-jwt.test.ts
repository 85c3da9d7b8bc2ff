import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { JwtOptions } from '../../../relay/src/auth/jwt.ts';
import { jwt } from '../../../relay/src/auth/jwt.ts';
import { authRequest, identityOf, verdict } from '../../support/auth-request.ts';

const SECRET = 'a secret that is long enough, at last';
const NOW = 1_795_380_000_000;
const NOW_S = NOW / 1_000;

interface Claims {
  readonly [claim: string]: unknown;
}

/** A token that is good for a minute, but for what `claims` say. */
function token(claims: Claims = {}, secret = SECRET): Promise<string> {
  return new SignJWT({ sub: 'ada', exp: NOW_S + 60, ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
}

function hs256(options: Partial<JwtOptions> = {}) {
  return jwt({ secret: SECRET, now: () => NOW, ...options } as JwtOptions);
}

const claim = (name: string, fault: string): string => `unauthorized: The token's claim "${name}" is ${fault}.`;
const WRONG = 'not the one that is needed here';

describe('algorithms', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('%s: the public key as PEM and as JWK', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const signed = await new SignJWT({ sub: 'ada', exp: NOW_S + 60 }).setProtectedHeader({ alg }).sign(privateKey);
    for (const key of [await exportSPKI(publicKey), await exportJWK(publicKey)]) {
      expect(await verdict(jwt({ publicKey: key as string, now: () => NOW }), signed)).toBe('ada');
    }
    const other = await generateKeyPair(alg, { extractable: true });
    const authenticate = jwt({ publicKey: await exportSPKI(other.publicKey), now: () => NOW });
    expect(await verdict(authenticate, signed)).toBe("unauthorized: The token's signature does not fit the key.");
  });

  test('HS256: the secret, and no other', async () => {
    expect(await verdict(hs256(), await token())).toBe('ada');
    const forged = await token({}, 'another secret that is long enough too');
    expect(await verdict(hs256(), forged)).toBe("unauthorized: The token's signature does not fit the key.");
  });

  test('a public key is never taken for a shared secret', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const input = (await token()).split('.').slice(0, 2).join('.');
    const forged = `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    const authenticate = jwt({ publicKey: pem, now: () => NOW });
    expect(await verdict(authenticate, forged)).toBe(
      "unauthorized: The token's algorithm is not one of those that are taken here: RS256.",
    );
  });

  test("a token of another algorithm than the key's is refused", async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const signed = await new SignJWT({ sub: 'ada', exp: NOW_S + 60 }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    expect(await verdict(hs256(), signed)).toMatch(/^unauthorized: .* HS256\.$/);
    const hs512 = await new SignJWT({ sub: 'ada', exp: NOW_S + 60 }).setProtectedHeader({ alg: 'HS512' }).sign(Buffer.alloc(64));
    expect(await verdict(hs256(), hs512)).toMatch(/^unauthorized: .* HS256\.$/);
  });

  test.each(['none', 'None', 'NONE', ''])('no algorithm is none: %j', async (alg) => {
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encoded({ alg })}.${encoded({ sub: 'ada', exp: NOW_S + 60 })}.`;
    expect(await verdict(hs256(), unsigned)).toMatch(/^unauthorized: /);
  });

  test.each<[string, JwtOptions]>([
    ['a short secret', { secret: 'x'.repeat(31) }],
    ['no key at all', { publicKey: 'AAAA' }],
    [
      'an RSA key of 1,024 bits',
      {
        publicKey: generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({
          type: 'spki',
          format: 'pem',
        }) as string,
      },
    ],
    ['another curve', { publicKey: generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({ format: 'jwk' }) }],
    ['no URL', { jwksUrl: 'keys.json' }],
    ['a file', { jwksUrl: 'file:///etc/passwd' }],
    ['grants that are none', { secret: SECRET, grants: [{ rooms: '', allow: ['read'] }] }],
  ])('%s is refused before anybody connects', (_, options) => {
    expect(() => jwt(options)).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });

  test('a private key is refused, and not repeated', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    for (const key of [await exportPKCS8(privateKey), await exportJWK(privateKey)]) {
      expect(() => jwt({ publicKey: key as string })).toThrow(
        'The key of tokens is a private key: give the relay the public one alone.',
      );
    }
  });
});

describe('claims', () => {
  test('[P8] a token says who one is, what one may do, and until when', async () => {
    const rooms = { 'team-*': ['read', 'write'], lobby: 'read' };
    const signed = await token({ name: 'Ada', rooms, tenant: 7 });
    const { member, grants, expiresAt, claims } = identityOf(await hs256()(authRequest({ token: signed })));
    expect(member).toEqual({ id: 'ada', name: 'Ada' });
    expect(grants).toEqual([
      { rooms: 'team-*', allow: ['read', 'write'] },
      { rooms: 'lobby', allow: ['read'] },
    ]);
    expect(expiresAt).toBe(NOW + 60_000 + 30_000);
    expect(claims).toMatchObject({ sub: 'ada', tenant: 7 });
  });

  test('without a claim of rooms the default grants count, and the claim may have another name', async () => {
    const grants = [{ rooms: 'public-*', allow: ['read' as const] }];
    expect(identityOf(await hs256()(authRequest({ token: await token() }))).grants).toEqual([
      { rooms: '*', allow: ['read', 'write'] },
    ]);
    expect(identityOf(await hs256({ grants })(authRequest({ token: await token() }))).grants).toEqual(grants);
    const roomsClaim = 'https://chat.example.com/rooms';
    const named = await token({ [roomsClaim]: { a: 'moderate' } });
    expect(identityOf(await hs256({ roomsClaim })(authRequest({ token: named }))).grants).toEqual([
      { rooms: 'a', allow: ['moderate'] },
    ]);
  });

  test.each([
    [{ name: 'Ada', preferred_username: 'al' }, 'Ada'],
    [{ preferred_username: 'al' }, 'al'],
    [{ name: 'x'.repeat(65), preferred_username: 'al' }, 'al'],
    [{ name: 7 }, 'ada'],
    [{}, 'ada'],
  ])('the name is the first that can be one: %j', async (claims, name) => {
    expect(identityOf(await hs256()(authRequest({ token: await token(claims) }))).member.name).toBe(name);
  });

  test.each<[string, Claims, string]>([
    ['no sub', { sub: undefined }, 'sub'],
    ['a sub that is no text', { sub: 7 }, 'sub'],
    ['an empty sub', { sub: '' }, 'sub'],
    ['a sub of 256 characters', { sub: 'x'.repeat(256), name: 'Ada' }, 'sub'],
    ['a sub with a control character', { sub: 'a\nb' }, 'sub'],
    ['a sub that a guest may have', { sub: 'g_5fK2abcdEF-_' }, 'sub'],
    ['a sub too long for a name, and no name', { sub: 'x'.repeat(65) }, 'name'],
    ['rooms that are no object', { rooms: 'lobby' }, 'rooms'],
    ['null for rooms', { rooms: null }, 'rooms'],
    ['an action that is none', { rooms: { lobby: ['own'] } }, 'rooms'],
    ['a pattern too long', { rooms: { ['x'.repeat(201)]: 'read' } }, 'rooms'],
    ['too many patterns', { rooms: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`r${n}`, 'read'])) }, 'rooms'],
  ])('%s is refused, by the name of the claim', async (_, claims, field) => {
    expect(await verdict(hs256(), await token(claims))).toMatch(
      new RegExp(`^unauthorized: The token's claim "${field}" can't be used: `),
    );
  });

  test.each<[string, Partial<JwtOptions>, Claims, string]>([
    ['the issuer', { issuer: 'us' }, { iss: 'us' }, 'ada'],
    ['one of the issuers', { issuer: ['us', 'them'] }, { iss: 'them' }, 'ada'],
    ['another issuer', { issuer: 'us' }, { iss: 'them' }, claim('iss', WRONG)],
    ['no issuer', { issuer: 'us' }, {}, claim('iss', 'missing')],
    ['the audience', { audience: 'chat' }, { aud: 'chat' }, 'ada'],
    ['the audience among others', { audience: 'chat' }, { aud: ['mail', 'chat'] }, 'ada'],
    ['another audience', { audience: 'chat' }, { aud: ['mail'] }, claim('aud', WRONG)],
    ['no audience', { audience: 'chat' }, {}, claim('aud', 'missing')],
  ])('%s', async (_, options, claims, expected) => {
    expect(await verdict(hs256(options), await token(claims))).toBe(expected);
  });
});

describe('time', () => {
  const EXPIRED = 'unauthorized: The token has expired.';
  const EARLY = 'unauthorized: The token is not valid yet.';
  test.each<[string, Claims, string]>([
    ['no end', { exp: undefined }, claim('exp', 'missing')],
    ['an end that is no number', { exp: 'tomorrow' }, claim('exp', WRONG)],
    ['long expired', { exp: NOW_S - 3_600 }, EXPIRED],
    ['expired by all that clocks may differ', { exp: NOW_S - 30 }, EXPIRED],
    ['expired by less', { exp: NOW_S - 29 }, 'ada'],
    ['valid in an hour', { nbf: NOW_S + 3_600 }, EARLY],
    ['valid in more than clocks may differ', { nbf: NOW_S + 31 }, EARLY],
    ['valid in as much', { nbf: NOW_S + 30 }, 'ada'],
  ])('%s', async (_, claims, expected) => {
    expect(await verdict(hs256(), await token(claims))).toBe(expected);
  });

  test('how far clocks may differ is configurable', async () => {
    const late = await token({ exp: NOW_S - 5 });
    expect(await verdict(hs256({ clockToleranceS: 0 }), late)).toBe(EXPIRED);
    expect(await verdict(hs256({ clockToleranceS: 6 }), late)).toBe('ada');
  });

  test('[AUT2] a token that was accepted has not ended yet', async () => {
    const late = await token({ exp: NOW_S - 29 });
    expect(identityOf(await hs256()(authRequest({ token: late }))).expiresAt).toBe(NOW + 1_000);
  });
});

describe('what is no token', () => {
  test('where there is none it abstains, at once', () => {
    expect(hs256()(authRequest({}))).toEqual({ outcome: 'abstained' });
  });

  test.each(['', '.', '..', 'a.b.c', '{}', 'e30.e30.e30', 'ey.ey.ey', 'e30.e30', '💩.💩.💩', 'A'.repeat(8_192)])(
    '%j',
    async (text) => {
      expect(await verdict(hs256(), text)).toMatch(/^unauthorized: /);
    },
  );

  test('changed in any place, a token is refused', async () => {
    const signed = await token();
    const changed = (at: number): string => `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}`;
    const places = Array.from({ length: signed.length - 1 }, (_, at) => at); // the last character has bits that do not count
    const verdicts = await Promise.all(places.map((at) => verdict(hs256(), changed(at))));
    expect(verdicts.filter((text) => !text.startsWith('unauthorized: '))).toEqual([]);
  });

  test('a refusal repeats neither the token nor what would have been right', async () => {
    const signed = await token({ iss: 'them' });
    const text = await verdict(hs256({ issuer: 'our-issuer' }), signed);
    expect(text).not.toContain('our-issuer');
    expect(text).not.toContain('them');
    expect(text).not.toContain(signed.slice(0, 20));
  });
});
