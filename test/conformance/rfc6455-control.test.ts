// RFC 6455, 5.5 and 7, against both adapters: pings, pongs, and how a connection is closed. Autobahn's chapters 2 and 7.
import { describe, expect, test } from 'vitest';
import { TRANSPORTS } from '../support/adapter-rig.ts';
import { closePayload, OPCODE, type RawSocket } from '../support/raw-socket.ts';
import { type WireFrame, wireFrame } from '../support/ws-frames.ts';
import { outcomeOf, servesOthers, startEcho, violated } from '../support/ws-frames-echo.ts';

const { text: TEXT, continuation: CONTINUATION, ping: PING, pong: PONG, close: CLOSE } = OPCODE;
/** Codes that an endpoint may send, and their like (RFC 6455, 7.4). */
const VALID_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 4000, 4999];
/** Codes that are registered with IANA, for servers and for libraries. */
const REGISTERED_CODES = [1012, 1013, 1014, 3000, 3999];
/** Codes that mean something to one side alone, or nothing. */
const INVALID_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

function wire(...frames: readonly WireFrame[]): Buffer {
  return Buffer.concat(frames.map(wireFrame));
}

/** What the connection is told after this close frame: the close frame of the answer, or that there was none. */
async function answerToClose(client: RawSocket, payload: Uint8Array): Promise<string> {
  await client.write(wireFrame({ opcode: CLOSE, payload }));
  const answer = await client.frame();
  await client.ended();
  if (answer === undefined) return 'none';
  return answer.payload.length < 2 ? 'empty' : `${answer.payload.readUInt16BE(0)} ${answer.payload.subarray(2)}`;
}

describe.each(TRANSPORTS)('%s, RFC 6455, 5.5: control frames', (transport) => {
  test.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['bytes that are no UTF-8', Buffer.from([0, 0xff, 0xfe, 0xfd, 0xc0, 0x00])],
    ['125 bytes', Buffer.alloc(125, 0xfe)],
  ])('[PNG2] a ping of %s is answered with the same', async (_, payload) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    await client.write(wireFrame({ opcode: PING, payload }));
    expect(await client.frame()).toEqual({ opcode: PONG, payload: Buffer.from(payload as string) });
    expect(rig.log.map(({ type }) => type)).toEqual(['opened']);
  });

  test('pongs that nobody asked for are not answered', async () => {
    const { client } = await (await startEcho(transport)).open('/a');
    const bytes = wire({ opcode: PONG, payload: 'unasked' }, { opcode: PONG }, { opcode: PING, payload: 'p' });
    expect(await outcomeOf(client, [bytes])).toEqual(['pong p', 'open']);
  });

  test('ten pings are answered by ten pongs, in order, in one piece or many', async () => {
    const { client } = await (await startEcho(transport)).open('/a');
    const pings = Array.from({ length: 10 }, (_, i) => wireFrame({ opcode: PING, payload: `p${i}` }));
    const pongs = [...pings.map((_, i) => `pong p${i}`), 'open'];
    expect(await outcomeOf(client, [Buffer.concat(pings)])).toEqual(pongs);
    expect(await outcomeOf(client, pings)).toEqual(pongs);
    const bytes = Buffer.concat(pings);
    expect(
      await outcomeOf(
        client,
        Array.from(bytes, (byte) => Buffer.from([byte])),
      ),
    ).toEqual(pongs);
  });

  test.each<[string, WireFrame]>([
    ['a ping of 126 bytes', { opcode: PING, payload: 'x'.repeat(126) }],
    ['a pong of 126 bytes', { opcode: PONG, payload: 'x'.repeat(126) }],
    ['a close of 126 bytes', { opcode: CLOSE, payload: closePayload(1000, 'x'.repeat(124)) }],
    ['a ping that claims 64 KiB', { opcode: PING, claimedBytes: 65_536 }],
    ['a ping in fragments', { opcode: PING, payload: 'x', fin: false }],
    ['a pong in fragments', { opcode: PONG, payload: 'x', fin: false }],
    ['a close in fragments', { opcode: CLOSE, payload: closePayload(1000), fin: false }],
  ])('[CLS3] %s is a violation', async (_, given) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    const behind = wire(given, { opcode: CONTINUATION, payload: 'x' });
    expect(await outcomeOf(client, [behind])).toEqual([violated(transport, 1002)]);
    expect(await servesOthers(rig)).toBe(true);
  });

  // The length of a control frame is in its first seven bits; in more bytes it is the same length, badly written.
  test.each<[string, WireFrame]>([
    ['16 bits', { opcode: PING, payload: 'p', length: '16-bit' }],
    ['64 bits', { opcode: PING, payload: 'p', length: '64-bit' }],
  ])('[CLS3] a ping whose length is written as %s is a violation', async (_, given) => {
    const { client } = await (await startEcho(transport)).open('/a');
    expect(await outcomeOf(client, [wire(given)])).toEqual([violated(transport, 1002)]);
  });
});

