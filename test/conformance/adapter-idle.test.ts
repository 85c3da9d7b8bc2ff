// The one suite that takes its time: 8 s is the shortest idle time that uWebSockets.js knows.
import { describe, expect, test } from 'vitest';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import { frame, OPCODE } from '../support/raw-socket.ts';

const PUBLISH_EVERY_MS = 500;

describe.concurrent.each(TRANSPORTS)('%s: liveness', (transport) => {
  test('[PNG2] a peer that answers no ping is closed, however much it is sent; one that answers stays', async () => {
    const rig = await AdapterRig.start(transport, { options: { idleTimeoutS: 8 } });
    const [silent, alive] = [await rig.open('/silent'), await rig.open('/alive')];
    silent.socket.subscribe('t');
    const busy = setInterval(() => rig.adapter.publish('t', 'news'), PUBLISH_EVERY_MS);
    let pings = 0;
    const answering = (async () => {
      for (let next = await alive.client.frame(); next !== undefined; next = await alive.client.frame()) {
        if (next.opcode !== OPCODE.ping) continue;
        pings += 1;
        await alive.client.write(frame(OPCODE.pong, next.payload));
      }
    })();
    const { code } = await rig.entry('closed', '/silent');
    clearInterval(busy);
    expect(code).toBe(1006);
    expect(pings).toBeGreaterThan(0);
    expect(rig.count('closed', '/alive')).toBe(0);
    expect(alive.socket.send('bye')).toBe('sent');
    alive.client.destroy();
    await answering;
  });
});
