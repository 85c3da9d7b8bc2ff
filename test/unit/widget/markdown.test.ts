import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Block, Inline } from '../../../widget/src/rich/markdown.ts';
import { parseMarkdown, plainText } from '../../../widget/src/rich/markdown.ts';
import { hasMarkup } from '../../../widget/src/text/markup.ts';
import { XSS_PAYLOADS } from '../../widget/support/xss-payloads.ts';

/** The tree as a person would write it down: `b(…)` is bold, `a(text → address)` a link. */
function shape(text: string, mentions: readonly string[] = []): string {
  return parseMarkdown(text, { mentions }).map(shapeOfBlock).join(' ¶ ');
}

function shapeOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return shapeOfInline(block.children);
    case 'code':
      return `pre(${block.text})`;
    case 'quote':
      return `q(${block.blocks.map(shapeOfBlock).join(' ¶ ')})`;
    case 'list':
      return `${block.start ?? '•'}(${block.items.map(shapeOfInline).join(' | ')})`;
  }
}

function shapeOfInline(children: readonly Inline[]): string {
  return children
    .map((child) => {
      if (child.kind === 'text') return child.text;
      if (child.kind === 'link') return `a(${child.text} → ${child.href})`;
      if ('children' in child) return `${child.kind.charAt(0)}(${shapeOfInline(child.children)})`;
      return `${child.kind}(${child.text})`;
    })
    .join('');
}

function linksIn(blocks: readonly Block[]): { text: string; href: string }[] {
  const inline = (children: readonly Inline[]): { text: string; href: string }[] =>
    children.flatMap((child) => {
      if (child.kind === 'link') return [child];
      return 'children' in child ? inline(child.children) : [];
    });
  return blocks.flatMap((block) => {
    if (block.kind === 'quote') return linksIn(block.blocks);
    if (block.kind === 'list') return block.items.flatMap(inline);
    return block.kind === 'paragraph' ? inline(block.children) : [];
  });
}

