// The keys that tokens are checked with. Which algorithms a token may name follows from the key, never from the token: a
// public key can't be taken for a shared secret, and `none` is no algorithm at all.

import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createPublicKey, webcrypto } from 'node:crypto';
import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { importJWK } from 'jose';
import { OptionError } from '../options.ts';

/** Where the key of a token comes from. */
export interface VerificationKeys {
  readonly algorithms: readonly string[];
  readonly get: JWTVerifyGetKey;
}

/** A shared secret of HS256 must be as long as its hash (RFC 7518, 3.2): a shorter one can be guessed from one token. */
const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2048;

/** HS256 with a shared secret. Throws an OptionError where it is too short. */
export function secretKey(secret: string): VerificationKeys {
  const bytes = Buffer.from(secret);
  if (bytes.length < MIN_SECRET_BYTES)
    throw new OptionError(`The secret of tokens can't be used: it has ${bytes.length} bytes, and takes ${MIN_SECRET_BYTES}.`);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return once('HS256', () => webcrypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']));
}

/** RS256, ES256 or EdDSA with a public key, as PEM or JWK. Throws an OptionError where it is none of them. */
export function publicKey(source: string | JsonWebKey): VerificationKeys {
  if (isPrivate(source)) throw new OptionError('The key of tokens is a private key: give the relay the public one alone.');
  const key = parse(source);
  const algorithm = algorithmOf(key);
  if (algorithm === undefined)
    throw new OptionError(
      `The public key of tokens can't be used: it takes RSA of ${MIN_RSA_BITS} bits and more, P-256 or Ed25519.`,
    );
  return once(algorithm, async () => (await importJWK(key.export({ format: 'jwk' }), algorithm)) as CryptoKey);
}

/** Imports the key at its first use, and never again. */
function once(algorithm: string, load: () => Promise<CryptoKey>): VerificationKeys {
  let key: Promise<CryptoKey> | undefined;
  return {
    algorithms: [algorithm],
    get: () => {
      key ??= load();
      return key;
    },
  };
}

function isPrivate(source: string | JsonWebKey): boolean {
  return typeof source === 'string' ? source.includes('PRIVATE KEY-----') : source.d !== undefined;
}

function parse(source: string | JsonWebKey): KeyObject {
  try {
    return typeof source === 'string' ? createPublicKey(source) : createPublicKey({ key: source, format: 'jwk' });
  } catch (error) {
    throw new OptionError(`The public key of tokens can't be read: ${(error as Error).message}.`);
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return 'RS256';
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  return asymmetricKeyType === 'ed25519' ? 'EdDSA' : undefined;
}
