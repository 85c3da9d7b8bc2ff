// Publishing, its order, and what happens to who does not read.
import { describe, expect, test } from 'vitest';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import type { RawSocket } from '../support/raw-socket.ts';

const CHUNK = 'x'.repeat(16_000);
// More than the kernel's buffers on both sides of a connection and the adapter's own take together.
const CHUNKS = 3_000;
const BATCH = 30;
const MAX_BUFFERED_BYTES = 1_048_576;

describe.each(TRANSPORTS)('%s: topics', (transport) => {
  test('a publish reaches each subscriber once, and nobody else', async () => {
    const rig = await AdapterRig.start(transport);
    const [a, b, c] = [await rig.open('/a'), await rig.open('/b'), await rig.open('/c')];
    a.socket.subscribe('t');
    a.socket.subscribe('t');
    b.socket.subscribe('t');
    expect(rig.adapter.subscribers('t')).toBe(2);
    rig.adapter.publish('t', 'é✓');
    c.socket.send('only this');
    a.socket.send('then this');
    expect(await a.client.text()).toBe('é✓');
    expect(await a.client.text()).toBe('then this');
    expect(await b.client.text()).toBe('é✓');
    expect(await c.client.text()).toBe('only this');
  });

  test('publish and send keep their order, also around subscribe and unsubscribe in one turn', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    rig.adapter.publish('t', 'before subscribe');
    socket.subscribe('t');
    rig.adapter.publish('t', '1');
    socket.send('2');
    rig.adapter.publish('t', '3');
    rig.adapter.publish('u', 'another topic');
    socket.send('4');
    rig.adapter.publish('t', '5');
    socket.unsubscribe('t');
    rig.adapter.publish('t', 'after unsubscribe');
    socket.send('6');
    for (const expected of ['1', '2', '3', '4', '5', '6']) expect(await client.text()).toBe(expected);
    expect(rig.adapter.subscribers('t')).toBe(0);
  });

  test('what was published before an end arrives before the close', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    socket.subscribe('t');
    rig.adapter.publish('t', 'last');
    socket.end(4000, 'bye');
    expect(await client.text()).toBe('last');
    expect(await client.closeCode()).toBe(4000);
  });

  test('several topics of one socket keep the order in which they were published', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    const topics = ['t0', 't1', 't2'];
    for (const topic of topics) socket.subscribe(topic);
    for (let i = 0; i < 99; i++) rig.adapter.publish(`t${i % 3}`, `${i}`);
    for (let i = 0; i < 99; i++) expect(await client.text()).toBe(`${i}`);
  });

  test('1,000 publishes in one turn reach everybody in order', async () => {
    const rig = await AdapterRig.start(transport);
    const peers = await Promise.all(Array.from({ length: 10 }, (_, i) => rig.open(`/${i}`)));
    for (const { socket } of peers) socket.subscribe('t');
    for (let i = 0; i < 1_000; i++) rig.adapter.publish('t', `${i}`);
    for (const { client } of peers) for (let i = 0; i < 1_000; i++) expect(await client.text()).toBe(`${i}`);
  });

  test.each(['', 'a/b/#', '+', '#', '日本\u0000', 'x'.repeat(5_000)])('the topic %j is a name like any other', async (topic) => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    socket.subscribe(topic);
    rig.adapter.publish(`${topic}/other`, 'not this');
    rig.adapter.publish(topic, 'this');
    expect(await client.text()).toBe('this');
  });

  test('a publish may come before any socket, to nobody, and after all have gone', async () => {
    const rig = await AdapterRig.start(transport);
    rig.adapter.publish('t', 'nobody');
    const { client, socket } = await rig.open('/a');
    socket.subscribe('t');
    client.end();
    await rig.entry('closed', '/a');
    rig.adapter.publish('t', 'nobody');
    expect(rig.adapter.subscribers('t')).toBe(0);
  });
});

