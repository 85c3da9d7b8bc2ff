// The relay that is fuzzed: the built one, with every door open, in a directory that goes with it.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelayProcess } from '../support/relay-launch.ts';
import { launchRelay, listening } from '../support/relay-launch.ts';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.ts';
import { Witness } from '../support/witness.ts';
import type { Fillings } from './placeholders.ts';

const API_KEY = `cr_fuzz_${'k'.repeat(32)}`;
const SCOPES = ['publish', 'history', 'members', 'rooms', 'moderate', 'send', 'disconnect'];
/** Far away: seconds since 1970. */
const TOKEN_END_S = 4_000_000_000;

export interface FuzzedRelay {
  readonly process: RelayProcess;
  readonly witness: Witness;
  readonly fillings: Fillings;
  /** Ends it, and forgets its data. */
  stop(): Promise<void>;
}

/** `script` runs a relay of another kind, such as one with a planted fault. */
export async function startFuzzedRelay(transport: 'uws' | 'ws', script?: string): Promise<FuzzedRelay> {
  const data = mkdtempSync(join(tmpdir(), 'chat-room-fuzz-'));
  const hash = createHash('sha256').update(API_KEY).digest('hex');
  const launched = launchRelay({
    ...(script !== undefined && { script }),
    args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--transport', transport, '--publish-rate', '0'],
    env: {
      CHAT_ROOM_JWT_SECRET: TOKEN_SECRET,
      CHAT_ROOM_API_KEYS: JSON.stringify([{ id: 'fuzz', hash, scopes: SCOPES, ratePerSecond: 1_000_000 }]),
    },
  });
  const kill = (): void => void launched.child.kill('SIGKILL');
  process.once('exit', kill);
  const relay = await listening(launched);
  const witness = await Witness.in(relay.ws);
  const token = await tokenFor({
    sub: 'moderator',
    name: 'Moderator',
    exp: TOKEN_END_S,
    rooms: { '*': ['read', 'write', 'moderate'] },
  });
  return {
    process: relay,
    witness,
    fillings: { epoch: await witness.epoch(), token, apiKey: API_KEY },
    stop: async () => {
      process.off('exit', kill);
      await relay.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
