// A key set behind a URL (JWKS): fetched when first needed, when it has grown old, and when a token names a key that it
// lacks. How often is bounded, whoever sends tokens. While it can't be had, the keys that are known go on working.

import type { CryptoKey, FlattenedJWSInput, JWTHeaderParameters } from 'jose';
import { createRemoteJWKSet, customFetch, errors } from 'jose';
import type { Rate } from '../rate.ts';
import { TokenBucket } from '../rate.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { VerificationKeys } from './verification-keys.ts';

/** How often the key set may be fetched: once each 10 s, and a few times more when keys are rotated. */
const FETCHES: Rate = { perSecond: 0.1, burst: 5 };
/** Known keys are looked up again after so long, so that one that was withdrawn ends. */
const MAX_AGE_MS = 600_000;
const MAX_BYTES = 1_048_576;

/** Nobody can say now whether a token is good. */
export class KeysUnavailable extends Error {
  readonly code = 'keys_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeysUnavailable';
  }
}

export interface RemoteKeysOptions {
  readonly url: URL;
  /** For one fetch. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

export class RemoteKeys implements VerificationKeys {
  readonly algorithms = ['RS256', 'ES256', 'EdDSA'];
  readonly #set: ReturnType<typeof createRemoteJWKSet>;
  readonly #now: () => number;
  readonly #fetches: TokenBucket;
  #fetchedAt: number | undefined;

  constructor({ url, timeoutMs, now }: RemoteKeysOptions) {
    // When to fetch is decided here: left to itself the set would forget its keys as they age, and fetch without bound.
    this.#set = createRemoteJWKSet(url, {
      timeoutDuration: timeoutMs,
      cooldownDuration: Number.POSITIVE_INFINITY,
      cacheMaxAge: Number.POSITIVE_INFINITY,
      [customFetch]: (address, init) => boundedFetch(address, init, MAX_BYTES),
    });
    this.#now = now;
    this.#fetches = new TokenBucket(FETCHES, now());
  }

  /** The key that the token names. Rejects with KeysUnavailable, or as jose's key sets do. */
  readonly get = async (header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    if (this.#fetchedAt === undefined) await this.#fetch();
    else if (this.#now() - this.#fetchedAt > MAX_AGE_MS) await this.#fetch().catch(() => undefined);
    try {
      return await this.#set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#fetch();
      return this.#set(header, token);
    }
  };

  /** Fetches the set, or waits for the fetch that is under way. */
  async #fetch(): Promise<void> {
    if (!this.#set.reloading && this.#fetches.take(FETCHES, this.#now()) > 0)
      throw new KeysUnavailable('the key set was asked for a moment ago');
    try {
      await this.#set.reload();
    } catch (cause) {
      throw new KeysUnavailable('the key set could not be fetched', { cause });
    }
    this.#fetchedAt = this.#now();
  }
}
