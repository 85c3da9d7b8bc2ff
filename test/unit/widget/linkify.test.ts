import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkify } from '../../../widget/src/text/linkify.ts';

const links = (text: string): string[] => linkify(text).flatMap(({ text: shown, href }) => (href === undefined ? [] : [shown]));

describe('linkify', () => {
  test.each([
    ['see https://example.com/a?b=c#d now', ['https://example.com/a?b=c#d']],
    ['HTTPS://EXAMPLE.COM', ['HTTPS://EXAMPLE.COM']],
    ['(https://example.com/a_(b)).', ['https://example.com/a_(b)']],
    ['"https://example.com"', ['https://example.com']],
    ['https://example.com, https://example.org!', ['https://example.com', 'https://example.org']],
    ['请看https://例子.测试/会议。谢谢', ['https://例子.测试/会议。谢谢']],
    ['在（https://example.com/会）。', ['https://example.com/会']],
    ['no address: http://', []],
    ['javascript:alert(1) data:text/html,x ftp://example.com', []],
    ['https://bank.example@evil.example/', []],
    ['https://example.com/\u202egpj.exe', ['https://example.com/']],
    ['https://[::1', []],
  ])('%j', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  test('loses and invents nothing, and links only to the web, whatever the text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('http://', 'https://', 'a.b', '/', ')', '(', '@', '.', 'javascript:', '"', '<'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const parts = linkify(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        for (const { href } of parts) expect(href ?? 'https:').toMatch(/^https?:/);
      }),
    );
  });
});
