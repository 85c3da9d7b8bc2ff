// RFC 6455, 8.1, against both adapters: a text message is UTF-8, or the connection ends. Autobahn's chapter 6, whose
// vectors are Markus Kuhn's stress test for decoders.
import { describe, expect, test } from 'vitest';
import { TRANSPORTS } from '../support/adapter-rig.ts';
import { OPCODE } from '../support/raw-socket.ts';
import { wireFrame } from '../support/ws-frames.ts';
import { outcomeOf, servesOthers, startEcho, violated } from '../support/ws-frames-echo.ts';

const { text: TEXT, continuation: CONTINUATION } = OPCODE;

const VALID: readonly (readonly [what: string, hex: string])[] = [
  ['the Greek word kosme', 'cebae1bdb9cf83cebcceb5'],
  ['first of one byte, U+0000', '00'],
  ['first of two bytes, U+0080', 'c280'],
  ['first of three bytes, U+0800', 'e0a080'],
  ['first of four bytes, U+10000', 'f0908080'],
  ['last of one byte, U+007F', '7f'],
  ['last of two bytes, U+07FF', 'dfbf'],
  ['last of three bytes, U+FFFF', 'efbfbf'],
  ['last of four bytes, U+10FFFF', 'f48fbfbf'],
  ['U+D7FF, below the surrogates', 'ed9fbf'],
  ['U+E000, above the surrogates', 'ee8080'],
  ['U+FFFD', 'efbfbd'],
  ['U+FFFE, which is no character, and no fault', 'efbfbe'],
  ['U+1FFFE, likewise', 'f09fbfbe'],
  ['a byte order mark', 'efbbbf61'],
];

const INVALID: readonly (readonly [what: string, hex: string])[] = [
  ['U+110000, above the last', 'f4908080'],
  ['five bytes', 'f888808080'],
  ['six bytes', 'fc8480808080'],
  ['a continuation alone', '80'],
  ['the last continuation alone', 'bf'],
  ['six continuations', '80bf80bf80bf'],
  ['a start of two bytes, then a space', 'c020'],
  ['a start of three bytes, then a space', 'e020'],
  ['a start of four bytes, then a space', 'f020'],
  ['two bytes, the last missing', 'c3'],
  ['three bytes, the last missing', 'e282'],
  ['four bytes, the last missing', 'f09f98'],
  ['FE', 'fe'],
  ['FF', 'ff'],
  ['an overlong slash in two bytes', 'c0af'],
  ['an overlong slash in three bytes', 'e080af'],
  ['an overlong slash in four bytes', 'f08080af'],
  ['an overlong U+007F', 'c1bf'],
  ['an overlong U+07FF', 'e09fbf'],
  ['an overlong U+FFFF', 'f08fbfbf'],
  ['an overlong U+0000', 'c080'],
  ['the first surrogate, U+D800', 'eda080'],
  ['the last surrogate, U+DFFF', 'edbfbf'],
  ['a pair of surrogates', 'eda080edb080'],
  ['text, a fault, text', 'cebae1bdb9cf83cebcceb5eda080656469746564'],
];

describe.each(TRANSPORTS)('%s, RFC 6455, 8.1: valid UTF-8', (transport) => {
  test.each(VALID)('%s (%s), whole and cut between any two bytes', async (_, hex) => {
    const rig = await startEcho(transport);
    const { client } = await rig.open('/a');
    const bytes = Buffer.from(hex, 'hex');
    const seen = [`text ${bytes}`, 'open'];
    expect(await outcomeOf(client, [wireFrame({ opcode: TEXT, payload: bytes })])).toEqual(seen);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const fragments = [
        wireFrame({ opcode: TEXT, payload: bytes.subarray(0, cut), fin: false }),
        wireFrame({ opcode: CONTINUATION, payload: bytes.subarray(cut) }),
      ];
      expect(await outcomeOf(client, fragments), `cut at ${cut}`).toEqual(seen);
    }
    expect(rig.log.find(({ type }) => type === 'text')?.text).toBe(`${bytes}`);
  });
});

describe.each(TRANSPORTS)('%s, RFC 6455, 8.1: invalid UTF-8', (transport) => {
  test.each(INVALID)('[CLS3] %s (%s), whole, far behind valid text, and in fragments', async (_, hex) => {
    const rig = await startEcho(transport);
    const bytes = Buffer.from(hex, 'hex');
    const behind = Buffer.concat([Buffer.from('é'.repeat(500)), bytes]);
    const cut = bytes.length >> 1;
    const cases = [
      [wireFrame({ opcode: TEXT, payload: bytes })],
      [wireFrame({ opcode: TEXT, payload: behind })],
      [
        wireFrame({ opcode: TEXT, payload: bytes.subarray(0, cut), fin: false }),
        wireFrame({ opcode: CONTINUATION, payload: bytes.subarray(cut) }),
      ],
    ];
    for (const [i, pieces] of cases.entries()) {
      const { client } = await rig.open(`/${i}`);
      expect(await outcomeOf(client, [Buffer.concat(pieces)])).toEqual([violated(transport, 1007)]);
    }
    expect(rig.log.filter(({ type }) => type === 'text')).toEqual([]);
    expect(await servesOthers(rig)).toBe(true);
  });

  test('the same bytes are a fine binary message', async () => {
    const { client } = await (await startEcho(transport)).open('/a');
    for (const [, hex] of INVALID) {
      const bytes = wireFrame({ opcode: OPCODE.binary, payload: Buffer.from(hex, 'hex') });
      expect(await outcomeOf(client, [bytes])).toEqual([`binary ${hex}`, 'open']);
    }
  });
});
