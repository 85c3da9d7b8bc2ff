// Who may ask: finds the key of a request, and holds back keys and addresses that ask too often.

import type { HttpRequest } from '../adapter/adapter.ts';
import type { Rate } from '../rate.ts';
import { TokenBucket } from '../rate.ts';
import type { ApiKeyOptions } from './api-key.ts';
import { ApiKeys } from './api-key.ts';
import { Problem } from './problem.ts';

const DEFAULT_RATE = 200;
/** Keys that were not accepted, per address. Right keys are not held up by them. */
const FAILURE_RATE: Rate = { perSecond: 1, burst: 20 };
/** Addresses whose failures are counted; the one that failed the longest ago is forgotten for another. */
const MAX_ADDRESSES = 10_000;
const BEARER = /^bearer +(\S+) *$/i;

/** Headers that tell a key what is left of its rate, as the draft of the IETF has them. */
export type RateHeaders = Readonly<Record<'ratelimit-limit' | 'ratelimit-remaining' | 'ratelimit-reset', string>>;

export class Gate {
  readonly #keys: ApiKeys;
  readonly #now: () => number;
  /** By id of the key: bounded by the configuration. */
  readonly #rates = new Map<string, TokenBucket>();
  readonly #failures = new Map<string, TokenBucket>();

  /** `now`: milliseconds since 1970. */
  constructor(keys: readonly ApiKeyOptions[], now: () => number) {
    this.#keys = new ApiKeys(keys);
    this.#now = now;
  }

  /** The key that a request carries. Throws a Problem where there is none, or none that is known. */
  authenticate({ headers, remoteAddress }: HttpRequest): ApiKeyOptions {
    const token = BEARER.exec(headers.get('authorization') ?? '')?.[1];
    const key = token === undefined ? undefined : this.#keys.find(token);
    if (key) return key;
    this.#countFailure(remoteAddress);
    // Only who showed a key is told that it is wrong (RFC 6750, 3.1).
    const error = token === undefined ? '' : ', error="invalid_token"';
    throw new Problem('unauthorized', token === undefined ? 'A key is needed: Authorization: Bearer cr_….' : 'No such key.', {
      headers: { 'www-authenticate': `Bearer realm="chat-room"${error}` },
    });
  }

  /** Counts a request. `tell` gets what is left, also where nothing is; then a Problem is thrown. */
  admit({ id, ratePerSecond = DEFAULT_RATE }: ApiKeyOptions, tell: (headers: RateHeaders) => void): void {
    const rate = { perSecond: ratePerSecond, burst: ratePerSecond * 2 };
    const now = this.#now();
    const bucket = this.#rates.get(id) ?? new TokenBucket(rate, now);
    this.#rates.set(id, bucket);
    const waitMs = bucket.take(rate, now);
    tell({
      'ratelimit-limit': String(rate.burst),
      'ratelimit-remaining': String(Math.floor(bucket.left)),
      'ratelimit-reset': String(Math.ceil((rate.burst - bucket.left) / rate.perSecond)),
    });
    if (waitMs > 0)
      throw new Problem('rate_limited', `The key ${id} has ${ratePerSecond} requests per second.`, {
        retryAfterS: seconds(waitMs),
      });
  }

  #countFailure(address: string): void {
    const now = this.#now();
    const bucket = this.#failures.get(address) ?? new TokenBucket(FAILURE_RATE, now);
    this.#failures.delete(address);
    this.#failures.set(address, bucket); // to the end of the line
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
    const waitMs = bucket.take(FAILURE_RATE, now);
    if (waitMs === 0) return;
    const detail = 'Too many keys that were not accepted came from this address.';
    throw new Problem('rate_limited', detail, { retryAfterS: seconds(waitMs) });
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
