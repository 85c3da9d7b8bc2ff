// The example of the README, as it stands there: beside the chat, in one process and in two that share a Redis.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Person } from '../support/person.ts';
import { startRedis } from '../support/redis-server.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { SocketReader } from '../support/socket-reader.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Inside the repository, so that the packages are found. */
const DIRECTORY = join(ROOT, 'test/output/readme');

function exampleIn(file: string): string {
  const [, example = ''] = /<!-- example: auction -->\n```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, file), 'utf8')) ?? [];
  return example;
}

let script: string;
beforeAll(async () => {
  const { code } = await transform(exampleIn('README.md'), { loader: 'ts', target: 'node20' });
  mkdirSync(DIRECTORY, { recursive: true });
  script = join(DIRECTORY, 'auction.mjs');
  writeFileSync(script, code);
});
afterAll(() => rmSync(DIRECTORY, { recursive: true, force: true }));

const spawn = (...args: string[]): Promise<RelayProcess> =>
  spawnRelay({ script, args: ['--port', '0', '--host', '127.0.0.1', ...args] });

/** Two bidders and two people in the chat, each pair over both relays. */
async function tryOut(a: RelayProcess, b: RelayProcess): Promise<void> {
  const bidders = await Promise.all(
    [a, b].map(({ port }, i) => SocketReader.open(`ws://127.0.0.1:${port}/ws/auction/7?name=Bidder${i}`)),
  );
  const stranger = await SocketReader.open(`ws://127.0.0.1:${b.port}/ws/auction/8`);
  for (const [i, { socket }] of bidders.entries()) {
    socket.send(String(100 + i));
    for (const bidder of bidders) expect(await bidder.next()).toBe(`Bidder${i} bids ${100 + i}`);
  }
  stranger.socket.send('nothing');
  stranger.socket.send('5');
  expect(await stranger.next()).toMatch(/^Guest \S+ bids 5$/);

  const [ada, bob] = [new Person('Ada', a.port), new Person('Bob', b.port)];
  await Promise.all([ada.room.join(), bob.room.join()]);
  await ada.room.send('hello');
  await bob.hears(1);
  await Promise.all([ada.client.close(), bob.client.close()]);
  for (const { socket } of [...bidders, stranger]) socket.terminate();
}

describe('the example of the README', () => {
  test('is short, and the same in the guide and in the documentation', () => {
    const example = exampleIn('README.md');
    expect(example.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
    for (const file of ['relay/README.md', 'demo/docs/consumers.md']) expect(exampleIn(file)).toBe(example);
  });

  test('runs beside the chat in one process', async () => {
    const data = temporaryDir();
    const relay = await spawn('--data', data);
    await tryOut(relay, relay);
    expect((await relay.kill('SIGTERM')).code).toBe(0);
    rmSync(data, { recursive: true, force: true });
  });

  test('runs unchanged on two relays with Redis', async () => {
    const redis = await startRedis();
    const [a, b] = await Promise.all([spawn('--redis', redis.url), spawn('--redis', redis.url)]);
    await tryOut(a, b);
    expect((await Promise.all([a.kill('SIGTERM'), b.kill('SIGTERM')])).map(({ code }) => code)).toEqual([0, 0]);
    await redis.stop();
  });

  test('runs unchanged in several workers', async () => {
    const redis = await startRedis();
    const relay = await spawn('--redis', redis.url, '--workers', '2');
    await tryOut(relay, relay);
    expect((await relay.kill('SIGTERM')).code).toBe(0);
    await redis.stop();
  });
});
