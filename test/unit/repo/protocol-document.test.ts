// What PROTOCOL.md says in tables is what the code does.

import { readFileSync } from 'node:fs';
import { CLOSE_CODES, closeAction, ERRORS } from '@chat-room/sdk/protocol';
import { expect, test } from 'vitest';

const document = readFileSync(new URL('../../../sdk/PROTOCOL.md', import.meta.url), 'utf8');

test('[ERR2] [ERR3] the table of errors has every code, with its action, and no other', () => {
  const rows = [...document.matchAll(/^\| `(\w+)`\s*\| (fix|retry|rejoin)\s*\|/gm)].map(([, code, action]) => [code, action]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(ERRORS).map(([code, { action }]) => [code, action])),
  );
});

test('[CLS1] [CLS2] every close code is named, and lies in the range of what a client is to do', () => {
  const named = [...(/\*\*CLS2\*\*.*/.exec(document)?.[0] ?? '').matchAll(/\b(4\d{3})\b/g)].map(([code]) => Number(code));
  expect(named).toEqual(Object.values(CLOSE_CODES));
  expect(named.map(closeAction)).toEqual([
    ...named.map((code) => (code < 4300 ? 'retry' : code < 4500 ? 'reauthenticate' : 'fix')),
  ]);
  expect([1002, 1003, 1007, 1008].map(closeAction)).toEqual(['fix', 'fix', 'fix', 'fix']);
  expect([1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 3000, 4299].map(closeAction)).toEqual(Array(10).fill('retry'));
  expect([4300, 4499, 4500, 4999].map(closeAction)).toEqual(['reauthenticate', 'reauthenticate', 'fix', 'fix']);
});
