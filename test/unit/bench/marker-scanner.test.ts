import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MarkerScanner } from '../../bench/load/marker-scanner.ts';
import { CONNECTION, payloadTemplate, readDigits, SEQUENCE, TIME } from '../../bench/load/payload.ts';

function text(sequence: number): string {
  const digits = (value: number, width: number): string => String(value).padStart(width, '0');
  return payloadTemplate(10).replace('%t', digits(123_456, 13)).replace('%i', digits(42, 5)).replace('%s', digits(sequence, 9));
}

function scanner(): { readonly scan: (frame: string) => number[] } {
  let found: number[] = [];
  const scanner = new MarkerScanner<undefined>({
    delivered: (_, bytes, at) => found.push(readDigits(bytes, at + SEQUENCE.at, SEQUENCE.digits)),
  });
  return {
    scan: (frame) => {
      found = [];
      const bytes = Buffer.from(`before ${frame} behind ${text(999)}`);
      const count = scanner.scan(undefined, bytes, 7, 7 + Buffer.byteLength(frame));
      expect(count).toBe(found.length);
      return found;
    },
  };
}

test('the numbers of a marker are read where they stand', () => {
  const bytes = Buffer.from(`"${text(7)}"`);
  expect(readDigits(bytes, 1 + TIME.at, TIME.digits)).toBe(123_456);
  expect(readDigits(bytes, 1 + CONNECTION.at, CONNECTION.digits)).toBe(42);
  expect(readDigits(bytes, 1 + SEQUENCE.at, SEQUENCE.digits)).toBe(7);
});

test('each delivery is found once, in whatever frames came before', () => {
  const event = fc.record({ lead: fc.integer({ min: 0, max: 40 }), tail: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(fc.array(fc.array(event, { maxLength: 5 }), { maxLength: 10 }), (frames) => {
      const { scan } = scanner();
      let sequence = 0;
      for (const events of frames) {
        const sequences = events.map(() => (sequence += 1));
        const frame = events
          .map(({ lead, tail }, index) => `${'{'.repeat(lead)}${text(sequences[index] ?? 0)}${'}'.repeat(tail)}`)
          .join(',');
        // A guess may skip a delivery only where a frame has another shape than the one before; it must never make one up.
        const found = scan(frame);
        expect(sequences).toEqual(expect.arrayContaining(found));
        expect(new Set(found).size).toBe(found.length);
      }
    }),
  );
});

test('frames of one shape lose nothing, however many deliveries each holds', () => {
  const { scan } = scanner();
  let sequence = 0;
  for (const count of [1, 3, 2, 1, 5, 0, 4]) {
    const sequences = Array.from({ length: count }, () => (sequence += 1));
    const frame = `{"events":[${sequences.map((each) => `{"offset":1,"text":"${text(each)}"}`).join(',')}]}`;
    expect(scan(frame)).toEqual(sequences);
  }
});

test('a frame without a delivery, and one with half of one, hold none', () => {
  const { scan } = scanner();
  expect(scan('{"type":"presence"}')).toEqual([]);
  expect(scan(text(1).slice(0, 20))).toEqual([]);
});
