// The commands beside `serve` as processes: what they print, and what they exit with.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProtocolClient } from '../support/protocol-client.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import { relayCommand } from '../support/relay-launch.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { TOKEN_SECRET } from '../support/tokens.ts';

let data: string;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const command = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [relayCommand(), ...argv], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

test.each([
  [['tokn'], /^There is no command "tokn": [^\n]+\.\n$/],
  [['token', '--id', 'ada'], /^There is nothing to sign with: [^\n]+\.\n$/],
  [['bench', 'wss://chat.example.com/ws'], /^chat\.example\.com may be somebody else's: [^\n]+\.\n$/],
  [['check', 'stray'], /^$/],
])('%j is one sentence, and no good', async (argv, sentence) => {
  const { code, stdout, stderr } = await command(argv);
  expect(stderr).toMatch(sentence);
  expect(code).toBe(argv[0] === 'check' ? 1 : 2);
  if (argv[0] !== 'check') expect(stdout).toBe('');
});

test('[P8] a token that the command prints lets its member into the rooms it names, and into no others', async () => {
  const env = { CHAT_ROOM_JWT_SECRET: TOKEN_SECRET };
  const { code, stdout, stderr } = await command(['token', '--id', 'ada', '--name', 'Ada', '--room', 'team-*'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const relay = await spawnRelay({ args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--guests', 'off'], env });
  const client = await ProtocolClient.open(relay.ws);
  const connected = await client.request({ type: 'connect', version: 1, token: stdout.trim() });
  expect(connected).toMatchObject({ type: 'connected', member: { id: 'ada', name: 'Ada' } });
  expect(await client.request({ type: 'join', room: 'team-7' })).toMatchObject({ type: 'joined' });
  expect(await client.request({ type: 'join', room: 'lobby' })).toMatchObject({ type: 'error', code: 'forbidden' });

  const checked = await command(['check', '--port', String(relay.port), '--host', '127.0.0.1', '--data', data]);
  expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining(`Port ${relay.port} is in use`), stderr: '' });
  expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0 });
  expect(await command(['check', '--port', '0', '--data', data])).toMatchObject({ code: 0, stderr: '' });
});
