// Every block of code in the documentation is compiled, or run against a real relay; every link leads somewhere.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readCommand } from '../../relay/src/options.ts';
import { Condition } from '../support/condition.ts';
import { docsBlocks } from '../support/docs.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { SocketReader } from '../support/socket-reader.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Inside the repository, so that the packages are found. */
const DIRECTORY = join(ROOT, 'test/output/docs');
const blocks = docsBlocks();
const blocksOf = (language: string) => blocks.filter((block) => block.language === language);
const COMMANDS = ['check', 'bench', 'token', 'api-key'];

beforeAll(() => mkdirSync(DIRECTORY, { recursive: true }));
afterAll(() => rmSync(DIRECTORY, { recursive: true, force: true }));

/** What the built command prints. */
const commandLine = (...args: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'relay/dist/cli.js'), ...args], { encoding: 'utf8' });

/** Compiles files as a reader's strict project would. */
function compile(files: readonly string[]): readonly string[] {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
    return `${file?.fileName.split('/').at(-1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

test('every language that a block is in is one that is tested here', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'html', 'js', 'json', 'sh', 'python']));
});

test('TypeScript compiles in a strict project', () => {
  writeFileSync(join(DIRECTORY, 'package.json'), '{ "type": "module" }');
  const files = blocksOf('ts').map(({ name, code, said }) => {
    const file = join(DIRECTORY, `${name.replace('.md ', '-')}.ts`);
    writeFileSync(file, `${said('given')}\n${code}\nexport {};\n`);
    return file;
  });
  expect(files.length).toBeGreaterThan(20);
  expect(compile(files)).toEqual([]);
  const broken = join(DIRECTORY, 'broken.ts');
  writeFileSync(broken, "import { ChatClient } from '@chat-room/sdk';\nnew ChatClient({ address: 1 });\n");
  expect(compile([broken])).toHaveLength(1); // it does look
});

describe('HTML', () => {
  const manifest = readFileSync(join(ROOT, 'widget/custom-elements.json'), 'utf8');
  const known = new Set([...manifest.matchAll(/"(?:attribute|name)": "([\w-]+)"/g)].map(([, name]) => name));
  test.each(blocksOf('html').map((block) => [block.name, block] as const))('%s uses what the element has', (_, { code }) => {
    for (const [, attributes = ''] of code.matchAll(/<chat-room\b([^>]*)>/g)) {
      for (const [, name] of attributes.matchAll(/([\w-]+)=/g)) if (name !== 'style') expect(known).toContain(name);
      for (const [, property] of attributes.matchAll(/(--chat-room-[\w-]+):/g)) expect(manifest).toContain(`"${property}"`);
    }
    for (const [, path] of code.matchAll(/<script[^>]* src="[^"]*?(\/[\w.]+)"/g)) expect(path).toBe('/widget.js');
  });
});

test.each(blocksOf('json').map((block) => [block.name, block] as const))('%s is a configuration', (_, { code }) => {
  const file = join(DIRECTORY, 'config.json');
  writeFileSync(file, code);
  expect(readCommand(['--config', file], {})).toMatchObject({ kind: 'serve' });
});

test.each(blocksOf('python').map((block) => [block.name, block] as const))('%s is Python', (_, { code }) => {
  execFileSync(process.env['PYTHON'] ?? 'python3', ['-c', 'import sys; compile(sys.stdin.read(), "page", "exec")'], {
    input: code,
  });
});

describe('commands', () => {
  const lines = blocksOf('sh').flatMap(({ name, code }) => code.split(/\n(?! )/).map((line) => [name, line] as const));
  const commands = lines.filter(([, line]) => line.startsWith('chat-room-relay '));
  const serving = commands.filter(([, line]) => !COMMANDS.includes(line.split(' ')[1] ?? ''));

  test('each line is one of those that are tested here', () => {
    expect(lines.filter(([, line]) => !/^(chat-room-relay |curl |npm ci && npm start$)/.test(line))).toEqual([]);
  });

  test.each(serving)('%s: %s', (_, line) => {
    const flags = line.split(' ').slice(1);
    // The files that it names are the reader's: theirs are asked for, ours are taken.
    const own = flags.map((flag) =>
      flag.endsWith('fullchain.pem')
        ? join(ROOT, 'test/support/tls/localhost-cert.pem')
        : flag.endsWith('privkey.pem')
          ? join(ROOT, 'test/support/tls/localhost-key.pem')
          : flag,
    );
    expect(readCommand(own, {})).toMatchObject({ kind: 'serve' });
  });

  test.each(commands.filter((command) => !serving.includes(command)))('%s: %s is known', (_, line) => {
    expect(commandLine('--help')).toContain(line.split(' ')[1]);
  });
});

describe('against a relay', () => {
  let relay: RelayProcess;
  const data = temporaryDir();
  beforeAll(async () => {
    const [key = '', ...rest] = commandLine('api-key', 'docs', '--scopes', 'publish,history').split('\n');
    apiKey = key;
    relay = await spawnRelay({
      args: ['--port', '0', '--host', '127.0.0.1', '--data', data],
      env: { CHAT_ROOM_API_KEYS: JSON.stringify(JSON.parse(rest.join('\n')).apiKeys) },
    });
  });
  afterAll(async () => {
    await relay.kill('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });
  let apiKey = '';

  test.each(blocksOf('js').map((block) => [block.name, block] as const))('%s chats', async (_, { code }) => {
    const heard: string[] = [];
    const condition = new Condition();
    const sockets: WebSocket[] = [];
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url.replace('localhost:8080', `127.0.0.1:${relay.port}`));
        sockets.push(this);
      }
    }
    const log = (text: string): void => {
      heard.push(text);
      condition.changed();
    };
    runInNewContext(code, { WebSocket: Socket, JSON, console: { log } });
    await condition.until(() => heard.includes('hello') || undefined);
    for (const socket of sockets) socket.terminate();
  });

  const requests = blocksOf('sh').filter(({ code }) => code.startsWith('curl'));
  test.each(requests.map((block) => [block.name, block] as const))('%s is taken by the server API', async (_, { code }) => {
    const [, method = '', url = ''] = /-X (\w+) (\S+)/.exec(code) ?? [];
    const headers = [...code.matchAll(/-H ["']([\w-]+): ([^"']+)["']/g)].map(
      ([, name = '', value = '']) => [name, value.replace('$KEY', apiKey)] as [string, string],
    );
    const [, body = ''] = /-d '([^']+)'/.exec(code) ?? [];
    const response = await fetch(url.replace('https://chat.example.com', relay.http), { method, headers, body });
    expect([response.status, await response.json()]).toMatchObject([201, { position: { offset: expect.any(Number) } }]);
  });
});

test('the consumer that is set beside the classic one does what that does', async () => {
  const [block] = blocks.filter(({ said }) => said('run') === 'classic');
  const { code } = await transform(block?.code ?? '', { loader: 'ts', target: 'node20' });
  const script = join(DIRECTORY, 'classic.mjs');
  writeFileSync(script, code);
  const data = temporaryDir();
  const relay = await spawnRelay({ script, args: ['--port', '0', '--host', '127.0.0.1', '--data', data] });
  const [ada, bob] = await Promise.all(
    ['lobby', 'lobby'].map((room) => SocketReader.open(`ws://127.0.0.1:${relay.port}/ws/classic/${room}/`)),
  );
  ada?.socket.send('{"message":"hello"}');
  for (const reader of [ada, bob]) expect(await reader?.next()).toBe('{"message":"hello"}');
  for (const reader of [ada, bob]) reader?.socket.terminate();
  await relay.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});
