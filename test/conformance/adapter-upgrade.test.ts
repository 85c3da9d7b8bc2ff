// The upgrade, the same for both adapters: what is refused, what is answered, and who may have gone meanwhile.
import { describe, expect, test } from 'vitest';
import type { HttpRequest, UpgradeDecision } from '../../relay/src/adapter/adapter.ts';
import { AdapterRig, type RigSocket, TRANSPORTS } from '../support/adapter-rig.ts';
import { Condition } from '../support/condition.ts';
import { RawSocket, upgradeRequest } from '../support/raw-socket.ts';

const TEXT = { 'content-type': 'text/plain' };

describe.each(TRANSPORTS)('%s: upgrades', (transport) => {
  test.each([
    ['without a key', 'GET', { 'sec-websocket-key': '' }, 400],
    ['with a key that is none', 'GET', { 'sec-websocket-key': 'abc' }, 400],
    ['with a key of the right length that is none', 'GET', { 'sec-websocket-key': '!'.repeat(24) }, 400],
    ['of version 8', 'GET', { 'sec-websocket-version': '8' }, 426],
    ['without a version', 'GET', { 'sec-websocket-version': '' }, 426],
    ['by POST', 'POST', {}, 405],
  ])('one %s is refused (%s %o %i)', async (_, method, headers, status) => {
    const rig = await AdapterRig.start(transport);
    const socket = await RawSocket.connect(rig.port);
    await socket.write(upgradeRequest('/', headers, method));
    const response = await socket.response();
    expect(response.status).toBe(status);
    if (status === 426) expect(response.headers.get('sec-websocket-version')).toBe('13');
    expect(rig.log).toEqual([]);
  });

  test.each([
    ['with a key but no upgrade header', { upgrade: '' }],
    ['to another protocol', { upgrade: 'h2c' }],
  ])('a request %s is an ordinary one', async (_, headers) => {
    const rig = await AdapterRig.start(transport);
    const socket = await RawSocket.connect(rig.port);
    await socket.write(upgradeRequest('/', headers));
    expect(await socket.response()).toMatchObject({ status: 200, body: 'ok' });
  });

  test('[PLN4] a refusal by the handler is an HTTP answer', async () => {
    const upgrade = (): UpgradeDecision<string> => ({
      accept: false,
      response: { status: 400, headers: TEXT, body: 'bad room' },
    });
    const rig = await AdapterRig.start(transport, { handlers: { upgrade } });
    const socket = await RawSocket.connect(rig.port);
    await socket.write(upgradeRequest('/ws/chat/%00/'));
    expect(await socket.response()).toMatchObject({ status: 400, body: 'bad room' });
    expect(rig.log).toEqual([]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])(
    'a handler that %s is answered 500',
    async (_, upgrade: () => UpgradeDecision<string> | Promise<UpgradeDecision<string>>) => {
      const rig = await AdapterRig.start(transport, { handlers: { upgrade } });
      const socket = await RawSocket.connect(rig.port);
      await socket.write(upgradeRequest('/'));
      expect((await socket.response()).status).toBe(500);
      expect(rig.errors).toMatchObject([{ where: 'upgrade' }]);
    },
  );

  test.each([false, true])('the chosen subprotocol and no extension is answered (asynchronous: %s)', async (isAsync) => {
    const decision: UpgradeDecision<string> = { accept: true, subprotocol: 'chat-room.v1', context: '/a' };
    const upgrade = (): UpgradeDecision<string> | Promise<UpgradeDecision<string>> =>
      isAsync ? new Promise((resolve) => setImmediate(() => resolve(decision))) : decision;
    const rig = await AdapterRig.start(transport, { handlers: { upgrade } });
    const socket = await RawSocket.connect(rig.port);
    const offered = { 'sec-websocket-protocol': 'other, chat-room.v1', 'sec-websocket-extensions': 'permessage-deflate' };
    await socket.write(upgradeRequest('/a', offered));
    const response = await socket.response();
    expect(response.status).toBe(101);
    expect(response.headers.get('sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(response.headers.get('sec-websocket-protocol')).toBe('chat-room.v1');
    expect(response.headers.has('sec-websocket-extensions')).toBe(false);
  });

  test.each(['close', 'Close', 'abcde'])(
    '[P6] a request for a WebSocket with the connection header %j before its own harms nobody, decided at once or later',
    async (header) => {
      const upgrade = ({ path }: HttpRequest): UpgradeDecision<string> | Promise<UpgradeDecision<string>> => {
        const decision: UpgradeDecision<string> = { accept: true, context: path };
        return path === '/later' ? new Promise((resolve) => setImmediate(() => resolve(decision))) : decision;
      };
      const opened = (socket: RigSocket): void => {
        socket.subscribe('t');
        socket.send('welcome');
      };
      const rig = await AdapterRig.start(transport, { handlers: { upgrade, opened } });
      const statuses = new Set<number>();
      // Often: uWebSockets.js would use memory that it has given back, and that is not always seen the first time.
      for (let i = 0; i < 100; i++) {
        const socket = await RawSocket.connect(rig.port);
        const request = upgradeRequest(i % 2 === 0 ? '/later' : '/now');
        await socket.write(request.replace('connection:', `connection: ${header}\r\nconnection:`));
        statuses.add((await socket.response()).status);
        rig.adapter.publish('t', 'news');
        socket.destroy();
      }
      // Only `close` says what can't be; another word is refused by the adapter whose library would stumble over it.
      expect(statuses).toEqual(new Set([transport === 'ws' && header === 'abcde' ? 101 : 400]));
      const { client } = await rig.open('/next');
      expect(await client.text()).toBe('welcome');
    },
  );

  test('without a subprotocol none is answered', async () => {
    const rig = await AdapterRig.start(transport);
    const socket = await RawSocket.connect(rig.port);
    await socket.write(upgradeRequest('/a', { 'sec-websocket-protocol': 'other' }));
    const response = await socket.response();
    expect(response.status).toBe(101);
    expect(response.headers.has('sec-websocket-protocol')).toBe(false);
  });

  test('an upgrade that is decided later opens like any other, and its handler may send at once', async () => {
    const upgrade = ({ path }: HttpRequest): Promise<UpgradeDecision<string>> =>
      new Promise((resolve) => setImmediate(() => resolve({ accept: true, context: path })));
    const rig = await AdapterRig.start(transport, { handlers: { upgrade, opened: (socket) => void socket.send('welcome') } });
    // Often: some builds of the native library close a socket right after such an upgrade, now and then.
    for (let i = 0; i < 50; i++) {
      const client = await RawSocket.open(rig.port, `/${i}`);
      expect(await client.text()).toBe('welcome');
      await client.send('first');
      expect((await rig.entry('text', `/${i}`)).text).toBe('first');
      expect(rig.count('closed', `/${i}`)).toBe(0);
    }
  });

  test('a peer that goes while the upgrade is decided leaves nothing open', async () => {
    const gate = new Condition();
    const accept: (() => void)[] = [];
    const upgrade = ({ path }: HttpRequest): UpgradeDecision<string> | Promise<UpgradeDecision<string>> =>
      path === '/next'
        ? { accept: true, context: path }
        : new Promise((resolve) => {
            accept.push(() => resolve({ accept: true, context: path }));
            gate.changed();
          });
    const rig = await AdapterRig.start(transport, { handlers: { upgrade } });
    const [cut, gone] = [await RawSocket.connect(rig.port), await RawSocket.connect(rig.port)];
    await Promise.all([cut.write(upgradeRequest('/cut')), gone.write(upgradeRequest('/gone'))]);
    await gate.until(() => accept.length === 2 || undefined);
    cut.reset();
    gone.end();
    await cut.ended();
    await rig.open('/next');
    for (const resolve of accept) resolve();
    await gone.ended();
    await rig.until(
      () =>
        rig.log.filter(({ type }) => type === 'closed').length === rig.log.filter(({ type }) => type === 'opened').length - 1 ||
        undefined,
    );
    expect(rig.count('opened', '/cut')).toBe(0);
    expect(rig.errors).toEqual([]);
  });
});
