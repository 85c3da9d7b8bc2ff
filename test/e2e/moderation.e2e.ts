// What moderators have set, when the relay is killed the moment it has said that it holds.

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApiKey } from '../../relay/src/api/api-key.ts';
import { message } from '../support/native-suite.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';

const { key, entry } = createApiKey('test', ['moderate']);
const MOD = { id: 'mod', name: 'Mod' };

let data: string;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const spawn = (): Promise<RelayProcess> =>
  spawnRelay({
    args: ['--port', '0', '--host', '127.0.0.1', '--data', data],
    env: { CHAT_ROOM_API_KEYS: JSON.stringify([entry]) },
  });
const call = (relay: RelayProcess, method: string, path: string, body: object): Promise<Response> =>
  fetch(`${relay.http}/api/v1/rooms/r${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('[MOD6] [MOD8] [P2] a relay that is killed and started again still bans, mutes and slows', async () => {
  const relay = await spawn();
  const [eve, bob, ada] = await Promise.all(['Eve', 'Bob', 'Ada'].map((name) => ProtocolClient.connected(relay.ws, { name })));
  if (!eve || !bob || !ada) throw new Error('nobody came');
  await ada.request(message('r', 'k0', 'pin me'));
  await call(relay, 'POST', '/mutes', { user: MOD, member: bob.member });
  await call(relay, 'POST', '/pin', { user: MOD, offset: 1 });
  await call(relay, 'PATCH', '', { user: MOD, slowModeMs: 3_600_000 });
  expect((await ada.request(message('r', 'k1', 'once'))).type).toBe('published');
  expect((await call(relay, 'POST', '/bans', { user: MOD, member: eve.member })).status).toBe(201);
  await relay.kill('SIGKILL');

  const again = await spawn();
  const back = ({ resume }: ProtocolClient): Promise<ProtocolClient> => ProtocolClient.connected(again.ws, { resume });
  const [eveAgain, bobAgain, adaAgain] = await Promise.all([back(eve), back(bob), back(ada)]);
  expect(await eveAgain.request({ type: 'join', room: 'r' })).toMatchObject({ code: 'banned' });
  expect(await bobAgain.request(message('r', 'k2', 'quiet'))).toMatchObject({ code: 'muted' });
  expect(await adaAgain.request(message('r', 'k3', 'twice'))).toMatchObject({ code: 'slow_mode' });
  expect(await bobAgain.request({ type: 'join', room: 'r' })).toMatchObject({ settings: { pinned: 1, slowModeMs: 3_600_000 } });
  await again.kill('SIGTERM');
});
