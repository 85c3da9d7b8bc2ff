import { readFileSync } from 'node:fs';
import type { RelayOptions } from '../options.ts';
import { OptionError } from '../options.ts';
import { firstOf } from './first-of.ts';
import { guests } from './guests.ts';
import type { Authenticator } from './identity.ts';
import type { JwtKey } from './jwt.ts';
import { jwt } from './jwt.ts';

/** The options that say who may connect. */
export type AuthOptions = Pick<RelayOptions, 'guests' | 'jwtSecret' | 'jwtPublicKey' | 'jwksUrl' | 'jwtIssuer' | 'jwtAudience'>;

/**
 * Who may connect to a relay that is configured, not programmed: whom a token names, and guests unless they are off.
 * `secret` signs what guests keep. Throws an OptionError where the options do not make a whole.
 */
export function authenticatorOf(options: AuthOptions, secret: string): Authenticator {
  const tokens = tokensOf(options);
  if (options.guests === 'on') return tokens ? firstOf<unknown>(tokens, guests({ secret })) : firstOf(guests({ secret }));
  if (!tokens) throw new OptionError('Nobody could connect: guests are off, and no option says what tokens are checked with.');
  return firstOf(tokens);
}

function tokensOf(options: AuthOptions): Authenticator | undefined {
  const { jwtIssuer: issuer, jwtAudience: audience } = options;
  const keys = keysOf(options);
  const [key] = keys;
  if (keys.length > 1)
    throw new OptionError('Tokens are checked with one of jwtSecret, jwtPublicKey and jwksUrl, not with several.');
  if (key) return jwt({ ...key, ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) });
  if (issuer !== undefined || audience !== undefined)
    throw new OptionError('jwtIssuer and jwtAudience need what tokens are checked with: jwtSecret, jwtPublicKey or jwksUrl.');
  return undefined;
}

function keysOf({ jwtSecret, jwtPublicKey, jwksUrl }: AuthOptions): readonly JwtKey[] {
  return [
    ...(jwtSecret === undefined ? [] : [{ secret: jwtSecret }]),
    ...(jwtPublicKey === undefined ? [] : [{ publicKey: readKey(jwtPublicKey) }]),
    ...(jwksUrl === undefined ? [] : [{ jwksUrl }]),
  ];
}

/** The PEM text itself, or what the file of that name holds. */
function readKey(textOrPath: string): string {
  if (textOrPath.includes('-----BEGIN')) return textOrPath;
  try {
    return readFileSync(textOrPath, 'utf8');
  } catch (error) {
    throw new OptionError(`The public key of tokens can't be read: ${(error as Error).message}.`);
  }
}
