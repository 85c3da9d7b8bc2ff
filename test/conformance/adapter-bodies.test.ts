// Bodies that are not in memory, both ways and on both adapters: at the pace of whoever is slower, and never left hanging.
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { BodyReceiver, HttpResponse } from '../../relay/src/adapter/adapter.ts';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import { Condition } from '../support/condition.ts';
import { Gate } from '../support/gate.ts';
import { RawSocket } from '../support/raw-socket.ts';

const MIB = 1024 * 1024;
const PUT = (length: number): string => `PUT /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const text = (body: string, status = 200): HttpResponse => ({ status, headers: {}, body });

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(TRANSPORTS)('%s: request bodies as they come', (transport) => {
  const start = (receive: BodyReceiver): Promise<AdapterRig> =>
    AdapterRig.start(transport, {
      options: { maxRequestBytes: 1_000 },
      handlers: { receiver: ({ path }) => (path === '/stream' ? receive : undefined) },
    });

  test('a body above the limit for whole ones is read to its end, and others are read whole as ever', async () => {
    const rig = await start(async (body) => text(String((await readAll(body)).length)));
    const socket = await RawSocket.connect(rig.port);
    await socket.write(PUT(3 * MIB));
    await socket.write(Buffer.alloc(3 * MIB));
    expect((await socket.response()).body).toBe(String(3 * MIB));
    await socket.write('PUT /whole HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab');
    expect((await socket.response()).body).toBe('ok');
  });

  test('the pieces are copies, in order, whatever coding they came in', async () => {
    const rig = await start(async (body) => text((await readAll(body)).toString()));
    const socket = await RawSocket.connect(rig.port);
    await socket.write('PUT /stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const chunk of ['3\r\nabc\r\n', '2\r\nde\r\n', '0\r\n\r\n']) await socket.write(chunk);
    expect((await socket.response()).body).toBe('abcde');
  });

  test('an empty body ends at once', async () => {
    const rig = await start(async (body) => text(`${(await readAll(body)).length} bytes`));
    const socket = await RawSocket.connect(rig.port);
    await socket.write(PUT(0));
    expect((await socket.response()).body).toBe('0 bytes');
  });

  test('a reader that waits makes the sender wait', async () => {
    const gate = new Gate();
    const rig = await start(async (body) => {
      gate.enter();
      await gate.opened;
      return text(String((await readAll(body)).length));
    });
    const socket = connect(rig.port, '127.0.0.1');
    socket.write(PUT(64 * MIB));
    for (let i = 0; i < 64; i++) socket.write(Buffer.alloc(MIB));
    await gate.entered;
    // Without a bound these turns of the loop would have taken in all of it.
    const other = await RawSocket.connect(rig.port);
    for (let i = 0; i < 300; i++) {
      await other.write(GET);
      await other.response();
    }
    expect(socket.writableLength).toBeGreaterThan(32 * MIB);
    const answer = new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(String(data))));
    gate.open();
    expect(await answer).toContain(String(64 * MIB));
    socket.destroy();
  });

  test.each([
    ['unread', async () => text('no', 401)],
    [
      'after its first piece',
      async (body) => {
        for await (const _ of body) break;
        return text('no', 401);
      },
    ],
  ] satisfies [string, BodyReceiver][])(
    'an answer to a body that is left %s arrives, and so does the next',
    async (_, receive) => {
      const rig = await start(receive);
      const socket = await RawSocket.connect(rig.port);
      await socket.write(PUT(2 * MIB));
      const written = socket.write(Buffer.alloc(2 * MIB));
      expect((await socket.response()).status).toBe(401);
      await written;
      await socket.write(GET);
      expect((await socket.response()).body).toBe('ok');
    },
  );

  test('a peer that goes in the middle ends the reading, and is no fault of ours', async () => {
    const condition = new Condition();
    const seen: unknown[] = [];
    let begun = 0;
    const rig = await start(async (body) => {
      try {
        for await (const _ of body) {
          begun++;
          condition.changed();
        }
      } catch (error) {
        seen.push(error);
        condition.changed();
        throw error;
      }
      return text('whole');
    });
    for (const end of ['reset', 'destroy'] as const) {
      const socket = await RawSocket.connect(rig.port);
      await socket.write(PUT(1_000));
      await socket.write('some');
      await condition.until(() => begun > seen.length || undefined);
      socket[end]();
      await condition.until(() => begun === seen.length || undefined);
    }
    expect(seen).toMatchObject([{ code: 'peer_gone' }, { code: 'peer_gone' }]);
    expect(rig.errors).toEqual([]);
  });

  test('a receiver that throws is answered 500, and told to the operator', async () => {
    const rig = await start(async () => {
      throw new Error('boom');
    });
    const socket = await RawSocket.connect(rig.port);
    await socket.write(`${PUT(4)}body`);
    expect((await socket.response()).status).toBe(500);
    expect(rig.errors).toMatchObject([{ where: 'request' }]);
  });

  test('a peer that sends nothing more is let go after 10 s; one that sends a little is not', async () => {
    const outcomes: string[] = [];
    const rig = await start(async (body) => {
      const bytes = await readAll(body).then(
        (all) => String(all.length),
        (error: Error) => error.name,
      );
      outcomes.push(bytes);
      return text(bytes);
    });
    const [silent, slow] = await Promise.all([RawSocket.connect(rig.port), RawSocket.connect(rig.port)]);
    await silent.write(`${PUT(1_000)}some`);
    await slow.write(PUT(1_000));
    let sent = 0;
    const dripping = setInterval(() => {
      sent++;
      void slow.write('x');
    }, 500);
    await silent.ended();
    clearInterval(dripping);
    await slow.write('x'.repeat(1_000 - sent));
    expect((await slow.response()).body).toBe('1000');
    expect(outcomes).toEqual(['BodyInterrupted', '1000']);
  });
});

describe.each(TRANSPORTS)('%s: answers in pieces', (transport) => {
  /** So many pieces of 64 KiB, each with its number; notes how far it was read, and that it was let go. */
  class Source {
    readonly condition = new Condition();
    read = 0;
    isClosed = false;
    readonly #pieces: number;

    constructor(pieces: number) {
      this.#pieces = pieces;
    }

    get bytes(): number {
      return this.#pieces * 65_536;
    }

    get chunks(): AsyncIterable<Uint8Array> {
      return this.#iterate();
    }

    async *#iterate(): AsyncGenerator<Uint8Array> {
      try {
        for (; this.read < this.#pieces; this.read++) yield Buffer.alloc(65_536, this.read);
      } finally {
        this.isClosed = true;
        this.condition.changed();
      }
    }
  }

  const start = (request: () => HttpResponse): Promise<AdapterRig> => AdapterRig.start(transport, { handlers: { request } });

  test('arrive whole and in order, with their length, and the connection goes on', async () => {
    const source = new Source(50);
    const rig = await start(() => ({ status: 206, headers: { 'x-made': 'yes' }, body: new Source(50) }));
    const response = await fetch(`http://127.0.0.1:${rig.port}/`);
    expect(response.status).toBe(206);
    expect([response.headers.get('content-length'), response.headers.get('x-made')]).toEqual([String(source.bytes), 'yes']);
    const expected = await readAll(source.chunks);
    expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true);
    const socket = await RawSocket.connect(rig.port);
    for (let i = 0; i < 2; i++) {
      await socket.write(GET);
      expect((await socket.response()).body).toHaveLength(expected.toString().length);
    }
  });

  test('are not read for HEAD, nor where there is nothing to send', async () => {
    const source = new Source(3);
    const empty = new Source(0);
    const bodies = [source, empty];
    const rig = await start(() => ({ status: 200, headers: {}, body: bodies.shift() ?? '' }));
    const socket = await RawSocket.connect(rig.port);
    await socket.write('HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await socket.response('HEAD')).headers.get('content-length')).toBe(String(source.bytes));
    expect(source.read).toBe(0);
    await socket.write(GET);
    expect(await socket.response()).toMatchObject({ status: 200, body: '' });
  });

  test('wait for a reader that waits, and are let go where it goes', async () => {
    const source = new Source(2_000);
    const rig = await start(() => ({ status: 200, headers: {}, body: source }));
    const socket = connect(rig.port, '127.0.0.1');
    socket.write(GET);
    await new Promise<void>((resolve) => socket.once('readable', () => resolve())); // and reads no more
    const other = await RawSocket.connect(rig.port);
    for (let i = 0; i < 300; i++) {
      await other.write('HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await other.response('HEAD');
    }
    expect(source.read).toBeLessThan(1_000);
    socket.resetAndDestroy();
    await source.condition.until(() => source.isClosed || undefined);
    expect(rig.errors).toEqual([]);
  });

  test('that fail before the first are answered 500', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* [];
      throw new Error('boom');
    };
    const rig = await start(() => ({ status: 200, headers: {}, body: { bytes: 10, chunks: broken() } }));
    expect((await fetch(`http://127.0.0.1:${rig.port}/`)).status).toBe(500);
    expect(rig.errors).toMatchObject([{ where: 'request' }]);
  });

  test.each([
    ['fail later', 10, true],
    ['are fewer bytes than said', 10, false],
    ['are more bytes than said', 3, false],
  ])('that %s cut the connection: nobody takes them for whole', async (_, bytes, throws) => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('ab');
      yield Buffer.from('cd');
      if (throws) throw new Error('boom');
    };
    const rig = await start(() => ({ status: 200, headers: {}, body: { bytes, chunks: broken() } }));
    await expect(fetch(`http://127.0.0.1:${rig.port}/`).then((response) => response.text())).rejects.toThrow();
    expect(rig.errors).toMatchObject([{ where: 'request' }]);
  });
});
