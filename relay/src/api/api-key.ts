// Keys of the server API. A key is shown once, when it is made; the configuration holds its digest.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MAX_ROOM_LENGTH } from '@chat-room/sdk/protocol';
import { matchesRoom } from '../auth/permissions.ts';
import { list, oneOfThe, readObject, UnfitValue, wholeFrom } from '../option-fields.ts';

export const SCOPES = ['publish', 'history', 'members', 'rooms', 'moderate', 'send', 'disconnect'] as const;

/**
 * What a key may do. `publish`: events to rooms; `history`: read logs; `members`: who is in a room; `rooms`: list rooms and
 * their figures; `moderate`: edit and delete messages, mute, ban, pin, slow mode; `send`: to channels; `disconnect`: channels and users.
 */
export type Scope = (typeof SCOPES)[number];

/** One key, as the configuration holds it. */
export interface ApiKeyOptions {
  /** What it is called in logs. */
  readonly id: string;
  /** SHA-256 of the whole key, in hexadecimal. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** The rooms it is for: `*` stands for any characters, or none. Default: all. */
  readonly rooms?: string;
  /** Requests per second, bursts of twice as many. Default 200. */
  readonly ratePerSecond?: number;
}

const MAX_KEYS = 1_000;
const ID = /^[A-Za-z0-9-]{1,40}$/;
const KEY = /^cr_([A-Za-z0-9-]{1,40})_[A-Za-z0-9_-]{32,}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const readKeys = list(
  (value, name): ApiKeyOptions =>
    readObject<ApiKeyOptions>(
      value,
      name,
      {
        id: textLike(ID, 'no name of 1 to 40 letters, digits and dashes'),
        hash: textLike(SHA256, 'no SHA-256 in hexadecimal: make a key with chat-room-relay api-key'),
        scopes: list(oneOfThe(SCOPES), SCOPES.length),
        rooms: readPattern,
        ratePerSecond: wholeFrom(1, 1_000_000),
      },
      ['id', 'hash', 'scopes'],
    ),
  MAX_KEYS,
);

/** Reads the keys of a configuration. Throws an UnfitValue. */
export function readApiKeys(value: unknown): readonly ApiKeyOptions[] {
  if (Array.isArray(value) && value.length === 0) return [];
  const keys = readKeys(value, 'apiKeys');
  const twice = keys.find(({ id }, i) => keys.findIndex((other) => other.id === id) !== i);
  if (twice) throw new UnfitValue(`apiKeys has the id ${twice.id} twice`);
  return keys;
}

/** A new key, and its entry in the configuration. The key itself is kept nowhere. */
export function createApiKey(id: string, scopes: readonly Scope[]): { readonly key: string; readonly entry: ApiKeyOptions } {
  if (!ID.test(id)) throw new UnfitValue(`${JSON.stringify(id)} is no name of 1 to 40 letters, digits and dashes`);
  const key = `cr_${id}_${randomBytes(32).toString('base64url')}`;
  return { key, entry: { id, hash: digest(key).toString('hex'), scopes } };
}

/** Finds whose key it is. */
export class ApiKeys {
  readonly #keys = new Map<string, { readonly options: ApiKeyOptions; readonly hash: Buffer }>();
  /** Compared with where there is no such key, so that its absence takes as long. */
  readonly #nobody = randomBytes(32);

  constructor(keys: readonly ApiKeyOptions[]) {
    for (const options of keys) this.#keys.set(options.id, { options, hash: Buffer.from(options.hash, 'hex') });
  }

  find(key: string): ApiKeyOptions | undefined {
    const known = this.#keys.get(KEY.exec(key)?.[1] ?? '');
    const isRight = timingSafeEqual(digest(key), known?.hash ?? this.#nobody);
    return isRight ? known?.options : undefined;
  }
}

/** True where the key is for that room. */
export function isForRoom({ rooms = '*' }: ApiKeyOptions, room: string): boolean {
  return matchesRoom(rooms, room);
}

/** Room names are in NFC, so that a pattern must be too. */
function readPattern(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= MAX_ROOM_LENGTH) return value.normalize('NFC');
  throw new UnfitValue(`${name} is no room pattern of 1 to ${MAX_ROOM_LENGTH} characters`);
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function textLike(pattern: RegExp, fault: string) {
  return (value: unknown, name: string): string => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new UnfitValue(`${name} is ${fault}`);
    return value;
  };
}
