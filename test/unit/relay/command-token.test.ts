// `chat-room-relay token`: what it prints is what a relay takes.

import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jwt } from '../../../relay/src/auth/jwt.ts';
import { permits } from '../../../relay/src/auth/permissions.ts';
import { runTokenCommand } from '../../../relay/src/commands/token-command.ts';
import { OptionError } from '../../../relay/src/options.ts';
import { authRequest, identityOf, verdict } from '../../support/auth-request.ts';
import { temporaryDir } from '../../support/relay-fixture.ts';
import { TOKEN_SECRET } from '../../support/tokens.ts';

const ENV = { CHAT_ROOM_JWT_SECRET: TOKEN_SECRET };
const NOW = 1_700_000_000_000;
const now = (): number => NOW;

let dir: string;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('chat-room-relay token', () => {
  test('[P8] prints a token that a relay with the secret takes, for these rooms, rights and this time', async () => {
    const argv = ['--id', 'ada', '--name', 'Ada', '--room', 'team-*', '--allow', 'read, moderate', '--expires', '30m'];
    const printed = await runTokenCommand(argv, ENV, now);
    expect(printed).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const answer = await jwt({ secret: TOKEN_SECRET, clockToleranceS: 0, now })(authRequest({ token: printed.trim() }));
    const identity = identityOf(answer);
    expect(identity).toMatchObject({ member: { id: 'ada', name: 'Ada' }, expiresAt: NOW + 1_800_000 });
    expect(permits(identity, 'team-7', 'moderate')).toBe(true);
    expect(permits(identity, 'team-7', 'write')).toBe(false);
    expect(permits(identity, 'lobby', 'read')).toBe(false);
  });

  test('names the issuer and the audience that the relay is configured to demand', async () => {
    const env = { ...ENV, CHAT_ROOM_JWT_ISSUER: 'https://login.example.com' };
    const token = (await runTokenCommand(['--id', 'ada', '--jwt-audience', 'chat'], env, now)).trim();
    const demands = { issuer: 'https://login.example.com', audience: 'chat' };
    expect(await verdict(jwt({ secret: TOKEN_SECRET, ...demands, now }), token)).toBe('ada');
  });

  test.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ] as const)('signs with a private key: %s', async (_, generate) => {
    const { privateKey, publicKey } = generate();
    const file = join(dir, 'key.pem');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const token = (await runTokenCommand(['--id', 'ada', '--private-key', file], {}, now)).trim();
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await verdict(jwt({ publicKey: pem, now }), token)).toBe('ada');
  });

  test.each([
    [[], ENV],
    [['--id', ''], ENV],
    [['--id', 'ada'], {}],
    [['--id', 'ada'], { CHAT_ROOM_JWT_SECRET: 'too short' }],
    [['--id', 'g_AAAAAAAAAAAA'], ENV],
    [['--id', 'ada', '--expires', '1y'], ENV],
    [['--id', 'ada', '--expires', '0s'], ENV],
    [['--id', 'ada', '--expires', '400d'], ENV],
    [['--id', 'ada', '--allow', 'rule'], ENV],
    [['--id', 'ada', '--room', ''], ENV],
    [['--id', 'ada', '--private-key', '/nowhere.pem'], ENV],
    [['--id', 'ada', 'stray'], ENV],
    [['--ident', 'ada'], ENV],
  ] as const)('says in one sentence what is wrong: %j', async (argv, env) => {
    const error: unknown = await runTokenCommand(argv, env, now).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(/^[^\n]+\.$/);
  });
});