describe.each(TRANSPORTS)('%s, RFC 6455, 7: closing', (transport) => {
  test.each(VALID_CODES)('[CLS1] %i is answered with itself, and told', async (code) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, closePayload(code))).toMatch(new RegExp(`^${code} `));
    expect((await rig.entry('closed', '/a')).code).toBe(code);
  });

  // uWebSockets.js knows those of RFC 6455 alone, and takes others for a violation; the connection ends either way.
  test.each(REGISTERED_CODES)('[CLS1] %i is answered with itself, or with nothing', async (code) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, closePayload(code))).toBe(transport === 'ws' ? `${code} ` : 'empty');
    expect((await rig.entry('closed', '/a')).code).toBe(transport === 'ws' ? code : 1006);
  });

  test.each(INVALID_CODES)('%i ends the connection as a violation', async (code) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, closePayload(code))).toBe(transport === 'ws' ? '1002 ' : 'empty');
    expect((await rig.entry('closed', '/a')).code).toBe(1006);
    expect(rig.count('closed', '/a')).toBe(1);
  });

  test('[CLS1] without a code it is answered without one, and told as 1005', async () => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, new Uint8Array(0))).toBe('empty');
    expect((await rig.entry('closed', '/a')).code).toBe(1005);
  });

  test.each([
    ['as long as it may be', 'x'.repeat(123)],
    ['of two to four bytes a character', 'é ✓ 👋'],
  ])('a reason %s is fine', async (_, reason) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, closePayload(1000, reason))).toMatch(/^1000 /);
    expect((await rig.entry('closed', '/a')).code).toBe(1000);
  });

  test.each([
    ['half a code', Buffer.from([3]), '1002 '],
    ['a reason that is no UTF-8', closePayload(1000, Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xed, 0xa0, 0x80])), '1007 '],
    ['a reason that ends within a character', closePayload(1000, Buffer.from([0xe2, 0x9c])), '1007 '],
  ])('%s ends the connection as a violation', async (_, payload, code) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    expect(await answerToClose(client, payload)).toBe(transport === 'ws' ? code : 'empty');
    await rig.entry('closed', '/a');
    expect(await servesOthers(rig)).toBe(true);
  });

  test('nothing behind a close frame is heard', async () => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    const bytes = wire(
      { opcode: CLOSE, payload: closePayload(1000) },
      { opcode: TEXT, payload: 'after' },
      { opcode: PING },
      { opcode: CLOSE, payload: closePayload(1001) },
    );
    expect(await outcomeOf(client, [bytes])).toEqual(['closed 1000']);
    expect((await rig.entry('closed', '/a')).code).toBe(1000);
    expect(rig.count('text', '/a')).toBe(0);
  });

  test('a close within a fragmented message ends both', async () => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    const bytes = wire({ opcode: TEXT, payload: 'beg', fin: false }, { opcode: CLOSE, payload: closePayload(1001) });
    expect(await outcomeOf(client, [bytes])).toEqual(['closed 1001']);
    expect((await rig.entry('closed', '/a')).code).toBe(1001);
    expect(rig.count('text', '/a')).toBe(0);
  });

  test.each([...VALID_CODES, ...REGISTERED_CODES])(
    '[CLS2] the relay closes with %i, and the answer ends the connection',
    async (code) => {
      const rig = await startEcho(transport);
      const { client, socket } = await rig.open('/a');
      socket.end(code, 'why');
      expect(await client.frame()).toEqual({ opcode: CLOSE, payload: closePayload(code, 'why') });
      await client.write(wireFrame({ opcode: CLOSE, payload: closePayload(code) }));
      await client.ended();
      expect((await rig.entry('closed', '/a')).code).toBe(code);
      expect(rig.count('closed', '/a')).toBe(1);
    },
  );

  test('[CLS2] both sides close at once: told once, and the connection ends', async () => {
    const rig = await startEcho(transport);
    const { client, socket } = await rig.open('/a');
    const sent = client.write(wireFrame({ opcode: CLOSE, payload: closePayload(1001) }));
    socket.end(4000, 'draining');
    await sent;
    expect(await client.closeCode()).toBe(4000);
    await client.ended();
    await rig.entry('closed', '/a');
    expect(rig.count('closed', '/a')).toBe(1);
    expect(await servesOthers(rig)).toBe(true);
  });
});
