// The relay itself, with all it does switched on: events are numbered, kept on the disk and limited in rate; only that limit is
// set so high that the load never meets it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RELAY_COMMAND, ROOT } from '../places.ts';
import { CORE, removeDirectory, start, stop, temporaryDirectory, written } from '../processes.ts';
import type { Peer, RunningPeer } from './peer.ts';

/** The highest that the relay takes. */
const PUBLISH_RATE = 1_000_000;

/** What every relay of the bench is started with. */
export function relayFlags(data: string): readonly string[] {
  return ['--port', '0', '--host', '127.0.0.1', '--data', data, '--publish-rate', `${PUBLISH_RATE}`];
}

/** Starts the built relay on a free port; `options` are further flags. */
export async function startRelay(options: readonly string[] = []): Promise<RunningPeer> {
  const data = temporaryDirectory();
  const flags = [...relayFlags(data), ...options];
  const child = start(CORE.server, [process.execPath, RELAY_COMMAND, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: data,
  });
  const [, port] = await written(child, /"port":(\d+),.*"msg":"listening"/);
  return {
    ports: [Number(port)],
    pids: [child.pid ?? 0],
    stop: async () => {
      child.kill('SIGKILL'); // a drain would spread over seconds what nobody waits for
      await stop(child);
      removeDirectory(data);
    },
  };
}

const version = (): string => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'relay/package.json'), 'utf8')) as { readonly version: string };
  return `@chat-room/relay ${version}`;
};

export const chatRoom: Peer = {
  name: 'chat-room',
  title: 'chat-room (durability process)',
  dialect: 'chat-room',
  recovers: true,
  missing: () => undefined,
  version,
  start: () => startRelay(),
};

export const chatRoomDisk: Peer = {
  ...chatRoom,
  name: 'chat-room-disk',
  title: 'chat-room (durability disk)',
  start: () => startRelay(['--durability', 'disk']),
};
