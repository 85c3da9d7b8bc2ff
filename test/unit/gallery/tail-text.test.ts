// What tail -f makes of bytes and of escape sequences, and what it leaves out for who reads slowly.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAnsi, stripAnsi } from '../../../demo/gallery/tail/ansi.ts';
import { LineSplitter, MAX_LINE_CHARS } from '../../../demo/gallery/tail/consumer/line-splitter.ts';
import { LineStore, MAX_KEPT } from '../../../demo/gallery/tail/page/line-store.ts';
import { continuation } from '../../../demo/gallery/tail/resume.ts';
import { linesIn, Waiting } from '../../../demo/gallery/tail/waiting.ts';
import type { Entry } from '../../../demo/gallery/tail/wire.ts';
import { decodeRequest } from '../../../demo/gallery/tail/wire.ts';

const ESC = '\u001b';

describe('lines', () => {
  test('are the same, however their bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.array(fc.nat(30), { minLength: 1 }), (lines, sizes) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const splitter = new LineSplitter();
        const got: string[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = 1 + (sizes[i % sizes.length] ?? 0);
          got.push(...splitter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(got).toEqual(lines);
        expect(splitter.end()).toEqual([]);
      }),
    );
  });

  test('without an end wait for it, or for the end of the file', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('half'))).toEqual([]);
    expect(splitter.push(Buffer.from(' a line\r\nand'))).toEqual(['half a line']);
    expect(splitter.end()).toEqual(['and']);
  });

  test('that are too long are cut, whatever comes of them', () => {
    const splitter = new LineSplitter();
    for (let i = 0; i < 1_000; i++) expect(splitter.push(Buffer.from('x'.repeat(1_000)))).toEqual([]);
    expect(splitter.push(Buffer.from('\nnext\n'))).toEqual([`${'x'.repeat(MAX_LINE_CHARS)}…`, 'next']);
  });
});

describe('escape sequences', () => {
  test('give colours of the palette, of the 256 and of the 16 million', () => {
    expect(parseAnsi(`${ESC}[1;31mno${ESC}[0m yes`)).toEqual([
      { text: 'no', style: { isBold: true, colour: { palette: 1 } } },
      { text: ' yes', style: {} },
    ]);
    expect(parseAnsi(`${ESC}[96mx`)[0]?.style).toEqual({ colour: { palette: 14 } });
    expect(parseAnsi(`${ESC}[38;5;196;48;2;1;2;3mx`)[0]?.style).toEqual({
      colour: { rgb: 'rgb(255 0 0)' },
      background: { rgb: 'rgb(1 2 3)' },
    });
    expect(parseAnsi(`${ESC}[38;5;244mx`)[0]?.style).toEqual({ colour: { rgb: 'rgb(128 128 128)' } });
    expect(parseAnsi(`${ESC}[2;4;7mx${ESC}[22;24;27my`)[1]?.style).toEqual({
      isBold: false,
      isDim: false,
      isUnderlined: false,
      isInverse: false,
    });
  });

  test('of any other kind are left out, with what they carry', () => {
    expect(
      stripAnsi(`a${ESC}[2J${ESC}[10;3Hb${ESC}]0;title\u0007c${ESC}]8;;https://example.com${ESC}\\d${ESC}(Be\u0000\u0008\r`),
    ).toBe('abcde');
  });

  test('no line leaves a control character in what is shown, and spans are what is searched', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(ESC, `${ESC}[`, '38;5;', 'm', `${ESC}]`, '\u0007', '\u009b', '999999999m'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const line = pieces.join('');
        const shown = parseAnsi(line)
          .map(({ text }) => text)
          .join('');
        expect(shown).toBe(stripAnsi(line));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is promised
        expect(shown).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what waits', () => {
  test('is the latest, within its bounds, and every line is either there or counted', () => {
    const add = fc.array(fc.string({ maxLength: 30 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.oneof(add, fc.constant('take' as const)), { maxLength: 30 }), (steps) => {
        const waiting = new Waiting({ maxEntries: 20, maxChars: 200 });
        let added = 0;
        let taken = 0;
        for (const step of steps) {
          if (step === 'take') taken += linesIn(waiting.take(7, 50));
          else {
            waiting.add(step);
            added += step.length;
            if (step.length > 0) expect(waiting.count).toBeGreaterThan(0);
          }
          expect(waiting.count).toBeLessThanOrEqual(20);
        }
        while (!waiting.isEmpty) taken += linesIn(waiting.take(7, 50));
        expect(taken).toBe(added);
      }),
    );
  });

  test('begins with the mark of what made room', () => {
    const waiting = new Waiting({ maxEntries: 2, maxChars: 1_000 });
    waiting.add(['a', 'b', { mark: 'rotated' }, 'c']);
    expect(waiting.take(10, 1_000)).toEqual([{ mark: 'skipped', lines: 2 }, { mark: 'rotated' }, 'c']);
  });
});

describe('after a reconnection', () => {
  test('the lines go on where they were', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (kept, fresh) => {
        const log: readonly Entry[] = Array.from({ length: 40 + kept + fresh }, (_, i) => `line ${i}`);
        const shown = log.slice(0, 40 + kept);
        expect(continuation(shown, log.slice(20))).toEqual(log.slice(40 + kept));
      }),
    );
  });

  test('where nothing is the same, lines are missing', () => {
    expect(continuation(['a', 'b'], ['x', 'y'])).toBeUndefined();
    expect(continuation([], ['x'])).toEqual(['x']);
  });
});

describe('the lines that a page has', () => {
  test('are bounded, keep their numbers, and count what was left out', () => {
    const store = new LineStore();
    store.add(['a', { mark: 'skipped', lines: 10 }, 'b']);
    expect(store.rows.map(({ number }) => number)).toEqual([1, 2, 12]);
    let gone = 0;
    for (let i = 0; i < 30; i++) gone += store.add(Array.from({ length: 1_000 }, (_, j) => `${i} ${j}`));
    expect(store.rows.length).toBeLessThanOrEqual(MAX_KEPT);
    expect(store.rows.length + gone).toBe(30_003);
    expect(store.rows.at(-1)).toMatchObject({ plain: '29 999', number: 30_012 });
  });

  test('are found by where they stand, wrapped too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (lines, columns) => {
          const store = new LineStore();
          store.add(lines);
          store.layOut(columns);
          lines.forEach((_, i) => {
            expect(store.at(store.top(i))).toBe(i);
            expect(store.at(store.top(i + 1) - 1)).toBe(i);
          });
        },
      ),
    );
  });
});

test('requests of no page of ours are none', () => {
  for (const data of [
    '',
    'null',
    '[]',
    '7',
    '{"type":"follow"}',
    '{"type":"ack","frames":1.5}',
    new Uint8Array(3),
    `"${'x'.repeat(5_000)}"`,
  ]) {
    expect(decodeRequest(data)).toBeUndefined();
  }
});
