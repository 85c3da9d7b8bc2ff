// What costs more than it brings, against both adapters: pieces of messages, bytes before their time, rooms by the thousand.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { UpgradeDecision } from '../../relay/src/adapter/adapter.ts';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import { Condition } from '../support/condition.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { frame, OPCODE, RawSocket, upgradeRequest } from '../support/raw-socket.ts';
import { startRelay } from '../support/relay-fixture.ts';
import { readMetrics } from '../support/relay-watch.ts';
import { wireFrame } from '../support/ws-frames.ts';
import { outcomeOf, servesOthers, startEcho } from '../support/ws-frames-echo.ts';

/** Rooms stay in use for 30 s after the last one has left, and are looked at every 10 s. */
const LATER_MS = 31_000;

function inFragments(count: number): Buffer {
  const middle = wireFrame({ opcode: OPCODE.continuation, payload: 'x', fin: false });
  return Buffer.concat([
    wireFrame({ opcode: OPCODE.text, payload: 'x', fin: false }),
    ...Array.from({ length: count - 2 }, () => middle),
    wireFrame({ opcode: OPCODE.continuation, payload: 'x' }),
  ]);
}

describe.each(TRANSPORTS)('[P6] %s', (transport) => {
  test('a message of 4,096 fragments is read', async () => {
    const { client } = await (await startEcho(transport)).open('/a');
    expect(await outcomeOf(client, [inFragments(4_096)])).toEqual([`text ${'x'.repeat(4_096)}`, 'open']);
  });

  // In uWebSockets.js a fragment costs no more than its bytes, and there is no such bound.
  test('[CLS3] one of 10,000 fragments is refused where each costs memory of its own', async () => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    const expected = transport === 'ws' ? ['closed 1008'] : [`text ${'x'.repeat(10_000)}`, 'open'];
    expect(await outcomeOf(client, [inFragments(10_000)])).toEqual(expected);
    expect(await servesOthers(rig)).toBe(true);
  });

  test('frames before an upgrade is decided harm nobody, whether it is granted or refused later', async () => {
    const gate = new Condition();
    const decide: (() => void)[] = [];
    const upgrade = ({ path }: { readonly path: string }): UpgradeDecision<string> | Promise<UpgradeDecision<string>> => {
      const granted: UpgradeDecision<string> = { accept: true, context: path };
      if (path === '/somebody-else') return granted;
      const refused: UpgradeDecision<string> = { accept: false, response: { status: 403, headers: {}, body: '' } };
      return new Promise((resolve) => {
        decide.push(() => resolve(path.startsWith('/granted') ? granted : refused));
        gate.changed();
      });
    };
    const handlers = { upgrade, text: (socket: { send(text: string): unknown }, text: string) => void socket.send(text) };
    const rig = await AdapterRig.start(transport, { handlers });
    const early = [frame(OPCODE.text, 'early'), Buffer.alloc(20_000, 0x81), Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')];
    const paths = early.flatMap((_, i) => [`/granted-${i}`, `/refused-${i}`]);
    const sockets = await Promise.all(paths.map(() => RawSocket.connect(rig.port)));
    for (const [i, socket] of sockets.entries()) await socket.write(upgradeRequest(paths[i] ?? ''));
    await gate.until(() => decide.length === paths.length || undefined);
    for (const [i, socket] of sockets.entries()) await socket.write(early[i >> 1] ?? '');
    expect(await servesOthers(rig)).toBe(true); // the early bytes have been read by now
    for (const done of decide) done();
    for (const socket of sockets) socket.end();
    await Promise.all(sockets.map((socket) => socket.ended()));
    expect(await servesOthers(rig)).toBe(true);
  });

  test('a body that is compressed is not unpacked: 10 MiB of zeros in 10 KiB are no JSON', async () => {
    const relay = await startRelay({ transport });
    const body = gzipSync(Buffer.alloc(10 * 1_048_576));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization: 'Bearer nobody' };
    const response = await fetch(`${relay.http}/api/v1/rooms/lobby/events`, { method: 'POST', body, headers });
    expect([400, 401, 415]).toContain(response.status);
    await response.text();
    await relay.stop();
  });
});

// Whichever adapter carries the sockets: rooms are beyond it.
test('[P6] rooms that were made by the thousand are let go of when everybody has left', async () => {
  let now = 1_000_000;
  const relay = await startRelay({ now: () => now });
  const clients = await Promise.all(Array.from({ length: 20 }, () => ProtocolClient.connected(relay.ws)));
  const joins = clients.flatMap((client, n) =>
    Array.from({ length: 100 }, (_, i) => client.request({ type: 'join', room: `room-${n}-${i}` })),
  );
  for (const reply of await Promise.all(joins)) expect(reply.type).toBe('joined');
  const metric = async (name: string): Promise<number> => (await readMetrics(relay.http)).get(`chat_room_${name}`) ?? Number.NaN;
  expect(await metric('rooms')).toBe(2_000);
  await Promise.all(clients.map((client) => client.cut()));
  while ((await metric('connections')) > 0);
  expect(await metric('members')).toBe(0);
  now += LATER_MS;
  while ((await metric('rooms')) > 0);
  await relay.stop();
});
