import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offeredSubprotocols, readBearer } from '../../../relay/src/auth/credentials.ts';
import { firstOf } from '../../../relay/src/auth/first-of.ts';
import { authenticatorOf } from '../../../relay/src/auth/from-options.ts';
import { guests } from '../../../relay/src/auth/guests.ts';
import type { Authentication, Authenticator } from '../../../relay/src/auth/identity.ts';
import type { RelayOptions } from '../../../relay/src/options.ts';
import { readCommand, resolveOptions } from '../../../relay/src/options.ts';
import { authRequest, identityOf, inWords, verdict } from '../../support/auth-request.ts';

const SECRET = 'a secret that is long enough, at last';

function token(secret = SECRET, claims = {}): Promise<string> {
  const payload = { sub: 'ada', exp: Date.now() / 1_000 + 3_600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
}

describe('guests', () => {
  const authenticate = guests({ secret: 's' });
  const guest = (request: Parameters<typeof authRequest>[0]) => identityOf(authenticate(authRequest(request)) as Authentication);

  test('[CON4] whoever brings no token is a guest, and may read and write everywhere', () => {
    const { member, grants, resume } = guest({ name: 'Ada' });
    expect(member).toEqual({ id: expect.stringMatching(/^g_[\w-]{12}$/), name: 'Ada' });
    expect(grants).toEqual([{ rooms: '*', allow: ['read', 'write'] }]);
    expect(guest({ resume: resume ?? '' }).member.id).toBe(member.id);
  });

  test('[CON4] what is not signed by this relay makes a new guest', () => {
    const { member, resume = '' } = guest({});
    const signature = resume.slice(resume.lastIndexOf('.') + 1);
    const other = identityOf(guests({ secret: 'another' })(authRequest({ resume })) as Authentication);
    expect(other.member.id).not.toBe(member.id);
    for (const forged of ['', '.', 'x', `g_000000000000.${signature}`, `${member.id}.`, `${member.id}.${signature}x`]) {
      expect(guest({ resume: forged }).member.id).not.toBe(member.id);
      expect(guest({ resume: forged }).member.id).not.toBe('g_000000000000');
    }
  });

  test('a token is for somebody else to judge', () => {
    expect(authenticate(authRequest({ token: 'x' }))).toEqual({ outcome: 'abstained' });
  });

  test('what they may do is configurable, within what grants can say', () => {
    const readers = guests({ secret: 's', grants: [{ rooms: 'public-*', allow: ['read'] }] });
    expect(identityOf(readers(authRequest({})) as Authentication).grants).toEqual([{ rooms: 'public-*', allow: ['read'] }]);
    expect(() => guests({ secret: 's', grants: [{ rooms: '', allow: [] }] })).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    );
  });
});

describe('the first that does not abstain', () => {
  const asked: string[] = [];
  const answering =
    (name: string, answer: Authentication): Authenticator =>
    () => {
      asked.push(name);
      return answer;
    };
  const identified = (id: string): Authentication => ({
    outcome: 'identified',
    identity: { member: { id, name: id }, grants: [] },
  });
  const abstained: Authentication = { outcome: 'abstained' };
  const refused: Authentication = { outcome: 'refused', refusal: { code: 'unauthorized', message: 'no' } };
  const later =
    (authenticate: Authenticator): Authenticator =>
    async (request) =>
      authenticate(request);

  test.each<[string, readonly Authenticator[], string, readonly string[]]>([
    ['the first', [answering('a', identified('ada')), answering('b', identified('bob'))], 'ada', ['a']],
    ['after one that abstains', [answering('a', abstained), answering('b', identified('bob'))], 'bob', ['a', 'b']],
    ['a refusal is an answer', [answering('a', refused), answering('b', identified('bob'))], 'unauthorized: no', ['a']],
    ['one that takes its time', [later(answering('a', abstained)), later(answering('b', identified('bob')))], 'bob', ['a', 'b']],
    ['nobody', [answering('a', abstained)], 'unauthorized: A token is needed here.', ['a']],
    ['nobody to ask', [], 'unauthorized: A token is needed here.', []],
  ])('%s', async (_, authenticators, expected, order) => {
    asked.length = 0;
    expect(inWords(await firstOf(...authenticators)(authRequest({})))).toBe(expected);
    expect(asked).toEqual(order);
  });

  test('it answers at once where all that were asked did', () => {
    const both = firstOf(answering('a', abstained), answering('b', identified('bob')), later(answering('c', refused)));
    expect(both(authRequest({}))).toEqual(identified('bob'));
  });

  test('a token that nobody knows is refused, and nobody becomes a guest by it', async () => {
    expect(await verdict(firstOf(guests({ secret: 's' })), 'x')).toBe('unauthorized: Tokens are of no use here.');
  });

  test("a rejection is nobody's answer", async () => {
    const failing: Authenticator = () => Promise.reject(new Error('database'));
    await expect(firstOf(failing, answering('b', identified('bob')))(authRequest({}))).rejects.toThrow('database');
  });
});

