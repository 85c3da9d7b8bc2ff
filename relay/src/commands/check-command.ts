// `chat-room-relay check`: whether a relay could serve with these options on this machine, and what to do where not.

import { authenticatorOf } from '../auth/from-options.ts';
import { EngineError } from '../engine/engine.ts';
import { askRedis } from '../engine/redis/redis-link.ts';
import type { RelayOptions } from '../options.ts';
import { OptionError, readCommand } from '../options.ts';
import { randomText } from '../random-text.ts';
import type { CheckResult } from './check.ts';
import { fail, ok, reportOf, warn } from './check.ts';
import { checkMachine } from './machine-checks.ts';

const SECRET_BYTES = 32;

export const CHECK_HELP = `chat-room-relay check: looks whether a relay could serve with these options, and says what to do where not

Usage: chat-room-relay check [the options that you mean to serve with]
       chat-room-relay check --redis redis://10.0.0.5:6379 --workers 4

It looks at the configuration, Node.js and its C library, the socket library, the port, the limit of open files, the data
directory and the room on its disk, and at Redis: its version, maxmemory-policy and persistence. Nothing is changed.
Each line is ok, warn or fail; it exits with 0 where nothing fails, with 1 where something does.
`;

/** What `check` prints, and whether a relay could serve. `argv` is what stands behind `check`. */
export async function runCheckCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly text: string; readonly isFit: boolean }> {
  let options: RelayOptions;
  try {
    const command = readCommand(argv, env);
    if (command.kind === 'help') return { text: CHECK_HELP, isFit: true };
    options = command.options;
  } catch (error) {
    if (error instanceof OptionError) return reportOf([fail('configuration', 'not usable', error.message)]);
    throw error;
  }
  return reportOf([
    ok('configuration', 'all values can be used'),
    checkPeople(options),
    ...(await checkMachine(options)),
    ...(await checkRedis(options)),
  ]);
}

function checkPeople(options: RelayOptions): CheckResult {
  try {
    authenticatorOf(options, randomText(SECRET_BYTES));
  } catch (error) {
    if (error instanceof OptionError) return fail('who may come', 'nobody', error.message);
    throw error;
  }
  const { guests, origins } = options;
  const finding = guests === 'on' ? 'guests, and who has a token that fits' : 'who has a token';
  if (guests === 'off' || !origins.includes('*')) return ok('who may come', finding);
  return warn(
    'who may come',
    `${finding}, from pages of any origin`,
    'List the sites that may embed it: --origins https://www.example.com.',
  );
}

async function checkRedis({ redis }: RelayOptions): Promise<readonly CheckResult[]> {
  if (redis === undefined) return [];
  try {
    const { version, isCluster, warnings } = await askRedis(redis);
    const [first, ...more] = warnings.map((sentence) => warn('Redis', 'what was acknowledged may be lost', sentence));
    return [ok('Redis', `${version}${isCluster ? ', a cluster' : ''}, answers`), ...(first ? [first, ...more] : [])];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [fail('Redis', error.code === 'redis_unreachable' ? 'no answer' : 'not usable', error.message)];
  }
}
