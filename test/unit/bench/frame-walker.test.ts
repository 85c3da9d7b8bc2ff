import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameError, walkFrames } from '../../bench/load/frame-walker.ts';

/** A frame as a server sends it. */
function serverFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

function walkAll(bytes: Buffer): { readonly messages: string[]; readonly controls: number[]; readonly rest: number } {
  const messages: string[] = [];
  const controls: number[] = [];
  const rest = walkFrames('ada', bytes, 0, bytes.length, {
    message: (connection, data, start, end) => {
      expect(connection).toBe('ada');
      messages.push(data.toString('latin1', start, end));
    },
    control: (_, opcode) => controls.push(opcode),
  });
  return { messages, controls, rest };
}

test('every whole frame is told of, whatever its length', () => {
  const payloads = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((length) => 'x'.repeat(length));
  const bytes = Buffer.concat(payloads.map((payload) => serverFrame(1, Buffer.from(payload))));
  const { messages, rest } = walkAll(bytes);
  expect(messages.map(({ length }) => length)).toEqual(payloads.map(({ length }) => length));
  expect(rest).toBe(bytes.length);
});

test('frames cut anywhere are the same frames once the rest has come', () => {
  const frames = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(frames, fc.nat(), (lengths, cutAt) => {
      const bytes = Buffer.concat(lengths.map((length, index) => serverFrame(1, Buffer.alloc(length, 97 + index))));
      const cut = cutAt % (bytes.length + 1);
      const first = walkAll(bytes.subarray(0, cut));
      const second = walkAll(bytes.subarray(first.rest));
      expect([...first.messages, ...second.messages]).toEqual(walkAll(bytes).messages);
    }),
  );
});

test('pings and closes are told of as what they are', () => {
  expect(walkAll(Buffer.concat([serverFrame(9, Buffer.from('hi')), serverFrame(8, Buffer.from([3, 232]))])).controls).toEqual([
    9, 8,
  ]);
});

test.each([
  ['masked', [0x81, 0x80 | 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['in pieces', [0x01, 1, 97]],
  ['compressed', [0xc1, 1, 97]],
  ['without end', [0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]],
])('a frame that is %s is refused', (_, bytes) => {
  expect(() => walkAll(Buffer.from(bytes))).toThrow(FrameError);
});
