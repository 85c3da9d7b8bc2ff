// `chat-room-relay check`: what it finds, and what it says to do.

import { chmodSync, existsSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCheckCommand } from '../../../relay/src/commands/check-command.ts';
import { checkDirectory, checkFiles, checkNode } from '../../../relay/src/commands/machine-checks.ts';
import { startRedis } from '../../support/redis-server.ts';
import { temporaryDir } from '../../support/relay-fixture.ts';

let dir: string;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const check = (...more: string[]) => runCheckCommand(['--port', '0', '--host', '127.0.0.1', ...more], {});

describe('chat-room-relay check', () => {
  test('says that a relay could serve, and makes nothing', async () => {
    const data = join(dir, 'data');
    const { text, isFit } = await check('--data', data);
    expect(isFit).toBe(true);
    expect(text).toMatch(/^ok {4}data .*data will be made, \d+ MiB free$/m);
    expect(text).toMatch(/^ok {4}Node\.js/m);
    expect(existsSync(data)).toBe(false);
  });

  test('fails where the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { text, isFit } = await check('--data', dir, '--port', String(port));
    server.close();
    expect(isFit).toBe(false);
    expect(text).toMatch(new RegExp(`^fail {2}port .*${port} on 127\\.0\\.0\\.1 can't be had$`, 'm'));
    expect(text).toContain(`→ Port ${port} is in use`);
  });

  test.each([
    [['--port', 'x'], "--port can't be"],
    [['--guests', 'off'], 'Nobody could connect'],
    [['--redis', 'redis://127.0.0.1:1'], "Redis can't be reached at 127.0.0.1:1"],
  ])('fails with what to mend: %j', async (flags, advice) => {
    const { text, isFit } = await check('--data', dir, ...flags);
    expect(isFit).toBe(false);
    expect(text).toContain(`→ ${advice}`);
    expect(text).toContain("It can't serve: 1 to mend.");
  });

  test('warns of a Redis that may throw rooms away, or keeps nothing', async () => {
    const redis = await startRedis({ settings: ['--maxmemory', '10mb', '--maxmemory-policy', 'allkeys-lru'] });
    const { text, isFit } = await check('--redis', redis.url);
    expect(isFit).toBe(true);
    expect(text).toMatch(/^ok {4}Redis +\d+\./m);
    expect(text).toContain('maxmemory-policy allkeys-lru');
    expect(text).toContain('Set appendonly yes.');
    expect(text).not.toMatch(/^\w+ +data /m);
    await redis.stop();
  });
});

describe('its lines', () => {
  test.each([
    [{ soft: 1_024, hard: 1_048_576 }, 'ok'],
    [{ soft: 4_096, hard: 4_096 }, 'warn'],
    [{ soft: 256, hard: 256 }, 'fail'],
    [{ soft: 1_024, hard: Number.POSITIVE_INFINITY }, 'ok'],
    [undefined, 'warn'],
  ] as const)('open files: %j is %s', (limits, expected) => expect(checkFiles(limits).verdict).toBe(expected));

  test.each([
    ['20.19.0', 'ok'],
    ['20.18.3', 'fail'],
    ['24.0.0', 'ok'],
    ['18.20.4', 'fail'],
  ] as const)('Node.js %s is %s', (version, expected) => expect(checkNode(version).verdict).toBe(expected));

  test('a path below a file is no directory', () => {
    expect(checkDirectory('data', '/proc/version/data').verdict).toBe('fail');
    chmodSync(dir, 0o700);
    expect(checkDirectory('data', dir).verdict).not.toBe('fail');
  });
});
