// An address names everybody's document or one of somebody's own.
import { expect, test } from 'vitest';
import { documentAt, freshDocument } from '../../../demo/gallery/document/which-document.ts';

test('an address without a name, or with one that is none, is of everybody’s document', () => {
  for (const query of ['', '?', '?name=', '?name=short', '?name=Not%20a%20name', `?name=${'x'.repeat(41)}`, '?name=../../secret'])
    expect(documentAt(query)).toEqual({ room: 'document', isEverybodys: true });
});

test('a fresh one has a room of its own', () => {
  const queries = new Set(Array.from({ length: 50 }, freshDocument));
  expect(queries.size).toBe(50);
  for (const query of queries) {
    expect(query).toMatch(/^\?name=[a-z]{20}$/);
    expect(documentAt(query)).toEqual({ room: `document-${query.slice('?name='.length)}`, isEverybodys: false });
  }
});
