import type { RedisOptions } from 'ioredis';
import { EngineError } from '../engine.ts';

/** Where Redis is: one server, or the seeds of a cluster. */
export interface RedisAddress {
  readonly seeds: readonly { readonly host: string; readonly port: number }[];
  /** What all connections share: credentials, TLS, database. */
  readonly options: Pick<RedisOptions, 'username' | 'password' | 'tls' | 'db'>;
  /** Without credentials: for logs and messages. */
  readonly text: string;
}

/**
 * Reads `redis://user:password@host:6379/0`, `rediss://` for TLS, or several with commas: the seeds of a cluster, which share the
 * credentials of the first. Throws an EngineError.
 */
export function readRedisAddress(url: string): RedisAddress {
  const urls = url.split(',').map((part) => parse(part.trim()));
  const [first] = urls;
  if (!first) throw bad();
  const { username, password, protocol, pathname } = first;
  const db = Number(pathname.slice(1) || '0');
  if (!Number.isInteger(db)) throw bad();
  const seeds = urls.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || '6379') }));
  return {
    seeds,
    options: {
      db,
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
    text: seeds.map(({ host, port }) => `${host}:${port}`).join(','),
  };
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw bad();
  const url = new URL(text);
  if (!['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') throw bad();
  return url;
}

function bad(): EngineError {
  // The text may hold a password: it is not repeated.
  return new EngineError('redis_unusable', 'The address of Redis must look like redis://host:6379, or rediss:// for TLS.');
}
