// The network that `npm run chaos` breaks, against real sockets.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChaosProxy } from '../../chaos/proxy.ts';
import { Condition } from '../../support/condition.ts';

/** A server that keeps what each connection says, and its sockets. */
const arrived: { readonly socket: Socket; text: string; hasEnded: boolean }[] = [];
const changed = new Condition();
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const one = { socket, text: '', hasEnded: false };
  arrived.push(one);
  socket.on('data', (bytes) => {
    one.text += String(bytes);
    changed.changed();
  });
  socket.on('end', () => {
    one.hasEnded = true;
    changed.changed();
  });
  socket.on('error', () => undefined);
  changed.changed();
});
let proxy: ChaosProxy;

beforeEach(async () => {
  arrived.length = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await ChaosProxy.start((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  for (const { socket } of arrived) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function client(): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const hears = (index: number, text: string): Promise<true> => changed.until(() => arrived[index]?.text === text || undefined);

test('clear: bytes pass both ways, and so does an end in one direction', async () => {
  const socket = await client();
  socket.end('hello');
  await hears(0, 'hello');
  await changed.until(() => arrived[0]?.hasEnded || undefined);
  arrived[0]?.socket.end('good bye');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(String(bytes)).toBe('good bye');
  await once(socket, 'end');
});

test('a black hole passes nothing and closes nothing; what it held arrives whole when it is over', async () => {
  const socket = await client();
  socket.write('one ');
  await hears(0, 'one ');
  proxy.setWeather({ type: 'black hole' });
  const other = await client();
  other.write('other');
  socket.write('two');
  await changed.until(() => arrived.length === 2 || undefined);
  expect([socket.destroyed, arrived[0]?.text]).toEqual([false, 'one ']);
  proxy.setWeather({ type: 'clear' });
  await hears(0, 'one two');
});

test('half open: one direction passes, the other does not', async () => {
  const socket = await client();
  socket.write('a');
  await hears(0, 'a');
  proxy.setWeather({ type: 'half open', direction: 'down' });
  let got = '';
  socket.on('data', (bytes) => {
    got += String(bytes);
  });
  arrived[0]?.socket.write('answer');
  socket.write('b');
  await hears(0, 'ab');
  expect(got).toBe('');
  proxy.setWeather({ type: 'clear' });
  await once(socket, 'data');
  expect(got).toBe('answer');
});

test.each([{ type: 'drip', bytes: 3, everyMs: 1 } as const, { type: 'delay', delayMs: 5 } as const])(
  '$type: everything arrives, in order',
  async (weather) => {
    proxy.setWeather(weather);
    const socket = await client();
    const text = 'the quick brown fox jumps over the lazy dog';
    for (const word of text.split(/(?= )/)) socket.write(word);
    await hears(0, text);
  },
);

test('cut ends connections in order, reset does not', async () => {
  const one = await client();
  one.resume();
  one.write('x');
  await hears(0, 'x');
  proxy.cut();
  await once(one, 'end');
  const other = await client();
  other.write('y');
  await hears(1, 'y');
  const failed = once(other, 'error');
  proxy.reset();
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('connections that are held come through in the order that was asked for', async () => {
  proxy.hold();
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    (await client()).write(name);
    while (proxy.held <= i) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(arrived).toEqual([]);
  proxy.release((items) => items.toReversed());
  await changed.until(() => (arrived.length === 3 && arrived.every(({ text }) => text !== '')) || undefined);
  expect(arrived.map(({ text }) => text)).toEqual(['c', 'b', 'a']);
});
