// RFC 6455, 4.2 and 9, against both adapters: what a request for a WebSocket must say, what the answer says, and that no
// extension is agreed on. Autobahn's chapters 12 and 13 are about compression, of which the relay does none.
import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AdapterRig, TRANSPORTS } from '../support/adapter-rig.ts';
import { OPCODE, type RawResponse, RawSocket, upgradeRequest } from '../support/raw-socket.ts';
import { wireFrame } from '../support/ws-frames.ts';
import { outcomeOf, servesOthers, startEcho, violated } from '../support/ws-frames-echo.ts';

async function answerTo(rig: AdapterRig, request: string): Promise<RawResponse> {
  const socket = await RawSocket.connect(rig.port);
  await socket.write(request);
  const response = await socket.response();
  socket.destroy();
  return response;
}

describe.each(TRANSPORTS)('%s, RFC 6455, 4.2: the handshake', (transport) => {
  test('the answer proves that the key was read, whatever key it is', async () => {
    const rig = await startEcho(transport);
    for (let i = 0; i < 20; i++) {
      const key = randomBytes(16).toString('base64');
      const { status, headers } = await answerTo(rig, upgradeRequest('/a', { 'sec-websocket-key': key }));
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      expect(status).toBe(101);
      expect(headers.get('sec-websocket-accept')).toBe(accept);
      expect(headers.get('upgrade')?.toLowerCase()).toBe('websocket');
      expect(headers.get('connection')?.toLowerCase()).toBe('upgrade');
    }
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['`Upgrade` in another case', { upgrade: 'WebSocket' }],
    ['`Connection` with more in it', { connection: 'keep-alive, Upgrade' }],
    ['`Connection` in another case', { connection: 'uPGRADE' }],
    ['headers that nobody knows', { 'x-forwarded-for': '10.0.0.1', 'sec-websocket-draft': '1' }],
    ['no `Origin`, as programs have none', {}],
  ])('%s is fine', async (_, headers) => {
    expect((await answerTo(await startEcho(transport), upgradeRequest('/a', headers))).status).toBe(101);
  });

  test('names of headers in any case are read, and blanks around values', async () => {
    const request = upgradeRequest('/a')
      .replace('upgrade:', 'UPGRADE:')
      .replace('sec-websocket-key: ', 'SEC-WebSocket-Key:  \t')
      .replace('sec-websocket-version: 13', 'Sec-Websocket-Version:13 ');
    expect((await answerTo(await startEcho(transport), request)).status).toBe(101);
  });

  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['version 0', { 'sec-websocket-version': '0' }, 426],
    ['version 7', { 'sec-websocket-version': '7' }, 426],
    ['version 14', { 'sec-websocket-version': '14' }, 426],
    ['version 13 as 013', { 'sec-websocket-version': '013' }, 426],
    ['several versions', { 'sec-websocket-version': '13, 8' }, 426],
    ['a key of 15 bytes', { 'sec-websocket-key': randomBytes(15).toString('base64') }, 400],
    ['a key of 17 bytes', { 'sec-websocket-key': randomBytes(17).toString('base64') }, 400],
    ['an endless key', { 'sec-websocket-key': 'A'.repeat(4_000) }, 400],
    ['two keys', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==' }, 400],
  ])('%s is refused', async (_, headers, status) => {
    const rig = await startEcho(transport);
    const response = await answerTo(rig, upgradeRequest('/a', headers));
    expect(response.status).toBe(status);
    if (status === 426) expect(response.headers.get('sec-websocket-version')).toBe('13');
    expect(rig.log).toEqual([]);
    expect(await servesOthers(rig)).toBe(true);
  });

  test.each([
    ['HTTP/1.0', (request: string): string => request.replace('HTTP/1.1', 'HTTP/1.0')],
    ['HTTP/2.0', (request: string): string => request.replace('HTTP/1.1', 'HTTP/2.0')],
    ['no HTTP at all', (): string => 'hello relay\r\n\r\n'],
    ['a line without a colon', (request: string): string => request.replace('host: localhost', 'host localhost')],
    ['a header name with a space', (request: string): string => request.replace('upgrade:', 'upgrade :')],
    ['a null byte in a header', (request: string): string => request.replace('localhost', 'local\0host')],
    ['a folded header', (request: string): string => request.replace('localhost', 'localhost\r\n folded')],
  ])('[P6] a request of %s gets no socket, or a sound one', async (_, mangle) => {
    const rig = await startEcho(transport);
    const client = await RawSocket.connect(rig.port);
    await client.write(mangle(upgradeRequest('/a')));
    client.end();
    const { status } = await client.response();
    if (status === 101) await rig.entry('closed', '/a');
    else expect([0, 400, 426, 431, 505]).toContain(status);
    expect(await servesOthers(rig)).toBe(true);
  });
});

describe.each(TRANSPORTS)('%s, RFC 6455, 9: extensions', (transport) => {
  test.each([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits; server_no_context_takeover',
    'permessage-deflate; client_max_window_bits=99, permessage-deflate',
    'x-webkit-deflate-frame',
    ';;;===,,,',
  ])('%s is not agreed on, and the connection does without', async (offer) => {
    const rig = await startEcho(transport);
    const client = await RawSocket.connect(rig.port);
    await client.write(upgradeRequest('/a', { 'sec-websocket-extensions': offer }));
    const { status, headers } = await client.response();
    expect(status).toBe(101);
    expect(headers.has('sec-websocket-extensions')).toBe(false);
    expect(await outcomeOf(client, [wireFrame({ opcode: OPCODE.text, payload: 'plain' })])).toEqual(['text plain', 'open']);
  });

  test('[CLS3] a compressed message is a violation, though compression was offered: 16 MiB of zeros are never unpacked', async () => {
    const rig = await startEcho(transport);
    const client = await RawSocket.connect(rig.port);
    await client.write(upgradeRequest('/a', { 'sec-websocket-extensions': 'permessage-deflate' }));
    await client.response();
    const bomb = wireFrame({ opcode: OPCODE.text, payload: deflateRawSync(Buffer.alloc(16 * 1_048_576)), rsv: 4 });
    expect(await outcomeOf(client, [bomb])).toEqual([violated(transport, 1002)]);
    expect(rig.count('text', '/a')).toBe(0);
    expect(await servesOthers(rig)).toBe(true);
  });

  test('a subprotocol is answered only where the handler chose one', async () => {
    const chosen = await AdapterRig.start(transport, {
      handlers: { upgrade: ({ path }) => ({ accept: true, context: path, subprotocol: 'b' }) },
    });
    const offer = upgradeRequest('/a', { 'sec-websocket-protocol': 'a, b' });
    expect((await answerTo(chosen, offer)).headers.get('sec-websocket-protocol')).toBe('b');
    expect((await answerTo(await startEcho(transport), offer)).headers.has('sec-websocket-protocol')).toBe(false);
  });
});
