// What page and consumer say to each other.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, decodeRequest, encodePrices, MAX_LISTINGS } from '../../../demo/gallery/stocks/wire.ts';

const quote = fc.record({ listing: fc.nat({ max: 0xffff }), cents: fc.nat({ max: 0xffff_ffff }) });

test('prices arrive as they were sent, 6 bytes each', () => {
  fc.assert(
    fc.property(fc.array(quote), fc.nat({ max: 0xffff_ffff }), (quotes, replaced) => {
      const bytes = encodePrices(quotes, replaced);
      expect(bytes.length).toBe(4 + 6 * quotes.length);
      expect(decodeFrame(bytes.slice().buffer)).toEqual({ type: 'prices', replaced, quotes });
    }),
  );
});

test('bytes of another length are no frame', () => {
  expect(decodeFrame(new ArrayBuffer(3))).toBeUndefined();
  expect(decodeFrame(new ArrayBuffer(9))).toBeUndefined();
});

test('whatever a stranger sends is a request or none, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (data) => {
      const request = decodeRequest(data);
      expect(request === undefined || ['watch', 'history', 'ack'].includes(request.type)).toBe(true);
    }),
  );
});

test.each([
  ['{"type":"watch","symbols":["AUAI"]}', { type: 'watch', symbols: ['AUAI'] }],
  ['{"type":"history","symbols":[],"more":1}', { type: 'history', symbols: [] }],
  ['{"type":"ack","frames":3}', { type: 'ack', frames: 3 }],
  ['{"type":"ack","frames":-1}', undefined],
  ['{"type":"ack","frames":1e300}', undefined],
  ['{"type":"watch"}', undefined],
  ['{"type":"watch","symbols":[1]}', undefined],
  ['{"type":"sell","symbols":[]}', undefined],
  ['null', undefined],
  ['{', undefined],
])('%s', (text, request) => {
  expect(decodeRequest(text)).toEqual(request);
});

test('a request has a bound', () => {
  const many = (count: number): string => JSON.stringify({ type: 'watch', symbols: Array.from({ length: count }, () => 'A') });
  expect(decodeRequest(many(MAX_LISTINGS))).toBeDefined();
  expect(decodeRequest(many(MAX_LISTINGS + 1))).toBeUndefined();
  expect(decodeRequest(`{"type":"watch","symbols":["${'A'.repeat(20_000)}"]}`)).toBeUndefined();
});
