// From listen to close: what ends, when it is told, and what is safe afterwards.
import { describe, expect, test } from 'vitest';
import type { AdapterOptions } from '../../relay/src/adapter/adapter.ts';
import { ListenError } from '../../relay/src/adapter/adapter.ts';
import { createAdapter, TransportError } from '../../relay/src/adapter/select-adapter.ts';
import { AdapterRig, type RigSocket, TRANSPORTS } from '../support/adapter-rig.ts';
import { RawSocket } from '../support/raw-socket.ts';

describe.each(TRANSPORTS)('%s: the end of a socket', (transport) => {
  test('[CLS2] end is seen by the client with code and reason, and told later, once', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    socket.end(4000, 'draining ✓');
    expect(rig.count('closed', '/a')).toBe(0);
    expect(await client.frame()).toEqual({
      opcode: 8,
      payload: Buffer.concat([Buffer.from([0x0f, 0xa0]), Buffer.from('draining ✓')]),
    });
    expect((await rig.entry('closed', '/a')).code).toBe(4000);
    client.end();
    await client.ended();
    expect(rig.count('closed', '/a')).toBe(1);
  });

  test('a reason that does not fit is cut between characters', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    socket.end(4000, `a${'✓'.repeat(100)}`);
    expect((await client.frame())?.payload.subarray(2).toString()).toBe(`a${'✓'.repeat(40)}`);
  });

  test.each(['opened', 'text', 'binary', 'dropped', 'drained'] as const)('end may be called in %s', async (where) => {
    let endedIn = 0;
    const rig: AdapterRig = await AdapterRig.start(transport, {
      options: { maxBufferedBytes: 65_536 },
      handlers: {
        [where]: (socket: RigSocket) => {
          socket.end(4002, where);
          endedIn = rig.count('closed', '/a');
        },
      },
    });
    const client = await RawSocket.open(rig.port, '/a');
    const socket = await rig.until(() => rig.sockets.get('/a'));
    if (where === 'text') await client.send('x');
    if (where === 'binary') await client.write(Buffer.from([0x82, 0x80, 0, 0, 0, 0]));
    if (where === 'dropped' || where === 'drained') {
      socket.subscribe('t');
      client.pause();
      while (socket.send('x'.repeat(16_000)) !== 'dropped');
      rig.adapter.publish('t', 'lost');
      if (where === 'drained') client.resume();
    }
    const { code } = await rig.entry('closed', '/a');
    expect(code).toBe(where === 'dropped' ? 1006 : 4002);
    expect(endedIn).toBe(0);
    client.destroy();
  });

  test.each(['opened', 'text', 'binary'] as const)('a %s handler that throws costs that socket alone', async (where) => {
    const rig = await AdapterRig.start(transport, {
      handlers: {
        [where]: (socket: RigSocket) => {
          if (socket.context === '/a') throw new Error('boom');
        },
      },
    });
    const { client: other } = await rig.open('/b');
    const client = await RawSocket.open(rig.port, '/a');
    if (where === 'text') await client.send('x');
    if (where === 'binary') await client.write(Buffer.from([0x82, 0x80, 0, 0, 0, 0]));
    expect(await client.closeCode()).toBe(1011);
    await rig.entry('closed', '/a');
    expect(rig.errors).toMatchObject([{ where }]);
    await other.send('alive');
    await rig.entry('text', '/b');
  });

  test('every method is safe after the close, and in the closed handler', async () => {
    const use = (socket: RigSocket): string => {
      socket.subscribe('t');
      socket.unsubscribe('t');
      socket.end(4000, 'again');
      expect(socket.bufferedBytes).toBe(0);
      expect(socket.send(Buffer.from('x'))).toBe('dropped');
      return socket.send('x');
    };
    const inClosed: string[] = [];
    const rig = await AdapterRig.start(transport, { handlers: { closed: (socket) => void inClosed.push(use(socket)) } });
    const { client, socket } = await rig.open('/a');
    const { client: ended, socket: endedSocket } = await rig.open('/b');
    socket.subscribe('t');
    client.reset();
    await rig.entry('closed', '/a');
    endedSocket.end(4000, '');
    expect(use(endedSocket)).toBe('dropped');
    await rig.entry('closed', '/b');
    expect(use(socket)).toBe('dropped');
    expect(inClosed).toEqual(['dropped', 'dropped']);
    expect(rig.adapter.subscribers('t')).toBe(0);
    expect(await ended.closeCode()).toBe(4000);
    expect([rig.count('closed', '/a'), rig.count('closed', '/b')]).toEqual([1, 1]);
    expect(rig.errors).toEqual([]);
  });

  test('nothing is told of a socket after its end, though its peer goes on', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    socket.end(4000, '');
    await client.send('too late');
    client.end();
    await client.ended();
    await rig.entry('closed', '/a');
    expect(rig.log.map(({ type }) => type)).toEqual(['opened', 'closed']);
  });

  test('[CLS2] 200 sockets ended in one turn are each told once', async () => {
    const rig = await AdapterRig.start(transport);
    const peers = await Promise.all(Array.from({ length: 200 }, (_, i) => rig.open(`/${i}`)));
    for (const { socket } of peers) socket.end(4000, 'draining');
    for (const { client } of peers) expect(await client.closeCode()).toBe(4000);
    await rig.until(() => rig.log.filter(({ type }) => type === 'closed').length === 200 || undefined);
  });
});

