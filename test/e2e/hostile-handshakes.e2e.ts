// Strangers who never get as far as a request, against the built relay.
import { describe, expect, test } from 'vitest';
import { flood, HostileRig } from '../support/hostile-rig.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { RawSocket, upgradeRequest } from '../support/raw-socket.ts';
import { ticketFor } from '../support/upload-client.ts';

const MIB = 1_048_576;
/** Between two bytes of who is slow on purpose: far less than any timeout of the relay. */
const DRIBBLE_EVERY_MS = 500;

// Both at once: it takes as long as a relay waits.
test('[P6] [UPL3] who sends nothing, half a request or of a file, or a byte now and then is let go, and nothing of it is kept', async () => {
  await Promise.all((['uws', 'ws'] as const).map(letsGoOfTheSlow));
});

describe.each(['uws', 'ws'] as const)('[P6] hostile handshakes over %s', (transport) => {
  test('headers without an end are refused, and none of them kept', async () => {
    const rig = await HostileRig.start({ transport });
    const line = Buffer.from(`x: ${'v'.repeat(1_000)}\r\n`.repeat(50));
    for (let i = 0; i < 20; i++) {
      const socket = await RawSocket.connect(rig.port);
      await socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
      await flood(socket, line, 50 * MIB);
      await socket.ended();
    }
    await rig.unharmed();
    expect(rig.grownMiB()).toBeLessThan(32);
  });

  test('more connections than the process may have open: who is there is served, and who comes later is too', async () => {
    const rig = await HostileRig.start({ transport });
    rig.limitDescriptors(rig.descriptors() + 50);
    const sockets = await Promise.all(Array.from({ length: 400 }, () => RawSocket.connect(rig.port)));
    await rig.witness.roundTrip();
    for (const socket of sockets) socket.reset();
    const late = await rig.connected();
    expect(await late.text()).toMatch(/^\{"type":"connected"/);
    await rig.unharmed();
  });
});

async function letsGoOfTheSlow(transport: 'uws' | 'ws'): Promise<void> {
  const rig = await HostileRig.start({ transport });
  const before = rig.descriptors();
  const uploads = await stalledUploads(rig);
  const beginnings = ['', 'GET / HTTP/1.1\r\nhost: x\r\nx: ', upgradeRequest('/ws').slice(0, -4)];
  const sockets = await Promise.all(
    Array.from({ length: 90 }, async (_, i) => {
      const socket = await RawSocket.connect(rig.port);
      await socket.write(beginnings[i % 3] ?? '');
      return socket;
    }),
  );
  // The last of each kind goes on and on.
  const slow = sockets.slice(-3).filter((_, i) => i !== 0);
  const dribble = setInterval(() => slow.map((socket) => socket.write('x')), DRIBBLE_EVERY_MS);
  await rig.unharmed();
  await Promise.all([...sockets, ...uploads.sockets].map((socket) => socket.ended()));
  clearInterval(dribble);
  await rig.untilDescriptors(before);
  for (const url of uploads.urls) expect((await fetch(rig.relay.process.http + url)).status).toBe(404);
  await rig.unharmed();
}

/** Files of which half has come, and no more will. */
async function stalledUploads(
  rig: HostileRig,
): Promise<{ readonly sockets: readonly RawSocket[]; readonly urls: readonly string[] }> {
  const client = await ProtocolClient.connected(rig.relay.process.ws);
  await client.request({ type: 'join', room: 'files' });
  const tickets = await Promise.all(Array.from({ length: 8 }, () => ticketFor(client, { room: 'files', bytes: 2_000_000 })));
  await client.close();
  const sockets = await Promise.all(
    tickets.map(async ({ url, ticket }) => {
      const socket = await RawSocket.connect(rig.port);
      const head = `PUT ${url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ticket}\r\ncontent-length: 2000000\r\n\r\n`;
      await socket.write(head + 'x'.repeat(1_000_000));
      return socket;
    }),
  );
  return { sockets, urls: tickets.map(({ url }) => url) };
}
