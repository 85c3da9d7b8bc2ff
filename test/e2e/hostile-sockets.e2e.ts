// WebSockets of strangers who mean harm, against the built relay: it lives, its memory is bounded, its witness is served.
// The bounds on memory are generous: they tell a bound from none.
import { describe, expect, test } from 'vitest';
import { flood, HostileRig } from '../support/hostile-rig.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { frame, OPCODE, RawSocket } from '../support/raw-socket.ts';
import { wireFrame } from '../support/ws-frames.ts';

const MIB = 1_048_576;
/** Nobody is let go for being silent: what ends a connection is what the test is about. */
const PATIENT = ['--idle-timeout-s', '960'];
const SUBSCRIPTIONS = 'chat_room_subscriptions';

describe.each(['uws', 'ws'] as const)('[P6] hostile sockets over %s', (transport) => {
  test('a flood of pings by who reads no pong', async () => {
    const rig = await HostileRig.start({ transport });
    const socket = await rig.connected();
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 500 }, () => frame(OPCODE.ping, Buffer.alloc(125))));
    await flood(socket, pings, 40 * MIB);
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(24);
  });

  test('[POS3] a flood of requests by who reads no reply ends in the end of that connection', async () => {
    const rig = await HostileRig.start({ transport, args: PATIENT });
    const socket = await rig.connected();
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 500 }, (_, i) => frame(OPCODE.text, `{"type":"ping","id":${i + 2}}`)));
    await flood(socket, pings, 100 * MIB);
    await rig.unharmed();
    socket.resume();
    await socket.ended();
    await rig.until('chat_room_connections', (count) => count === 1);
    expect(rig.grownMiB()).toBeLessThan(48);
  });

  test('frames that are held open, one byte before their end, cost what they hold', async () => {
    const rig = await HostileRig.start({ transport });
    const before = rig.descriptors();
    const held = frame(OPCODE.text, 'x'.repeat(262_144)).subarray(0, -1);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => rig.connected()));
    await Promise.all(sockets.map((socket) => socket.write(held)));
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(2 * 25 + 48);
    for (const socket of sockets) socket.reset();
    await rig.untilDescriptors(before);
    expect(await rig.metric('chat_room_connections')).toBe(1);
  });

  test('[CLS3] a message that never ends, in large fragments or in tiny ones, is not waited for', async () => {
    const rig = await HostileRig.start({ transport, args: PATIENT });
    for (const [size, count] of [
      [8_192, 1_000],
      [1, 300_000],
    ] as const) {
      const socket = await rig.connected();
      await socket.write(wireFrame({ opcode: OPCODE.text, payload: 'x', fin: false }));
      const fragment = wireFrame({ opcode: OPCODE.continuation, payload: 'x'.repeat(size), fin: false });
      const many = Buffer.concat(Array.from({ length: 100 }, () => fragment));
      await flood(socket, many, count * fragment.length);
      await socket.ended();
    }
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(48);
  });

  test('[JOI8] ten thousand joins by one socket are a hundred rooms, and none when it has gone', async () => {
    const rig = await HostileRig.start({ transport });
    const socket = await rig.connected();
    const joins = Array.from({ length: 10_000 }, (_, i) =>
      frame(OPCODE.text, JSON.stringify({ type: 'join', id: i + 2, room: `r${i}` })),
    );
    await socket.write(Buffer.concat(joins));
    const codes = new Map<string, number>();
    for (let answers = 0; answers <= 10_000; ) {
      const said = JSON.parse(await socket.text()) as { readonly id?: number; readonly type: string; readonly code?: string };
      if (said.id === undefined) continue; // news of presence
      answers++;
      codes.set(said.code ?? said.type, (codes.get(said.code ?? said.type) ?? 0) + 1);
    }
    expect(codes.get('joined')).toBe(100);
    const known = ['connected', 'joined', 'overloaded', 'rate_limited', 'too_many_rooms'];
    expect([...codes.keys()].filter((code) => !known.includes(code))).toEqual([]);
    expect(await rig.metric(SUBSCRIPTIONS)).toBe(101);
    await rig.unharmed();
    socket.reset();
    await rig.until(SUBSCRIPTIONS, (count) => count === 1);
  });

  test('ten thousand subscriptions are gone at once with the sockets that had them', async () => {
    const rig = await HostileRig.start({ transport });
    const sockets = await Promise.all(Array.from({ length: 100 }, () => rig.connected()));
    for (const [n, socket] of sockets.entries()) {
      const joins = Array.from({ length: 100 }, (_, i) =>
        frame(OPCODE.text, JSON.stringify({ type: 'join', id: i + 2, room: `room-${n}-${i}` })),
      );
      await socket.write(Buffer.concat(joins));
    }
    await rig.until(SUBSCRIPTIONS, (count) => count === 10_001);
    for (const socket of sockets) socket.reset();
    await rig.until(SUBSCRIPTIONS, (count) => count === 1);
    expect(await rig.metric('chat_room_members')).toBe(1);
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(160);
  });

  test('publishes to thousands of rooms that nobody is in open none of them', async () => {
    const rig = await HostileRig.start({ transport, args: ['--publish-rate', '0'] });
    const client = await ProtocolClient.connected(rig.relay.process.ws);
    const publishes = Array.from({ length: 5_000 }, (_, i) =>
      client.request({ type: 'publish', room: `nobody-${i}`, key: 'k', event: { type: 'message', text: 'x'.repeat(500) } }),
    );
    for (const reply of await Promise.all(publishes)) expect(reply.type).toBe('published');
    expect(await rig.metric('chat_room_rooms')).toBe(1);
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(96);
  });

  test('[P5] [POS1] sockets that never read cost their bound each, and nobody else anything', async () => {
    const rig = await HostileRig.start({ transport, args: ['--publish-rate', '0'] });
    const stalled = await Promise.all(Array.from({ length: 20 }, () => rig.joined('busy')));
    for (const socket of stalled) socket.pause();
    const [speaker, listener] = await Promise.all([
      ProtocolClient.connected(rig.relay.process.ws),
      ProtocolClient.connected(rig.relay.process.ws),
    ]);
    await listener.request({ type: 'join', room: 'busy' });
    const text = 'x'.repeat(8_000);
    for (let burst = 0; burst < 20; burst++) {
      const sent = Array.from({ length: 100 }, (_, i) =>
        speaker.request({ type: 'publish', room: 'busy', key: `k${burst}-${i}`, event: { type: 'message', text } }),
      );
      for (const reply of await Promise.all(sent)) expect(reply.type).toBe('published');
    }
    expect(await listener.events('busy', 2_000)).toHaveLength(2_000);
    expect(await rig.metric('chat_room_drops_total')).toBeGreaterThanOrEqual(20);
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(20 * 3 + 96);
    for (const socket of stalled) socket.destroy();
  });

  test('connections by the thousand, that say nothing or go at once, leave nothing', async () => {
    const rig = await HostileRig.start({ transport });
    const before = rig.descriptors();
    for (let wave = 0; wave < 10; wave++) {
      const sockets = await Promise.all(Array.from({ length: 200 }, () => RawSocket.open(rig.port, '/ws')));
      for (const socket of sockets) socket.reset();
    }
    await rig.untilDescriptors(before);
    await rig.until('chat_room_connections', (count) => count === 1);
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(64);
  });
});