describe.each(TRANSPORTS)('%s: listen and close', (transport) => {
  test('stopListening refuses who comes, and keeps who is there', async () => {
    const rig = await AdapterRig.start(transport);
    const { client, socket } = await rig.open('/a');
    rig.adapter.stopListening();
    await expect(RawSocket.connect(rig.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await client.send('still here');
    expect((await rig.entry('text', '/a')).text).toBe('still here');
    expect(socket.send('me too')).toBe('sent');
    expect(await client.text()).toBe('me too');
  });

  test('close ends every socket with 1001, and resolves after the last closed', async () => {
    const rig = await AdapterRig.start(transport);
    const peers = await Promise.all(Array.from({ length: 20 }, (_, i) => rig.open(`/${i}`)));
    const plain = await RawSocket.connect(rig.port);
    await rig.adapter.close();
    expect(rig.log.filter(({ type }) => type === 'closed')).toHaveLength(20);
    for (const { client } of peers) expect(await client.closeCode()).toBe(1001);
    await plain.ended();
    await expect(RawSocket.connect(rig.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    rig.adapter.publish('t', 'to nobody');
    await rig.adapter.close();
    expect(rig.errors).toEqual([]);
  });

  test('close copes with peers that do not read and requests that are not answered', async () => {
    const rig = await AdapterRig.start(transport, {
      options: { maxBufferedBytes: 65_536 },
      handlers: { request: () => new Promise(() => {}) },
    });
    const { client, socket } = await rig.open('/a');
    client.pause();
    while (socket.send('x'.repeat(16_000)) !== 'dropped');
    const waiting = await RawSocket.connect(rig.port);
    await waiting.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await rig.open('/b');
    await rig.adapter.close();
    await waiting.ended();
    expect([rig.count('closed', '/a'), rig.count('closed', '/b')]).toEqual([1, 1]);
    client.destroy();
  });

  test('a port in use is a ListenError that says what to do', async () => {
    const rig = await AdapterRig.start(transport);
    const { adapter } = createAdapter(transport, OPTIONS, HANDLERS);
    const error: unknown = await adapter.listen({ host: '127.0.0.1', port: rig.port }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: 'port_in_use',
      message: `Port ${rig.port} is in use on 127.0.0.1; choose another with --port, or stop the process that has it.`,
    });
  });

  test('an adapter listens once', async () => {
    const rig = await AdapterRig.start(transport);
    await expect(rig.adapter.listen({ host: '127.0.0.1', port: 0 })).rejects.toMatchObject({ code: 'listen_failed' });
  });

  test('a host that does not exist is a ListenError too', async () => {
    const { adapter } = createAdapter(transport, OPTIONS, HANDLERS);
    await expect(adapter.listen({ host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ code: 'listen_failed' });
    await adapter.close();
  });

  test.each(['localhost', '127.0.0.1', '0.0.0.0', '::'])('listens on %s, and tells the port it got', async (host) => {
    const { adapter } = createAdapter(transport, OPTIONS, HANDLERS);
    const port = await adapter.listen({ host, port: 0 });
    expect(port).toBeGreaterThan(0);
    const client = await RawSocket.connect(port);
    await client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await client.response()).body).toBe('127.0.0.1');
    await adapter.close();
  });

  test('a port is free for the next one after close, though this side closed the connections', async () => {
    const first = createAdapter(transport, OPTIONS, HANDLERS).adapter;
    const port = await first.listen({ host: '127.0.0.1', port: 0 });
    const client = await RawSocket.open(port);
    await first.close();
    await client.ended();
    const second = createAdapter(transport, OPTIONS, HANDLERS).adapter;
    expect(await second.listen({ host: '127.0.0.1', port })).toBe(port);
    await second.close();
  });

  test('two adapters in one process know nothing of each other', async () => {
    const [one, two] = [await AdapterRig.start(transport), await AdapterRig.start(transport)];
    const [a, b] = [await one.open('/a'), await two.open('/b')];
    a.socket.subscribe('t');
    b.socket.subscribe('t');
    one.adapter.publish('t', 'from one');
    two.adapter.publish('t', 'from two');
    expect(await a.client.text()).toBe('from one');
    expect(await b.client.text()).toBe('from two');
    await one.adapter.close();
    two.adapter.publish('t', 'two lives');
    expect(await b.client.text()).toBe('two lives');
  });

  test.each([
    { idleTimeoutS: 7 },
    { idleTimeoutS: 10 },
    { idleTimeoutS: 964 },
    { maxMessageBytes: 0 },
    { maxBufferedBytes: 2 ** 31 },
  ])('options that the library would die of are refused: %j', (wrong) => {
    expect(() => createAdapter(transport, { ...OPTIONS, ...wrong }, HANDLERS)).toThrow(RangeError);
  });
});

describe.each(TRANSPORTS)('%s: a shared port', (transport) => {
  test('port 0 finds a free one, and stands beside no other listener', async () => {
    const holder = createAdapter(transport, OPTIONS, HANDLERS).adapter;
    const port = await holder.listen({ host: '127.0.0.1', port: 0, sharing: 'shared' });
    expect(port).toBeGreaterThan(0);
    const { adapter } = createAdapter(transport, OPTIONS, HANDLERS);
    await expect(adapter.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'port_in_use' });
    await holder.close();
    expect(await adapter.listen({ host: '127.0.0.1', port })).toBe(port);
    await adapter.close();
  });

  test('who wants a port that another holds for itself alone is told that it is in use', async () => {
    const rig = await AdapterRig.start(transport);
    const { adapter } = createAdapter(transport, OPTIONS, HANDLERS);
    const address = { host: '127.0.0.1', port: rig.port, sharing: 'shared' } as const;
    await expect(adapter.listen(address)).rejects.toMatchObject({ code: 'port_in_use' });
  });
});

// `ws` shares through node:cluster, between processes: test/e2e/workers.e2e.ts has it.
test('uws: connections to a shared port are spread over all that listen; who leaves harms no other', async () => {
  const came = [0, 0, 0];
  const adapters = came.map(
    (_, i) =>
      createAdapter('uws', OPTIONS, {
        ...HANDLERS,
        opened: (socket) => {
          came[i] = (came[i] ?? 0) + 1;
          socket.send('welcome');
        },
      }).adapter,
  );
  let port = 0;
  for (const adapter of adapters) port = await adapter.listen({ host: '127.0.0.1', port, sharing: 'shared' });
  const clients = await Promise.all(Array.from({ length: 300 }, () => RawSocket.open(port)));
  for (const client of clients) expect(await client.text()).toBe('welcome');
  // Which one a connection goes to is the kernel's choice: that one of three gets 40 of 300 or fewer does not happen.
  for (const count of came) expect(count).toBeGreaterThan(40);
  await adapters[0]?.close();
  const more = await Promise.all(Array.from({ length: 60 }, () => RawSocket.open(port)));
  for (const client of more) expect(await client.text()).toBe('welcome');
  for (const adapter of adapters) await adapter.close();
});

describe('the choice of an adapter', () => {
  const broken = (): never => {
    throw new Error('This version supports only others.\n\nError: GLIBC_2.38 not found');
  };

  test('auto takes uWebSockets.js where it loads', () => {
    const { adapter, fallback } = createAdapter('auto', OPTIONS, HANDLERS);
    expect(adapter.name).toBe('uws');
    expect(fallback).toBeUndefined();
  });

  test('auto takes ws where it does not, and says why in one sentence', () => {
    const { adapter, fallback } = createAdapter('auto', OPTIONS, HANDLERS, broken);
    expect(adapter.name).toBe('ws');
    expect(fallback?.reason).toBe(
      'uWebSockets.js does not load here (GLIBC_2.38 not found); the relay uses ws, which is slower.',
    );
  });

  test('uws that was asked for and does not load is an error, in one sentence', () => {
    const create = (): unknown => createAdapter('uws', OPTIONS, HANDLERS, broken);
    expect(create).toThrow(TransportError);
    expect(create).toThrow(
      'uWebSockets.js does not load here (GLIBC_2.38 not found); use --transport ws, or another Node.js version.',
    );
  });

  test('ws that was asked for does not try to load anything', () => {
    expect(createAdapter('ws', OPTIONS, HANDLERS, broken).fallback).toBeUndefined();
  });
});

const OPTIONS: AdapterOptions = {
  maxMessageBytes: 65_536,
  maxBufferedBytes: 65_536,
  idleTimeoutS: 120,
  onError: (error) => {
    throw error;
  },
};

const HANDLERS: Parameters<typeof createAdapter<string>>[2] = {
  request: ({ remoteAddress }) => ({ status: 200, headers: {}, body: remoteAddress }),
  upgrade: () => ({ accept: true, context: '' }),
  opened: () => {},
  text: () => {},
  binary: () => {},
  dropped: () => {},
  lost: () => {},
  drained: () => {},
  closed: () => {},
};