describe('where an upgrade carries a token', () => {
  const bearer = (headers: Record<string, string>): string => {
    const read = readBearer(new Map(Object.entries(headers)));
    return read.outcome === 'found' ? read.token : read.outcome === 'none' ? 'none' : inWords(read);
  };

  test.each<[Record<string, string>, string]>([
    [{ authorization: 'Bearer abc.def' }, 'abc.def'],
    [{ authorization: 'bearer  abc ' }, 'abc'],
    [{ 'sec-websocket-protocol': 'bearer.abc.def' }, 'abc.def'],
    [{ 'sec-websocket-protocol': 'chat-room.v1, bearer.abc' }, 'abc'],
    [{ authorization: 'Bearer one', 'sec-websocket-protocol': 'bearer.two' }, 'one'],
    [{ authorization: 'Basic YTpi' }, 'none'],
    [{ authorization: 'Basic YTpi', 'sec-websocket-protocol': 'bearer.two' }, 'two'],
    [{ 'sec-websocket-protocol': 'chat-room.v1' }, 'none'],
    [{}, 'none'],
    [{ authorization: 'Bearer ' }, 'unauthorized: The token is empty.'],
    [{ 'sec-websocket-protocol': 'bearer.' }, 'unauthorized: The token is empty.'],
  ])('%j', (headers, expected) => {
    expect(bearer(headers)).toBe(expected);
  });

  test('[LIM1] 8,192 bytes at the most', () => {
    expect(bearer({ authorization: `Bearer ${'x'.repeat(8_192)}` })).toHaveLength(8_192);
    expect(bearer({ authorization: `Bearer ${'x'.repeat(8_193)}` })).toBe('unauthorized: The token has more than 8192 bytes.');
  });

  test('the answer is one of the other subprotocols: a token is never repeated', () => {
    const offered = (list: string) => offeredSubprotocols(new Map([['sec-websocket-protocol', list]]));
    expect(offered('bearer.abc, chat-room.v1,x')).toEqual(['chat-room.v1', 'x']);
    expect(offered('bearer.abc')).toEqual([]);
    expect(offeredSubprotocols(new Map())).toEqual([]);
  });
});

describe('options', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'chat-room-auth-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const made = (options: Partial<RelayOptions>) => authenticatorOf(resolveOptions(options), 'signs guests');
  const guest = authRequest({});

  test('by default everybody is a guest, and no token is taken', async () => {
    expect(inWords(await made({})(guest))).toMatch(/^g_/);
    expect(await verdict(made({}), await token())).toMatch(/^unauthorized: /);
  });

  test('tokens and guests: a wrong token makes nobody a guest', async () => {
    const authenticate = made({ jwtSecret: SECRET });
    expect(await verdict(authenticate, await token())).toBe('ada');
    expect(await verdict(authenticate, await token('another secret that is long enough too'))).toMatch(/^unauthorized: /);
    expect(inWords(await authenticate(guest))).toMatch(/^g_/);
  });

  test('guests off: nobody without a token', async () => {
    const authenticate = made({ jwtSecret: SECRET, guests: 'off', jwtIssuer: 'us', jwtAudience: 'chat' });
    expect(inWords(await authenticate(guest))).toBe('unauthorized: A token is needed here.');
    expect(await verdict(authenticate, await token(SECRET, { iss: 'us', aud: 'chat' }))).toBe('ada');
    expect(await verdict(authenticate, await token(SECRET, { iss: 'them', aud: 'chat' }))).toMatch(/"iss"/);
    expect(await verdict(authenticate, await token(SECRET, { iss: 'us', aud: 'mail' }))).toMatch(/"aud"/);
  });

  test('a public key is given as text or as a file', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const file = join(directory, 'key.pem');
    writeFileSync(file, pem);
    const signed = await new SignJWT({ sub: 'ada', exp: Date.now() / 1_000 + 60 })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    for (const jwtPublicKey of [pem, file]) expect(await verdict(made({ jwtPublicKey }), signed)).toBe('ada');
    expect(() => made({ jwtPublicKey: join(directory, 'none.pem') })).toThrow(/^The public key of tokens can't be read: ENOENT/);
  });

  test.each<[Partial<RelayOptions>, RegExp]>([
    [{ guests: 'off' }, /^Nobody could connect: /],
    [{ jwtIssuer: 'us' }, /^jwtIssuer and jwtAudience need /],
    [{ jwtAudience: 'chat', guests: 'off' }, /^jwtIssuer and jwtAudience need /],
    [{ jwtSecret: SECRET, jwksUrl: 'https://example.com/keys' }, /^Tokens are checked with one of /],
    [{ jwtSecret: 'short' }, /^The secret of tokens can't be used: it has 5 bytes, and takes 32\.$/],
    [{ jwksUrl: 'keys' }, /^The keys of tokens can't be at "keys"/],
  ])('half a configuration is refused with a sentence: %j', (options, sentence) => {
    expect(() => made(options)).toThrow(
      expect.objectContaining({ code: 'bad_option', message: expect.stringMatching(sentence) }),
    );
  });

  test('a secret comes from the environment or a file, and no message repeats it', () => {
    const command = readCommand([], { CHAT_ROOM_JWT_SECRET: SECRET });
    expect(command).toMatchObject({ options: { jwtSecret: SECRET } });
    expect(() => readCommand(['--jwt-secret', SECRET], {})).toThrow(expect.objectContaining({ code: 'bad_option' }));
    const file = join(directory, 'config.json');
    writeFileSync(file, JSON.stringify({ jwtSecret: [SECRET] }));
    const sentence = `jwtSecret in ${file} can't be what it is: it takes a text that is not empty.`;
    expect(() => readCommand(['--config', file], {})).toThrow(sentence);
  });
});