describe('Markdown', () => {
  test.each([
    ['plain', 'plain'],
    ['**bold** and __bold__', 'b(bold) and b(bold)'],
    ['*italic* and _italic_', 'i(italic) and i(italic)'],
    ['***both***', 'b(i(both))'],
    ['**a *b* c**', 'b(a i(b) c)'],
    ['~~gone~~', 's(gone)'],
    ['snake_case_name and 2*3*4', 'snake_case_name and 2i(3)4'],
    ['2 * 3 * 4 and * alone', '2 * 3 * 4 and * alone'],
    ['**open and *shut', '**open and *shut'],
    ['**a *b** c*', '**a i(b)* c*'],
    ['****', '****'],
    ['`a*b*` ``a`b``', 'code(a*b*) code(a`b)'],
    ['`open', '`open'],
    ['\\*not\\* \\`bold\\`', '*not* `bold`'],
    ['\\[no](https://example.com/)', '[no](a(https://example.com/ → https://example.com/))'],
    ['¯\\_(ツ)_/¯ and 2 \\\\ 3', '¯\\_(ツ)_/¯ and 2 \\\\ 3'],
    ['C:\\Users\\_a_\\.b\\[c]\\*.txt', 'C:\\Users\\_a_\\.b\\[c]\\*.txt'],
    ['(\\\\server\\share\\_docs_) *x*', '(\\\\server\\share\\_docs_) i(x)'],
    ['**D:\\x** \\.y', 'b(D:\\x) \\.y'],
    ['a\nb', 'a\nb'],
    ['a\n\nb', 'a ¶ b'],
    ['```js\nlet *a* = 1;\n```\nafter', 'pre(let *a* = 1;) ¶ after'],
    ['```\nnever closed', '```\nnever closed'],
    ['```js \r\nx\r\n\r\ny\r\n``` \r\nafter', 'pre(x\n\ny) ¶ after'],
    ['```\n```', 'pre()'],
    ['2024. was a year', '2024. was a year'],
    ['**注意：**正文 中文_强调_中文', 'b(注意：)正文 中文_强调_中文'],
    ['> quoted\n> **more**\nafter', 'q(quoted\nb(more)) ¶ after'],
    ['> > deep', 'q(q(deep))'],
    ['- a\n- *b*\n\n1. one\n2) two', '•(a | i(b)) ¶ 1(one | two)'],
    ['-no list', '-no list'],
    ['7. starts at seven', '7(starts at seven)'],
  ])('%j', (text, expected) => {
    expect(shape(text)).toBe(expected);
  });

  test.each([
    ['see https://example.com/a?b=c#d now', ['https://example.com/a?b=c#d']],
    ['HTTPS://EXAMPLE.COM', ['HTTPS://EXAMPLE.COM']],
    ['https://example.com/a_b_c*d', ['https://example.com/a_b_c*d']],
    ['(https://example.com/a_(b)).', ['https://example.com/a_(b)']],
    ['"https://example.com"', ['https://example.com']],
    ['https://example.com, https://example.org!', ['https://example.com', 'https://example.org']],
    ['请看https://例子.测试/会议。谢谢', ['https://例子.测试/会议。谢谢']],
    ['在（https://example.com/会）。', ['https://example.com/会']],
    ['**https://example.com**', ['https://example.com']],
    ['[words](https://example.com/) and [mail](mailto:ada@example.com)', ['words', 'mail']],
    ['[example.com](https://example.com/)', ['example.com']],
    ['no address: http://', []],
    ['javascript:alert(1) data:text/html,x ftp://example.com', []],
    ['https://bank.example@evil.example/', []],
    ['https://example.com/\u202egpj.exe', ['https://example.com/']],
    ['https://[::1', []],
  ])('links in %j', (text, expected) => {
    expect(linksIn(parseMarkdown(text)).map((link) => link.text)).toEqual(expected);
  });

  test.each([
    ['[https://bank.example](https://evil.example/)', []],
    ['[bank.example](https://evil.example/)', []],
    ['[bank.example](https://evil.example/bank.example)', []],
    ['[bank.example](https://bank.example.evil.example/)', []],
    ['[www.bank.example/a](https://evil.example/)', []],
    ['[bank\u200b.example](https://evil.example/)', []],
    ['[bank．example](https://evil.example/)', []],
    ['[\u202eelpmaxe.knab](https://evil.example/)', []],
    ['[ada@bank.example](mailto:eve@evil.example)', []],
    ['[bank.example](https://bank.example/login)', ['bank.example']],
    ['[www.bank.example/a](https://bank.example/a?b)', ['www.bank.example/a']],
    ['[ada@bank.example](mailto:ada@bank.example)', ['ada@bank.example']],
  ])('a link whose words name another address than its own is none: %j', (text, expected) => {
    expect(linksIn(parseMarkdown(text)).map((link) => link.text)).toEqual(expected);
  });

  test('mentions are names that follow an @, the longest first, in any case', () => {
    const people = ['Ada', 'Ada Lovelace', '王小明'];
    expect(shape('@ada lovelace and @Ada, @王小明！ @Bob', people)).toBe(
      'mention(@ada lovelace) and mention(@Ada), mention(@王小明)！ @Bob',
    );
    expect(shape('@Ada')).toBe('@Ada');
  });

  test.each([
    ['@Adam and @Ada1', '@Adam and @Ada1'],
    ['mail@ada.example', 'mail@ada.example'],
    ['@ada: hi, @ada’s', 'mention(@ada): hi, mention(@ada)’s'],
    ['你好@王小明你好', '你好mention(@王小明)你好'],
    ['**@Ada**', 'b(mention(@Ada))'],
    ['@a.* @a+', '@a.* mention(@a+)'],
  ])('a name is a mention where it is a word: %j', (text, expected) => {
    expect(shape(text, ['Ada', '王小明', 'a+', ''])).toBe(expected);
  });

  test('marks in marks go so deep and no deeper, and the latest are the ones that count', () => {
    const names = ['*', '_', '**', '__', '~~'];
    const open = Array.from({ length: 2_000 }, (_, place) => `${names[place % names.length]}a `);
    const text = `${open.join('')}b${open
      .map((mark) => mark.trim().slice(0, -1))
      .reverse()
      .join('')}`;
    const depth = (children: readonly Inline[]): number =>
      Math.max(0, ...children.map((child) => ('children' in child ? 1 + depth(child.children) : 0)));
    const [block] = parseMarkdown(text);
    const found = block?.kind === 'paragraph' ? depth(block.children) : 0;
    expect(found).toBeGreaterThan(2);
    expect(found).toBeLessThanOrEqual(8);
    expect(shape(`${'*a '.repeat(20)}**b**`)).toBe(`${'*a '.repeat(20)}b(b)`);
  });

  test('brackets behind an address are taken off one by one, however many there are', () => {
    const tail = ')]}'.repeat(2_000);
    expect(shape(`https://example.com/a${tail}`)).toBe(`a(https://example.com/a → https://example.com/a)${tail}`);
    expect(shape('(https://example.com/a_(b)), …')).toBe('(a(https://example.com/a_(b) → https://example.com/a_(b))), …');
  });

  test('words for a quote or a screen reader have no marks', () => {
    expect(plainText('**Hi** `there`\n> https://example.com/\n- one\n- two')).toBe('Hi there https://example.com/ one, two');
  });

  test('a text that is not taken for marked says what it says', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('*', '_', '`', '~~', '>', '- ', '1. ', '\n', '[a](https://b)', '\\', '@Ada', 'https://a.b/'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        fc.pre(!hasMarkup(text));
        const shown = parseMarkdown(text, { mentions: ['Ada'] });
        expect(shown.every(({ kind }) => kind === 'paragraph')).toBe(true);
        expect(plainText(text).replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
      }),
    );
  });

  test('loses no word, and links to nothing but the web and mail, whatever the text', () => {
    const marks = /[*_~`>\\\s\-•,[\]()]|\d+[.)]/gu;
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '*',
        '**',
        '_',
        '`',
        '```\n',
        '> ',
        '- ',
        '1. ',
        '\n',
        '[a](',
        'https://',
        'mailto:',
        'javascript:',
        ')',
        '"',
        '\\',
        '@',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const blocks = parseMarkdown(text, { mentions: ['a'] });
        for (const { href } of linksIn(blocks)) expect(href).toMatch(/^(https?|mailto):/);
        // What is a mark in one place is a character in another: only the rest is compared. A link shows its words alone.
        fc.pre(!/\]\(|```/u.test(text));
        expect(plainText(text).replace(marks, '')).toBe(text.replace(marks, ''));
      }),
    );
  });

  test.each([
    '*',
    '_',
    '`',
    '[',
    '> ',
    '- \n> \n',
    '*a ',
    '[a](',
    '~~a',
    '`` ` ',
    '@',
    'https://',
    '\\',
    '1. a\n',
    '> a\nb\n',
    '```js\n',
    '*a `x` ',
    '_a b* ',
  ])('takes no more steps than the text has characters, times four: %j', (piece) => {
    const exec = vi.spyOn(RegExp.prototype, 'exec');
    const text = piece.repeat(8_192 / piece.length);
    parseMarkdown(text, { mentions: ['b', 'c'] });
    const steps = exec.mock.calls.length;
    exec.mockRestore();
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(4 * text.length);
  });

  test.each(XSS_PAYLOADS)('%s leads nowhere but to the web', (_, text) => {
    for (const { href } of linksIn(parseMarkdown(text))) expect(href).toMatch(/^https:\/\/(example\.com|evil\.example)\//);
  });
});
