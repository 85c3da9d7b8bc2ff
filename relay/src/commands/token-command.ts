// `chat-room-relay token`: makes a token as an application would, for a first try, a script or a bot.

import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isName, MAX_MEMBER_ID_LENGTH, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import type { JWTPayload } from 'jose';
import { SignJWT } from 'jose';
import type { AuthRequest } from '../auth/identity.ts';
import type { JwtKey } from '../auth/jwt.ts';
import { jwt } from '../auth/jwt.ts';
import { readGrants } from '../auth/permissions.ts';
import { publicKey as publicKeyOf } from '../auth/verification-keys.ts';
import type { RelayOptions } from '../options.ts';
import { OptionError, readCommand } from '../options.ts';
import { readCommandLine } from './command-line.ts';

export const TOKEN_HELP = `chat-room-relay token: makes a token for a member, and prints it

Usage: CHAT_ROOM_JWT_SECRET=… chat-room-relay token --id ada --name Ada --room 'team-*' --allow read,write --expires 1h

  --id ID             whom it is for: the member's id
  --name NAME         what the member is called (the id)
  --room PATTERN      the rooms that it is good for; * stands for any characters (all rooms)
  --allow LIST        what the member may do there: some of read, write, moderate (read,write)
  --expires TIME      how long it is good for: 90s, 30m, 12h or 7d (1h), a year at the most
  --private-key FILE  signs with this key (PEM: RSA, P-256 or Ed25519) instead of CHAT_ROOM_JWT_SECRET
  --jwt-issuer TEXT   issuer that it names, --jwt-audience TEXT the audience; as the relay's options of these names
  --config FILE       the relay's configuration file: its secret, issuer and audience are taken

Whoever has the token is that member until it ends: keep it as you would a password. Nothing else is printed.
`;

const TEXTS = ['id', 'name', 'room', 'allow', 'expires', 'private-key', 'jwt-issuer', 'jwt-audience', 'config'] as const;
const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const MAX_EXPIRES_S = 366 * 86_400;

type Values = Readonly<Record<string, string | undefined>>;
type Env = Readonly<Record<string, string | undefined>>;

interface SigningKey {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256' | 'EdDSA';
  readonly key: KeyObject | Uint8Array;
  /** What the relay would check it with. */
  readonly check: JwtKey;
}

/** What the command prints. `argv` is what stands behind `token`. Rejects with an OptionError. */
export async function runTokenCommand(argv: readonly string[], env: Env, now: () => number = Date.now): Promise<string> {
  const { values, switches } = readCommandLine('token', argv, { texts: TEXTS });
  if (switches.has('help')) return TOKEN_HELP;
  const { jwtSecret, jwtIssuer, jwtAudience } = relayOptions(values, env);
  const { algorithm, key, check } = signingKey(values['private-key'], jwtSecret);
  const issuedAtS = Math.floor(now() / 1_000);
  const standing = { ...(jwtIssuer && { iss: jwtIssuer }), ...(jwtAudience && { aud: jwtAudience }) };
  const token = await new SignJWT({ ...claimsOf(values), ...standing })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + readExpires(values['expires'] ?? '1h'))
    .sign(key);
  await demandAccepted(token, check, now);
  return `${token}\n`;
}

/** The relay's own rules are asked, so that nothing is printed that it would refuse. */
async function demandAccepted(token: string, check: JwtKey, now: () => number): Promise<void> {
  const request: AuthRequest = { route: '/ws', path: '/ws', query: '', headers: new Map(), remoteAddress: '', token };
  const answer = await jwt({ ...check, now })(request);
  if (answer.outcome === 'refused') throw new OptionError(`A relay would refuse it: ${answer.refusal.message}`);
}

/** What the relay is configured with, as far as tokens are concerned: the same flags, variables and file. */
function relayOptions(values: Values, env: Env): Pick<RelayOptions, 'jwtSecret' | 'jwtIssuer' | 'jwtAudience'> {
  const flags = ['config', 'jwt-issuer', 'jwt-audience'].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  const command = readCommand(flags, env);
  if (command.kind !== 'serve') throw new OptionError('--help stands alone.');
  return command.options;
}

function claimsOf(values: Values): JWTPayload {
  const { id, name, room = '*', allow = 'read,write' } = values;
  if (id === undefined) throw new OptionError('--id is needed: whom the token is for.');
  if (!isName(id, MAX_MEMBER_ID_LENGTH)) throw unfit('id', id, `1 to ${MAX_MEMBER_ID_LENGTH} characters of a name`);
  if (name !== undefined && !isName(name, MAX_NAME_LENGTH)) throw unfit('name', name, `1 to ${MAX_NAME_LENGTH} characters`);
  const reading = readGrants({ [room]: allow.split(',').map((action) => action.trim()) });
  if (!reading.ok) throw new OptionError(`--room and --allow can't be used: ${reading.reason}.`);
  const [grant] = reading.grants;
  return { sub: id, name: name ?? id, rooms: grant ? { [grant.rooms]: grant.allow } : {} };
}

function readExpires(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_PER_UNIT[unit] ?? 0);
  if (seconds < 1 || seconds > MAX_EXPIRES_S)
    throw unfit('expires', text, 'a time such as 90s, 30m, 12h or 7d, a year at the most');
  return seconds;
}

function signingKey(file: string | undefined, secret: string | undefined): SigningKey {
  if (file !== undefined) return privateKey(file);
  if (secret === undefined)
    throw new OptionError('There is nothing to sign with: set CHAT_ROOM_JWT_SECRET, or name a --private-key.');
  return { algorithm: 'HS256', key: Buffer.from(secret), check: { secret } };
}

function privateKey(file: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new OptionError(`The private key ${file} can't be read: ${(error as Error).message}.`);
  }
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { algorithm: algorithmOf(publicKey), key, check: { publicKey } };
}

/** What the relay would take of this key; it throws an OptionError for one that it would not. */
function algorithmOf(pem: string): SigningKey['algorithm'] {
  return publicKeyOf(pem).algorithms[0] as SigningKey['algorithm'];
}

function unfit(flag: string, text: string, expected: string): OptionError {
  return new OptionError(`--${flag} can't be ${JSON.stringify(text)}: it takes ${expected}.`);
}
