import { expect, test } from 'vitest';
import * as widget from '../../../widget/src/index.ts';

test('the package loads where there is no browser, and defines no element', () => {
  expect(globalThis).not.toHaveProperty('document');
  expect(Object.keys(widget)).toEqual(['ChatRoom']);
  expect(globalThis).not.toHaveProperty('customElements');
});
