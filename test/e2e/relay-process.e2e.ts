// The relay as a process: started wrongly, killed in mid-flow, out of disk.

import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../support/protocol-client.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { runRelay, spawnRelay } from '../support/relay-process.ts';

let data: string;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const args = (...more: string[]): string[] => ['--port', '0', '--host', '127.0.0.1', '--data', data, ...more];
const message = (room: string, key: string, text = key): Frame => ({
  type: 'publish',
  room,
  key,
  event: { type: 'message', text },
});

describe('the command', () => {
  test.each([
    [['--colour', 'red'], /^Unknown option '--colour'\. --help lists the options\.\n$/],
    [['--port', '99999'], /^--port can't be "99999": it takes a whole number from 0 to 65535\.\n$/],
    [['--durability', 'maybe'], /^--durability can't be "maybe": it takes one of process, disk\.\n$/],
    [['--origins', 'example.com'], /^--origins can't be "example\.com": /],
    [
      ['--redis', 'http://:secret@localhost'],
      /^--redis can't be used: it must look like redis:\/\/host:6379, or rediss:\/\/ for TLS\.\n$/,
    ],
    [['--workers', '2'], /^--workers can't be 2 without --redis: the embedded engine runs in one process\.\n$/],
    [['--workers', '257'], /^--workers can't be "257": it takes a whole number from 1 to 256\.\n$/],
    [['--config', '/nowhere.json'], /^The configuration file \/nowhere\.json can't be read: /],
  ])('%j is one sentence on stderr and exit code 2', async (flags, sentence) => {
    const exit = await runRelay({ args: flags });
    expect(exit).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  });

  test('a flag wins over the environment, which wins over the file', async () => {
    const config = join(data, 'relay.json');
    writeFileSync(config, JSON.stringify({ port: 1, durability: 'disk', logLevel: 'info', transport: 'ws' }));
    const env = { CHAT_ROOM_CONFIG: config, CHAT_ROOM_PORT: '2', CHAT_ROOM_TRANSPORT: 'uws' };
    const relay = await spawnRelay({ args: args(), env });
    expect(relay.log.find(({ msg }) => msg === 'listening')).toMatchObject({
      transport: 'uws',
      url: `http://127.0.0.1:${relay.port}/`,
    });
    expect(relay.log.find(({ msg }) => msg === 'rooms are kept on this machine')).toMatchObject({ data, durability: 'disk' });
    expect(relay.port).not.toBe(2);
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0 });
  });

  test('a port in use is one sentence, and exit code 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    for (const transport of ['uws', 'ws']) {
      const exit = await runRelay({
        args: ['--port', String(port), '--host', '127.0.0.1', '--data', data, '--transport', transport],
      });
      expect(exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/^[^\n]*in use[^\n]*\n$/) });
    }
    holder.close();
  });

  test('a Redis that can not be reached is one sentence without its password, and exit code 1', async () => {
    const exit = await runRelay({ args: ['--port', '0', '--redis', 'redis://:secret@127.0.0.1:1'] });
    expect(exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Redis can't be reached at 127\.0\.0\.1:1: [^\n]*\.\n$/),
    });
    expect(exit.stderr).not.toContain('secret');
  });

  test('a data directory that can not be written is one sentence, and exit code 1', async () => {
    const exit = await runRelay({ args: ['--port', '0', '--data', '/proc/chat-room'] });
    expect(exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The data directory \/proc\/chat-room can't be written [^\n]*--data\.\n$/),
    });
  });

  test('[P7] SIGTERM drains and exits 0; a second relay on the same data waits for that', async () => {
    const relay = await spawnRelay({ args: args() });
    expect(await runRelay({ args: args() })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`process id ${relay.pid}`),
    });
    const client = await ProtocolClient.connected(relay.ws);
    const exiting = relay.kill('SIGTERM');
    expect(await client.next('drain')).toHaveProperty('retryAfterMs');
    expect(await client.closed).toBe(4000);
    expect(await exiting).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('killed in mid-flow', () => {
  // Short events are killed while they are in the journal alone; of long ones eight megabytes are there after a thousand,
  // and move into blocks while the relay is killed.
  test.each([
    { durability: 'process', bytes: 20, enough: 300 },
    { durability: 'disk', bytes: 20, enough: 300 },
    { durability: 'process', bytes: 8_000, enough: 950 },
  ])('[P2] [P3] [PUB1] no acknowledged event is lost and none doubled: %o', async ({ durability, bytes, enough }) => {
    const acknowledged = new Map<string, number>();
    const sent: string[] = [];
    for (let round = 0; round < 5; round++) {
      const relay = await spawnRelay({ args: args('--durability', durability, '--publish-rate', '0') });
      await expectStored(relay, acknowledged, sent);
      await loadUntilKilled(relay, { name: `${round}`, bytes, enough: enough + round * 60 }, acknowledged, sent);
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    const relay = await spawnRelay({ args: args('--durability', durability) });
    await expectStored(relay, acknowledged, sent);
    await relay.kill('SIGTERM');
  });

  test('[EVT5] [P2] a deletion that was acknowledged holds after the kill', async () => {
    const relay = await spawnRelay({ args: args() });
    const client = await ProtocolClient.connected(relay.ws);
    const { position } = await client.request(message('r', 'k1', 'a secret'));
    const { epoch } = position as { epoch: string };
    await client.request({
      type: 'publish',
      room: 'r',
      key: 'k2',
      epoch,
      event: { type: 'edit', target: 1, text: 'another secret' },
    });
    await client.request({ type: 'publish', room: 'r', key: 'k3', epoch, event: { type: 'delete', target: 1 } });
    await relay.kill('SIGKILL');
    const again = await spawnRelay({ args: args() });
    const reader = await ProtocolClient.connected(again.ws);
    const history = await reader.request({ type: 'history', room: 'r' });
    expect((history['events'] as Frame[]).map((event) => event.type)).toEqual(['redacted', 'redacted', 'delete']);
    expect(JSON.stringify(history)).not.toContain('secret');
    await again.kill('SIGTERM');
  });
});

describe('a full disk', () => {
  test('[PUB9] [P6] publishes are refused with one log line, reads go on, and it heals by itself', async () => {
    const relay = await spawnRelay({ args: args('--publish-rate', '0'), maxFileKiB: 3_072 });
    const client = await ProtocolClient.connected(relay.ws);
    const acknowledged = new Map<string, number>();
    const sent: string[] = [];
    let refusal: Frame | undefined;
    for (let i = 0; refusal === undefined; i++) {
      const key = `k${i}`;
      sent.push(key);
      const reply = await client.request(message('room-0', key, key.padEnd(6_000, '.')));
      if (reply.type === 'published') acknowledged.set(key, (reply['position'] as { offset: number }).offset);
      else refusal = reply;
    }
    expect(refusal).toMatchObject({ code: 'storage_unavailable', action: 'retry', retryAfterMs: 1_000 });
    expect(acknowledged.size).toBeGreaterThan(50);
    expect((await fetch(`${relay.http}/healthz`)).status).toBe(200);
    const ready = await fetch(`${relay.http}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, reason: expect.stringContaining("can't be written") },
    ]);
    expect(await client.request({ type: 'history', room: 'room-0', limit: 1 })).toMatchObject({
      position: { offset: acknowledged.size },
    });
    expect(relay.log.filter(({ msg }) => msg.includes('Publishes are refused'))).toHaveLength(1);

    execFileSync('prlimit', ['--pid', String(relay.pid), '--fsize=unlimited:']);
    const key = sent.at(-1) as string;
    let reply = refusal;
    while (reply.type === 'error') reply = await client.request(message('room-0', key, key.padEnd(6_000, '.')));
    acknowledged.set(key, (reply['position'] as { offset: number }).offset);
    await relay.kill('SIGKILL');
    const again = await spawnRelay({ args: args() });
    await expectStored(again, acknowledged, sent);
    await again.kill('SIGTERM');
  });
});

const ROOMS = 4;
const WRITERS = 8;

interface Round {
  readonly name: string;
  /** Length of each text. */
  readonly bytes: number;
  /** So many acknowledgements, and the relay is killed. */
  readonly enough: number;
}

/** Writers that never wait for an answer; the relay is killed once enough of this round is acknowledged. */
async function loadUntilKilled(
  relay: RelayProcess,
  round: Round,
  acknowledged: Map<string, number>,
  sent: string[],
): Promise<void> {
  const before = acknowledged.size;
  let killed: Promise<unknown> | undefined;
  const write = async (writer: number): Promise<void> => {
    const client = await ProtocolClient.connected(relay.ws);
    let isOpen = true;
    void client.closed.then(() => {
      isOpen = false;
    });
    for (let i = 0; isOpen && i < 5_000; i++) {
      const key = `${round.name}.${writer}.${i}`;
      sent.push(key);
      void client.request(message(`room-${writer % ROOMS}`, key, key.padEnd(round.bytes, '.'))).then((reply) => {
        if (reply.type === 'published') acknowledged.set(key, (reply['position'] as { offset: number }).offset);
        if (acknowledged.size - before >= round.enough) killed ??= relay.kill('SIGKILL');
      });
      if (i % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
    }
    await client.closed;
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await killed;
}

/** Every acknowledged key stands at its offset; nothing is there twice; offsets have no hole; nothing is there that was not sent. */
async function expectStored(
  relay: RelayProcess,
  acknowledged: ReadonlyMap<string, number>,
  sent: readonly string[],
): Promise<void> {
  const stored = new Map<string, number>();
  const known = new Set(sent);
  for (let room = 0; room < ROOMS; room++) {
    const client = await ProtocolClient.connected(relay.ws); // one a room: the pages of all would pass the rate of one
    for (let after = 0, isEnd = false; !isEnd; ) {
      const page = await client.request({ type: 'history', room: `room-${room}`, after, limit: 200 });
      const events = page['events'] as { readonly offset: number; readonly key: string }[];
      for (const { offset, key } of events) {
        expect(offset).toBe(++after);
        expect(stored.has(key)).toBe(false);
        expect(known.has(key)).toBe(true);
        stored.set(key, offset);
      }
      isEnd = after === (page['position'] as { offset: number }).offset;
    }
    await client.close();
  }
  for (const [key, offset] of acknowledged) expect([key, stored.get(key)]).toEqual([key, offset]);
}
