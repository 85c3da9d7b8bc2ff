// Signs requests as Standard Webhooks says: HMAC-SHA256 over id, time and body, once for each secret, so that a secret can
// be replaced while its receiver still checks with the old one.

import { createHash, createHmac } from 'node:crypto';
import type { ReadField } from '../option-fields.ts';
import { list, UnfitValue } from '../option-fields.ts';

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** More than two are of use only where several replacements overlap. */
const MAX_SECRETS = 5;

/** Secrets as receivers have them: `whsec_` and base64. */
export const readSecrets: ReadField<readonly string[]> = list((value, name) => {
  const bytes = typeof value === 'string' ? bytesOf(value).length : 0;
  if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES)
    throw new UnfitValue(`${name} is not whsec_ followed by ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes in base64`);
  return value as string;
}, MAX_SECRETS);

export class Signer {
  readonly #secrets: readonly Buffer[];

  /** Without secrets requests carry their id and time, and no signature. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.map(bytesOf);
  }

  /** The headers of one attempt; `id` stays the same over all attempts. `now` is milliseconds since 1970. */
  headers(id: string, now: number, body: string): Readonly<Record<string, string>> {
    const seconds = String(Math.floor(now / 1_000));
    const signatures = this.#secrets.map((secret) => {
      const hmac = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`);
      return `v1,${hmac.digest('base64')}`;
    });
    return {
      'content-type': 'application/json',
      'user-agent': 'chat-room-relay',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
    };
  }
}

/** An id that is the same for the same seed, shows nothing of it, and holds no full stop, whatever the seed does. */
export function idOf(prefix: string, seed: string): string {
  return `${prefix}_${createHash('sha256').update(seed).digest('base64url').slice(0, 27)}`;
}

function bytesOf(secret: string): Buffer {
  return Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
}
