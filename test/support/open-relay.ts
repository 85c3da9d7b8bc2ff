// The built relay with every door open: guests, tokens, the server API, files. In a process and a directory of its own.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelayProcess } from './relay-launch.ts';
import { launchRelay, listening } from './relay-launch.ts';
import { TOKEN_SECRET, tokenFor } from './tokens.ts';

const API_KEY = `cr_tests_${'k'.repeat(32)}`;
const SCOPES = ['publish', 'history', 'members', 'rooms', 'moderate', 'send', 'disconnect'];
/** Far away: seconds since 1970. */
const TOKEN_END_S = 4_000_000_000;

export interface OpenRelayOptions {
  /** Default: what the relay takes by itself. */
  readonly transport?: 'uws' | 'ws' | undefined;
  /** Further arguments of the command. */
  readonly args?: readonly string[];
  /** A program that runs a relay of another kind, such as one with a planted fault. */
  readonly script?: string | undefined;
}

export interface OpenRelay {
  readonly process: RelayProcess;
  /** A token that may do anything in any room. */
  readonly token: string;
  /** A key of the server API with all scopes. */
  readonly apiKey: string;
  /** Ends it, and forgets its data. */
  stop(): Promise<void>;
}

/** Starts one. It does not outlive this process. */
export async function startOpenRelay({ transport = 'uws', args = [], script }: OpenRelayOptions = {}): Promise<OpenRelay> {
  const data = mkdtempSync(join(tmpdir(), 'chat-room-test-'));
  const hash = createHash('sha256').update(API_KEY).digest('hex');
  const launched = launchRelay({
    ...(script !== undefined && { script }),
    args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--transport', transport, ...args],
    env: {
      CHAT_ROOM_JWT_SECRET: TOKEN_SECRET,
      CHAT_ROOM_API_KEYS: JSON.stringify([{ id: 'tests', hash, scopes: SCOPES, ratePerSecond: 1_000_000 }]),
    },
  });
  const kill = (): void => void launched.child.kill('SIGKILL');
  process.once('exit', kill);
  const relay = await listening(launched);
  const rooms = { '*': ['read', 'write', 'moderate'] };
  return {
    process: relay,
    token: await tokenFor({ sub: 'moderator', name: 'Moderator', exp: TOKEN_END_S, rooms }),
    apiKey: API_KEY,
    stop: async () => {
      process.off('exit', kill);
      await relay.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
