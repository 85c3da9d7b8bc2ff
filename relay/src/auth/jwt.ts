// Tokens signed by somebody else (RFC 7519), checked with jose.

import type { JsonWebKey } from 'node:crypto';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { errors, jwtVerify } from 'jose';
import { OptionError } from '../options.ts';
import type { Authentication, Authenticator, RoomGrant } from './identity.ts';
import { ABSTAINED, refused } from './identity.ts';
import { checkGrants, DEFAULT_GRANTS } from './permissions.ts';
import { KeysUnavailable, RemoteKeys } from './remote-keys.ts';
import type { VerificationKeys } from './verification-keys.ts';
import { publicKey, secretKey } from './verification-keys.ts';
import { readIdentity } from './vouched-identity.ts';

/** What tokens are checked with. */
export type JwtKey =
  /** HS256: a shared secret of 32 bytes at least. */
  | { readonly secret: string }
  /** RS256, ES256 or EdDSA, as PEM or JWK. */
  | { readonly publicKey: string | JsonWebKey }
  /** RS256, ES256 or EdDSA, with the keys behind a URL (JWKS). `timeoutMs` is for one fetch, by default 5,000. */
  | { readonly jwksUrl: string; readonly timeoutMs?: number };

export type JwtOptions = JwtKey & {
  /** The `iss` that a token must have. Default: any. */
  readonly issuer?: string | readonly string[];
  /** One of these must be the token's `aud`, or among it. Default: any. */
  readonly audience?: string | readonly string[];
  /** Seconds by which the clocks may differ. Default 30. */
  readonly clockToleranceS?: number;
  /** What a token that names no rooms allows. Default: read and write in every room. */
  readonly grants?: readonly RoomGrant[];
  /** The claim that names rooms: `{ "team-*": ["read", "write"], "lobby": "read" }`. Default `rooms`. */
  readonly roomsClaim?: string;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
};

const CLOCK_TOLERANCE_S = 30;
const FETCH_TIMEOUT_MS = 5_000;
const UNREADABLE = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported];

/**
 * Takes tokens for members: `sub` is the id, `name` or `preferred_username` the name, `exp` (needed) the end, with the
 * tolerance of clocks on top. Abstains where there is no token. Throws an OptionError where the key can't be used.
 */
export function jwt(options: JwtOptions): Authenticator<JWTPayload> {
  const { clockToleranceS = CLOCK_TOLERANCE_S, roomsClaim = 'rooms', now = Date.now } = options;
  const grants = checkGrants(options.grants ?? DEFAULT_GRANTS);
  const keys = keysOf(options, now);
  const rules: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    clockTolerance: clockToleranceS,
    requiredClaims: ['exp'],
    ...(options.issuer !== undefined && { issuer: listOf(options.issuer) }),
    ...(options.audience !== undefined && { audience: listOf(options.audience) }),
  };

  const authenticate = async (token: string): Promise<Authentication<JWTPayload>> => {
    try {
      const claims = await verify(token, keys, { ...rules, currentDate: new Date(now()) });
      return identify(claims, clockToleranceS, roomsClaim, grants);
    } catch (error) {
      return refuse(error, keys);
    }
  };
  return ({ token }) => (token === undefined ? ABSTAINED : authenticate(token));
}

function keysOf(key: JwtKey, now: () => number): VerificationKeys {
  if ('secret' in key) return secretKey(key.secret);
  if ('publicKey' in key) return publicKey(key.publicKey);
  const { jwksUrl, timeoutMs = FETCH_TIMEOUT_MS } = key;
  const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new OptionError(`The keys of tokens can't be at ${JSON.stringify(jwksUrl)}: it takes an http or https URL.`);
  return new RemoteKeys({ url, timeoutMs, now });
}

async function verify(token: string, keys: VerificationKeys, rules: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.get, rules)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyWithAny(token, error, rules);
  }
}

/** A token that names no key, where several may have signed it. */
async function verifyWithAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  rules: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, rules)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function identify(
  claims: JWTPayload,
  clockToleranceS: number,
  roomsClaim: string,
  grants: readonly RoomGrant[],
): Authentication<JWTPayload> {
  const { sub, exp = 0, name, preferred_username } = claims as JWTPayload & Record<string, unknown>;
  const names = [name, preferred_username];
  // As late as a token is accepted here, so long does it last: else one from a slow clock would end as it begins.
  const expiresAt = (exp + clockToleranceS) * 1_000;
  const reading = readIdentity({ id: sub, names, grants: claims[roomsClaim], expiresAt, claims }, grants);
  if (reading.ok) return { outcome: 'identified', identity: reading.identity };
  const claim = { id: 'sub', names: 'name', grants: roomsClaim }[reading.field];
  return refused('unauthorized', `The token's claim "${claim}" can't be used: ${reading.reason}.`);
}

/** What a developer should know. None of it depends on what a right token would hold. */
function refuse(error: unknown, { algorithms }: VerificationKeys): Authentication<never> {
  if (error instanceof KeysUnavailable) {
    return refused('unavailable', "The keys that tokens are checked with can't be had just now.", error);
  }
  if (error instanceof errors.JWTExpired) return refused('unauthorized', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (claim === 'nbf' && reason === 'check_failed') return refused('unauthorized', 'The token is not valid yet.');
    const fault = reason === 'missing' ? 'missing' : 'not the one that is needed here';
    return refused('unauthorized', `The token's claim "${claim}" is ${fault}.`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refused('unauthorized', `The token's algorithm is not one of those that are taken here: ${algorithms.join(', ')}.`);
  if (error instanceof errors.JWKSNoMatchingKey)
    return refused('unauthorized', 'The token names a key that its issuer does not have.');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('unauthorized', "The token's signature does not fit the key.");
  if (UNREADABLE.some((type) => error instanceof type)) return refused('unauthorized', 'The token is not a signed JWT.');
  throw error; // a fault of the key or of this relay, and not of the token
}

function listOf(value: string | readonly string[]): string[] {
  return typeof value === 'string' ? [value] : [...value];
}
