// `chat-room-relay bench` against a real relay, and what it refuses to load.

import { afterEach, describe, expect, test } from 'vitest';
import { isNear, runBenchCommand } from '../../../relay/src/commands/bench-command.ts';
import { BenchError } from '../../../relay/src/commands/bench-connection.ts';
import { BenchRoom } from '../../../relay/src/commands/bench-room.ts';
import { OptionError } from '../../../relay/src/options.ts';
import type { RunningRelay } from '../../support/relay-fixture.ts';
import { startRelay } from '../../support/relay-fixture.ts';
import { TOKEN_SECRET, tokenFor } from '../../support/tokens.ts';

let relay: RunningRelay | undefined;
afterEach(async () => {
  await relay?.stop();
  relay = undefined;
});

const short = ['--connections', '7', '--rate', '30', '--seconds', '1'];

describe('chat-room-relay bench', () => {
  test('has everybody hear everything, says so, and leaves nobody behind', async () => {
    relay = await startRelay();
    const text = await runBenchCommand([relay.ws, ...short]);
    expect(text).toContain('7 connections in one room, 30 messages in 1 s\n');
    expect(text).toMatch(/^delivered {2}210 of 210, 210 a second$/m);
    expect(text).toMatch(/^latency +p50 \d+\.\d ms, p99 \d+\.\d ms$/m);
    const room = await BenchRoom.open({ url: relay.ws, connections: 1, token: undefined });
    await room.close();
  });

  test('comes with a token where guests may not', async () => {
    relay = await startRelay({ guests: 'off', jwtSecret: TOKEN_SECRET });
    await expect(runBenchCommand([relay.ws, ...short])).rejects.toThrow(BenchError);
    const token = await tokenFor({ sub: 'bench', exp: 4_000_000_000 });
    expect(await runBenchCommand([relay.ws, ...short, '--token', token])).toContain('210 of 210');
  });

  test('says that it was refused, where it may not write', async () => {
    relay = await startRelay({ guests: 'off', jwtSecret: TOKEN_SECRET });
    const token = await tokenFor({ sub: 'bench', exp: 4_000_000_000, rooms: { '*': 'read' } });
    const measured = runBenchCommand([relay.ws, ...short, '--token', token]);
    await expect(measured).rejects.toThrow(/^The relay refused \(forbidden\): /);
  });

  test.each([
    [['wss://chat.example.com/ws'], 'say --yes'],
    [['ws://192.0.2.1/ws'], 'say --yes'],
    [['http://localhost:8080/'], 'is no address of a relay'],
    [['--rate', '1000', '--connections', '10'], "--rate can't be more than"],
    [['--connections', '0'], "--connections can't be"],
    [['--connections', '5000', '--rate', '1000', '--seconds', '60'], 'deliveries'],
    [['ws://localhost/ws', 'ws://localhost/ws'], 'is not expected here'],
  ])('says in one sentence why not: %j', async (argv, part) => {
    const error: unknown = await runBenchCommand(argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(part);
  });

  test.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['[fd00::1]', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['8.8.8.8', false],
    ['10.example.com', false],
    ['[2001:db8::1]', false],
  ])('%s is near: %s', (host, expected) => expect(isNear(host)).toBe(expected));
});
