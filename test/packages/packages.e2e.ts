// What npm would publish, in a project of a stranger: packed, installed, imported, compiled against, started.

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDir } from '../support/relay-fixture.ts';
import { launchRelay, listening } from '../support/relay-launch.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const PACKAGES = ['sdk', 'relay', 'widget'] as const;
/** Bytes of a tarball; the relay has the pages, the widget and the SDK in it. */
const MAX_TARBALL_BYTES = { sdk: 300_000, relay: 3_000_000, widget: 1_200_000 };
const INSTALL_TIMEOUT_MS = 180_000;

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let project: string;
const packed = new Map<string, Packed>();

beforeAll(async () => {
  project = temporaryDir();
  const tarballs = join(project, 'tarballs');
  mkdirSync(tarballs);
  const workspaces = PACKAGES.flatMap((name) => ['--workspace', name]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', tarballs, ...workspaces], { cwd: ROOT });
  for (const each of JSON.parse(stdout) as Packed[]) packed.set(each.name.replace('@chat-room/', ''), each);
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const types = `@types/node@${devDependencies['@types/node']}`;
  writeFileSync(join(project, 'package.json'), '{"name": "stranger", "private": true, "type": "module"}');
  const files = readdirSync(tarballs).map((name) => join(tarballs, name));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files, types], { cwd: project });
}, INSTALL_TIMEOUT_MS);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe.each(PACKAGES)('%s, packed', (name) => {
  test('has its licence, its words and its code, and nothing that nobody needs', () => {
    const paths = packed.get(name)?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts']));
    const text = readFileSync(join(project, 'node_modules/@chat-room', name, 'LICENSE'), 'utf8');
    expect(text).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
    const strange = paths.filter((path) =>
      /\.(test|e2e)\.|tsbuildinfo|tsconfig|rollup\.config|node_modules|\.env|^data\//.test(path),
    );
    expect(strange).toEqual([]);
    expect(packed.get(name)?.size).toBeLessThan(MAX_TARBALL_BYTES[name]);
  });
});

test('the relay brings the files to deploy it with', () => {
  const paths = packed.get('relay')?.files.map(({ path }) => path);
  for (const name of readdirSync(join(ROOT, 'relay/deploy'))) expect(paths).toContain(`deploy/${name}`);
});

test('what is installed is imported by Node, without a page', async () => {
  const script = `
    import { ChatClient } from '@chat-room/sdk';
    import { PROTOCOL_VERSION } from '@chat-room/sdk/protocol';
    import { uploadFile } from '@chat-room/sdk/upload';
    import { Consumer, createRelay } from '@chat-room/relay';
    import { TestRelay } from '@chat-room/relay/testing';
    import * as widget from '@chat-room/widget';
    const kinds = [ChatClient, uploadFile, Consumer, createRelay, TestRelay].map((each) => typeof each);
    console.log(JSON.stringify({ kinds: new Set(kinds).size, version: PROTOCOL_VERSION, widget: Object.keys(widget).length > 0 }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project });
  expect(JSON.parse(stdout)).toEqual({ kinds: 1, version: 1, widget: true });
});

const PROGRAM = `
import { ChatClient } from '@chat-room/sdk';
import { MAX_FRAME_BYTES } from '@chat-room/sdk/protocol';
import { attachmentsOf } from '@chat-room/sdk/upload';
import { Consumer, route } from '@chat-room/relay';
import { serve } from '@chat-room/relay/serve';
import { TestRelay } from '@chat-room/relay/testing';
import '@chat-room/widget';

class Echo extends Consumer {
  override receive(data: string | Uint8Array): void {
    this.send(data);
  }
}
const client = new ChatClient({ url: 'ws://localhost:8080/ws', user: { name: 'Ada' } });
client.room('lobby').on('message', (message) => {
  const text: string = message.text;
  console.log(text, attachmentsOf(message).length, MAX_FRAME_BYTES);
});
// @ts-expect-error a room has a name, not a number
client.room(7);
export const start = (): Promise<void> => serve({ routes: [route('/ws/echo', Echo)] });
export const relay = new TestRelay({ routes: [] });
`;

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('its types resolve, strictly: module %s, resolution %s', async (module, moduleResolution) => {
  const directory = join(project, moduleResolution);
  mkdirSync(directory);
  writeFileSync(join(directory, 'program.ts'), PROGRAM);
  const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: 'es2022', skipLibCheck: true };
  const config = {
    compilerOptions: { ...compilerOptions, lib: ['es2023', 'dom'], types: ['node'], module, moduleResolution },
    files: ['program.ts'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '--project', directory]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('the command serves the page, the widget and the SDK, and makes tokens', async () => {
  const script = join(project, 'node_modules/.bin/chat-room-relay');
  const launched = launchRelay({ script, args: ['--port', '0', '--host', '127.0.0.1', '--data', join(project, 'data')] });
  const relay = await listening(launched);
  const answers = await Promise.all(['/', '/widget.js', '/sdk.js', '/readyz'].map((path) => fetch(relay.http + path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await answers[1]?.text()).toContain('chat-room');
  expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0 });

  const env = { ...process.env, CHAT_ROOM_JWT_SECRET: 's'.repeat(32) };
  const { stdout, stderr } = await run(process.execPath, [script, 'token', '--id', 'ada'], { env, cwd: project });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(stderr).toBe('');
});
