// What a Redis server says of itself, as far as the relay must know it before it relies on it.

import { EngineError } from '../engine.ts';

const MIN_MAJOR = 7;

export interface RedisServerInfo {
  readonly version: string;
  readonly isCluster: boolean;
  /** A sentence for the operator on each thing by which the server may lose what was acknowledged. */
  readonly warnings: readonly string[];
}

/** Reads the reply to INFO. Throws an EngineError where the server is too old. */
export function readServerInfo(info: string): RedisServerInfo {
  const fields = new Map(info.split(/\r?\n/).map((line) => line.split(':', 2) as [string, string | undefined]));
  const version = fields.get('redis_version') ?? 'unknown';
  if (!(Number(version.split('.')[0]) >= MIN_MAJOR))
    throw new EngineError('redis_unusable', `The relay needs Redis 7 or Valkey; this is ${version}.`);
  return { version, isCluster: fields.get('redis_mode') === 'cluster', warnings: warningsOf(fields) };
}

function warningsOf(fields: ReadonlyMap<string, string | undefined>): readonly string[] {
  const warnings: string[] = [];
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (fields.get('maxmemory') !== '0' && policy !== 'noeviction')
    warnings.push(`Redis may throw rooms away when its memory is full (maxmemory-policy ${policy}): set it to noeviction.`);
  if (fields.get('aof_enabled') === '0')
    warnings.push(
      'Redis keeps no append-only file: when it ends, what was acknowledged since its last snapshot is lost. Set appendonly yes.',
    );
  return warnings;
}
