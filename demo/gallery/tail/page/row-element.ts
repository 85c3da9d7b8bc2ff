// A line as elements: text nodes in spans, never markup.
import type { Colour, Span, Style } from '../ansi.ts';
import { parseAnsi } from '../ansi.ts';
import type { Mark } from '../wire.ts';
import type { Row } from './line-store.ts';

export function rowElement(row: Row, words: string): HTMLElement {
  const line = document.createElement('div');
  line.className = 'line';
  if (typeof row.entry !== 'string') {
    line.classList.add('mark');
    line.classList.toggle('gap', row.entry.mark === 'skipped' || row.entry.mark === 'jumped');
    line.append(textOf(row.entry));
    return line;
  }
  const number = document.createElement('span');
  number.className = 'number';
  number.textContent = String(row.number);
  const text = document.createElement('span');
  text.className = 'text';
  let at = 0;
  const matches = matchesIn(row.plain, words);
  for (const span of parseAnsi(row.entry)) {
    text.append(spanElement(span, at, matches));
    at += span.text.length;
  }
  line.append(number, text);
  return line;
}

/** What a mark says. */
function textOf(mark: Mark): string {
  if (mark.mark === 'skipped') return `${mark.lines.toLocaleString('en')} ${mark.lines === 1 ? 'line' : 'lines'} left out`;
  if (mark.mark === 'jumped')
    return mark.bytes > 0 ? `${(mark.bytes / 1_048_576).toFixed(1)} MiB left out` : 'Lines may be missing here';
  if (mark.mark === 'rotated') return 'The file was rotated';
  if (mark.mark === 'truncated') return 'The file was truncated';
  return 'No such file yet';
}

/** Where the words begin and end, whatever their case. */
function matchesIn(plain: string, words: string): readonly (readonly [from: number, until: number])[] {
  if (words === '') return [];
  const found: (readonly [number, number])[] = [];
  const text = plain.toLowerCase();
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) found.push([at, at + words.length]);
  return found;
}

function spanElement({ text, style }: Span, start: number, matches: readonly (readonly [number, number])[]): Node {
  const element = document.createElement('span');
  dress(element, style);
  let at = start;
  const end = start + text.length;
  const slice = (from: number, until: number): string => text.slice(from - start, until - start);
  for (const [from, until] of matches) {
    if (until <= at || from >= end) continue;
    const mark = document.createElement('mark');
    mark.textContent = slice(Math.max(from, at), Math.min(until, end));
    element.append(slice(at, Math.max(from, at)), mark);
    at = Math.min(until, end);
  }
  element.append(slice(at, end));
  return element;
}

function dress(element: HTMLElement, style: Style): void {
  if (style.isBold) element.classList.add('bold');
  if (style.isDim) element.classList.add('dim');
  if (style.isItalic) element.classList.add('italic');
  if (style.isUnderlined) element.classList.add('underline');
  const text = style.colour ? cssColour(style.colour, !style.background && !style.isInverse) : '';
  const background = style.background ? cssColour(style.background) : '';
  element.style.color = style.isInverse ? background || 'var(--surface)' : text || (background ? 'var(--page)' : '');
  element.style.backgroundColor = style.isInverse ? text || 'var(--text)' : background;
}

/** Colours that were chosen for a dark terminal are darkened on light paper, where they have to be read on it. */
function cssColour(colour: Colour, isOnPaper = false): string {
  if (!('rgb' in colour)) return `var(--ansi-${colour.palette})`;
  return isOnPaper ? `color-mix(in srgb, ${colour.rgb}, var(--text) var(--darkened))` : colour.rgb;
}
