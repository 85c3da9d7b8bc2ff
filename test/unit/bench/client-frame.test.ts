import { expect, test } from 'vitest';
import { clientFrame, FrameTemplate, textFrame } from '../../bench/load/client-frame.ts';

/** The payload, as a server unmasks it. */
function unmask(frame: Buffer): string {
  const isLong = ((frame[1] ?? 0) & 0x7f) === 126;
  const length = isLong ? frame.readUInt16BE(2) : (frame[1] ?? 0) & 0x7f;
  const maskAt = isLong ? 4 : 2;
  const payload = frame.subarray(maskAt + 4);
  expect((frame[1] ?? 0) & 0x80).toBe(0x80);
  expect(payload).toHaveLength(length);
  return Buffer.from(payload.map((byte, index) => byte ^ (frame[maskAt + (index & 3)] ?? 0))).toString();
}

test.each(['', 'hi', 'x'.repeat(125), 'x'.repeat(126), 'häuser'])('a text comes out as it went in (%#)', (text) => {
  const frame = textFrame(text);
  expect(frame[0]).toBe(0x81);
  expect(unmask(frame)).toBe(text);
});

test('a control frame has its own opcode', () => {
  expect(clientFrame(10, Buffer.from('hi'))[0]).toBe(0x8a);
});

test('a template fills in its fields with a fixed width, and leaves the rest alone', () => {
  const template = new FrameTemplate(`{"room":"r%r","id":1%s,"at":"%t","by":"%i","100%":"${'x'.repeat(120)}"}`);
  const target = Buffer.alloc(1_000);
  const end = template.write(target, 17, { timeUs: 1_234_567_890_123, connection: 42, sequence: 7, room: 99 });
  expect(end).toBe(17 + template.bytes);
  expect(unmask(target.subarray(17, end))).toBe(
    `{"room":"r000099","id":1000000007,"at":"1234567890123","by":"00042","100%":"${'x'.repeat(120)}"}`,
  );
});