describe.each(TRANSPORTS)('%s: what is sent soon', (transport) => {
  test('[PUB1] it keeps its order among publishes and sends, reaches its socket alone, and is safe after the close', async () => {
    const rig = await AdapterRig.start(transport);
    const [a, b] = [await rig.open('/a'), await rig.open('/b')];
    for (const { socket } of [a, b]) socket.subscribe('t');
    rig.adapter.publish('t', '1');
    expect(a.socket.sendSoon('2')).not.toBe('dropped');
    rig.adapter.publish('t', '3');
    a.socket.send('4');
    a.socket.sendSoon('5');
    b.socket.sendSoon('for b');
    rig.adapter.publish('t', '6');
    for (const text of ['1', '2', '3', '4', '5', '6']) expect(await a.client.text()).toBe(text);
    for (const text of ['1', '3', 'for b', '6']) expect(await b.client.text()).toBe(text);
    a.client.destroy();
    await rig.entry('closed', '/a');
    expect(a.socket.sendSoon('late')).toBe('dropped');
    expect(rig.count('lost', '/a') + rig.count('lost', '/b')).toBe(0);
  });

  test('[POS3] one that may be lost to a slow reader is told as lost; a loss in a later turn is none of it', async () => {
    const rig = await AdapterRig.start(transport, { options: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    const [now, later] = [await rig.open('/now'), await rig.open('/later')];
    for (const { client, socket } of [now, later]) {
      client.pause();
      socket.subscribe('t');
    }
    expect(later.socket.sendSoon('reply')).not.toBe('dropped');
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const taken = now.socket.sendSoon('reply') !== 'dropped';
    for (let i = 0; i < CHUNKS; i++) rig.adapter.publish('t', CHUNK);
    for (const of of ['/now', '/later']) await rig.entry('dropped', of);
    // A reply that went out at once can't be lost any more; one that waited for the end of the turn can.
    expect(taken && rig.count('lost', '/now')).toBe(transport === 'uws' ? 1 : 0);
    expect(rig.count('lost', '/later')).toBe(0);
    for (const { client } of [now, later]) {
      client.resume();
      expect(await client.text()).toBe('reply');
      client.destroy();
    }
  });
});

/** Publishes `CHUNKS` chunks to the topic, never faster than `reader` reads them. Each starts with its number. */
async function publishAll(rig: AdapterRig, reader: RawSocket): Promise<void> {
  for (let sent = 0; sent < CHUNKS; sent += BATCH) {
    for (let i = sent; i < sent + BATCH; i++) rig.adapter.publish('t', `${i} ${CHUNK}`);
    for (let i = sent; i < sent + BATCH; i++) {
      const text = await reader.text();
      if (!text.startsWith(`${i} `)) throw new Error(`Expected chunk ${i}, read ${text.slice(0, 20)}`);
    }
  }
}

describe.each(TRANSPORTS)('%s: slow readers', (transport) => {
  test('[POS1] one that does not read loses publishes, holds bounded memory and holds up nobody; when it reads it is told drained', async () => {
    const rig = await AdapterRig.start(transport, { options: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    const [slow, good] = [await rig.open('/slow'), await rig.open('/good')];
    slow.socket.subscribe('t');
    good.socket.subscribe('t');
    slow.client.pause();
    await publishAll(rig, good.client);
    await rig.entry('dropped', '/slow');
    expect(rig.count('dropped', '/good')).toBe(0);
    expect(rig.count('drained', '/slow')).toBe(0);
    slow.client.resume();
    await rig.entry('drained', '/slow');
    rig.adapter.publish('t', 'live again');
    let last = -1;
    let held = 0;
    for (;;) {
      const text = await slow.client.text();
      if (text === 'live again') break;
      const number = Number(text.slice(0, text.indexOf(' ')));
      expect(number).toBeGreaterThan(last);
      last = number;
      held += 1;
    }
    // The rest was thrown away, not kept anywhere.
    expect(held).toBeLessThan(CHUNKS / 2);
  });

  test('[POS3] send says so when it is over the limit, and again when there is room', async () => {
    const whenDrained: string[] = [];
    const rig = await AdapterRig.start(transport, {
      options: { maxBufferedBytes: 8 * MAX_BUFFERED_BYTES },
      handlers: { drained: (full) => void whenDrained.push(full.send('room')) },
    });
    const { client, socket } = await rig.open('/a');
    client.pause();
    const results = new Map<string, number>();
    for (let i = 0; !results.has('dropped'); i++) {
      const result = socket.send(`${i} ${CHUNK}`);
      results.set(result, (results.get(result) ?? 0) + 1);
    }
    expect(results.has('buffered')).toBe(true);
    client.resume();
    await rig.entry('drained', '/a');
    // Empty means empty: it is not told after each step of the way.
    expect(new Set(whenDrained)).toEqual(new Set(['sent']));
    const kept = (results.get('sent') ?? 0) + (results.get('buffered') ?? 0);
    for (let i = 0; i < kept; i++) expect((await client.text()).startsWith(`${i} `)).toBe(true);
    expect(await client.text()).toBe('room');
  });

  test('dropped and drained come outside of publish and send, and their handlers may subscribe, publish and end', async () => {
    let isInside = false;
    const told: string[] = [];
    const rig: AdapterRig = await AdapterRig.start(transport, {
      options: { maxBufferedBytes: 65_536 },
      handlers: {
        dropped: (socket) => {
          told.push(isInside ? 'inside' : 'outside');
          socket.unsubscribe('t');
          socket.subscribe('u');
          rig.adapter.publish('news', `${socket.context} is slow`);
          if (socket.context === '/0') socket.end(4001, 'slow');
        },
      },
    });
    const watcher = await rig.open('/watcher');
    watcher.socket.subscribe('news');
    const peers = await Promise.all(Array.from({ length: 5 }, (_, i) => rig.open(`/${i}`)));
    for (const { client, socket } of peers) {
      client.pause();
      socket.subscribe('t');
    }
    while (rig.adapter.subscribers('t') > 0) {
      isInside = true;
      for (let i = 0; i < BATCH; i++) rig.adapter.publish('t', CHUNK);
      isInside = false;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const news = new Set<string>();
    while (news.size < peers.length) news.add(await watcher.client.text());
    expect(new Set(told)).toEqual(new Set(['outside']));
    await rig.entry('closed', '/0');
    for (const { client } of peers) client.destroy();
  });

  test('[POS3] bufferedBytes grows with what waits, never far past the bound, and is 0 when all is read or the socket closed', async () => {
    const rig = await AdapterRig.start(transport, { options: { maxBufferedBytes: MAX_BUFFERED_BYTES } });
    const [slow, gone] = [await rig.open('/slow'), await rig.open('/gone')];
    for (const { client, socket } of [slow, gone]) {
      expect(socket.bufferedBytes).toBe(0);
      client.pause();
      while (socket.send(CHUNK) !== 'dropped');
      expect(socket.bufferedBytes).toBeGreaterThan(MAX_BUFFERED_BYTES - CHUNK.length);
      expect(socket.bufferedBytes).toBeLessThan(MAX_BUFFERED_BYTES + 2 * CHUNK.length);
    }
    slow.client.resume();
    await rig.entry('drained', '/slow');
    expect(slow.socket.bufferedBytes).toBe(0);
    gone.socket.end(4000, '');
    expect(gone.socket.bufferedBytes).toBe(0);
    await rig.entry('closed', '/gone');
    expect(gone.socket.bufferedBytes).toBe(0);
    gone.client.destroy();
  });

  test('[POS3] a full socket that is ended goes at once, without a close frame', async () => {
    const rig = await AdapterRig.start(transport, { options: { maxBufferedBytes: 65_536 } });
    const { client, socket } = await rig.open('/a');
    client.pause();
    while (socket.send(CHUNK) !== 'dropped');
    socket.end(4001, 'slow');
    await rig.entry('closed', '/a');
    client.resume();
    expect(await client.closeCode()).toBeUndefined();
    expect(rig.count('closed', '/a')).toBe(1);
  });
});
