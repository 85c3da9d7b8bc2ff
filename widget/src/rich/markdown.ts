// A small part of Markdown, as a tree of data. No markup is made from text anywhere: markdown-view.ts makes template nodes
// of the tree. Every step moves on in the text, so that the time it takes grows with the text's length and no faster.
import { ADDRESS, isDeceptive, safeHref, withoutTail } from './links.ts';

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'mention'; readonly text: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** `start` is the first number of a numbered list; undefined for one with dots. */
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Inline[])[] };

/** Quotes in quotes beyond this are text. */
const MAX_DEPTH = 4;
/** So many marks wait for their counterpart. Another one takes the place of the oldest, which is text then. */
const MAX_OPEN = 8;

/** `mentions`: names that are marked where they follow an `@`. */
export function parseMarkdown(text: string, { mentions = [] }: { readonly mentions?: readonly string[] } = {}): readonly Block[] {
  return parseBlocks(text.split(LINE_END), patternFor(mentions), MAX_DEPTH);
}

/** The words without their marks, on one line: for a quote, a notification, a screen reader. */
export function plainText(text: string): string {
  return parseMarkdown(text).map(blockText).join(' ');
}

/** Those of `names` that a text mentions, in lower case. */
export function mentionedIn(text: string, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const pattern = patternFor(names);
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}])@/gu)) {
    const name = nameAt(text, index + 1, pattern);
    if (name !== undefined) found.add(name.toLocaleLowerCase());
  }
  return found;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'code':
      return block.text;
    case 'paragraph':
      return inlineText(block.children);
    case 'quote':
      return block.blocks.map(blockText).join(' ');
    case 'list':
      return block.items.map(inlineText).join(', ');
  }
}

function inlineText(children: readonly Inline[]): string {
  return children.map((child) => ('children' in child ? inlineText(child.children) : child.text)).join('');
}

/** Programs send lines as their system ends them. */
const LINE_END = /\r\n?|\n/u;
const FENCE = /^```[\w+#.-]*\s*$/u;
const FENCE_END = /^```\s*$/u;
const QUOTE = /^> ?/u;
const ITEM = /^ {0,3}(?:[-*•]|(\d{1,3})[.)]) +(?=\S)/u;

function parseBlocks(lines: readonly string[], names: RegExp | undefined, depth: number): readonly Block[] {
  const blocks: Block[] = [];
  const lastFence = lines.findLastIndex((line) => FENCE_END.test(line));
  for (let place = 0; place < lines.length; ) {
    const [block, length] = parseBlock(lines, place, { names, depth, lastFence });
    if (block !== undefined) blocks.push(block);
    place += length;
  }
  return blocks;
}

interface Surroundings {
  readonly names: RegExp | undefined;
  readonly depth: number;
  /** No code block ends behind this line. */
  readonly lastFence: number;
}

/** The block that begins at `place`, and how many lines it takes; none for an empty line. */
function parseBlock(
  lines: readonly string[],
  place: number,
  { names, depth, lastFence }: Surroundings,
): readonly [block: Block | undefined, length: number] {
  const line = lines[place] ?? '';
  if (lastFence > place && FENCE.test(line)) {
    const code = run(lines, place + 1, (next) => !FENCE_END.test(next));
    return [{ kind: 'code', text: code.join('\n') }, code.length + 2];
  }
  if (QUOTE.test(line) && depth > 0) {
    const quoted = run(lines, place, (next) => QUOTE.test(next)).map((next) => next.replace(QUOTE, ''));
    return [{ kind: 'quote', blocks: parseBlocks(quoted, names, depth - 1) }, quoted.length];
  }
  const item = ITEM.exec(line);
  if (item !== null) {
    const isNumbered = item[1] !== undefined;
    const items = run(lines, place, (next) => isItem(next, isNumbered)).map((next) => parseInline(next.replace(ITEM, ''), names));
    return [{ kind: 'list', start: isNumbered ? Number(item[1]) : undefined, items }, items.length];
  }
  if (line.trim() === '') return [undefined, 1];
  // This line is of no other kind, also where it looks like the begin of one that never ends.
  const rest = run(lines, place + 1, (next) => !FENCE.test(next) && !QUOTE.test(next) && !ITEM.test(next) && next.trim() !== '');
  return [{ kind: 'paragraph', children: parseInline([line, ...rest].join('\n'), names) }, rest.length + 1];
}

/** The lines from `place` on that `fits` holds for. */
function run(lines: readonly string[], place: number, fits: (line: string) => boolean): readonly string[] {
  let end = place;
  while (end < lines.length && fits(lines[end] ?? '')) end++;
  return lines.slice(place, end);
}

function isItem(line: string, isNumbered: boolean): boolean {
  const item = ITEM.exec(line);
  return item !== null && (item[1] !== undefined) === isNumbered;
}

/** What may be more than text, and what must not be. */
const SPECIAL = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}\\])(?:[a-z]:\\|\\\\(?=[\p{L}\p{N}]))[^\s*\u0060]*`, // a path of Windows stays as it is,
    String.raw`\\[_\\]`, // and so does an arm: ¯\_(ツ)_/¯
    String.raw`\\([*\u0060~[@])`, // 1: escaped
    String.raw`(?<!\u0060)(\u0060+)(?!\u0060)([^]*?[^\u0060])\2(?!\u0060)`, // 3: code
    String.raw`\[([^[\]\n]{1,300})\]\(([^\s()<>]{1,2000})\)`, // 4, 5: a link with words
    `(${ADDRESS})`, // 6
    String.raw`(\*+|_+|~~)`, // 7: marks
    String.raw`(?<![\p{Lu}\p{Ll}\p{N}._-])@`, // a mention
  ].join('|'),
  'giu',
);

/** The group of `SPECIAL` that holds marks. */
const MARK = 7;

function parseInline(text: string, names: RegExp | undefined): readonly Inline[] {
  const marks = new Marks();
  const pattern = new RegExp(SPECIAL);
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { index } = match;
    const mark = match[MARK];
    const [found, length] = mark === undefined ? inlineAt(text, match, names) : [undefined, mark.length];
    pattern.lastIndex = index + length;
    if (found === undefined && mark === undefined) continue;
    marks.text(text.slice(end, index));
    if (mark !== undefined) marks.mark(mark, text[index - 1], text[index + length]);
    else if (found !== undefined) marks.add(found);
    end = index + length;
  }
  marks.text(text.slice(end));
  return marks.close();
}

/** What stands at a match, and how long it is there; nothing where it only looked so. */
function inlineAt(text: string, match: RegExpExecArray, names: RegExp | undefined): readonly [Inline | undefined, number] {
  const [whole, escaped, , code, words, target, address] = match;
  if (escaped !== undefined) return [{ kind: 'text', text: escaped }, whole.length];
  if (code !== undefined) return [{ kind: 'code', text: code }, whole.length];
  if (words !== undefined && target !== undefined) return [linkWith(words, target), whole.length];
  if (address !== undefined) {
    const shown = withoutTail(address);
    const href = safeHref(shown);
    return [href === undefined ? undefined : { kind: 'link', href, text: shown }, shown.length];
  }
  if (whole !== '@') return [undefined, whole.length];
  const name = nameAt(text, match.index + 1, names);
  if (name === undefined) return [undefined, 1];
  const length = name.length + 1;
  return [{ kind: 'mention', text: text.slice(match.index, match.index + length) }, length];
}

function linkWith(words: string, target: string): Inline | undefined {
  const href = safeHref(target);
  return href === undefined || isDeceptive(words, href) ? undefined : { kind: 'link', href, text: words };
}

/** Any of the names, the longest first. In a script with words between spaces, a name ends where its word does. */
function patternFor(names: readonly string[]): RegExp | undefined {
  const longestFirst = names.filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return undefined;
  const literals = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(String.raw`(?:${literals.join('|')})(?!(?<=[\p{Lu}\p{Ll}\p{N}])[\p{Lu}\p{Ll}\p{N}])`, 'iuy');
}

function nameAt(text: string, place: number, names: RegExp | undefined): string | undefined {
  if (names === undefined) return undefined;
  names.lastIndex = place;
  return names.exec(text)?.[0];
}

const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/u;

interface Open {
  readonly mark: string;
  /** What came since it was opened. */
  readonly children: Inline[];
}

/** Pairs the marks of bold, italic and struck text. What has no counterpart stays as it was written. */
class Marks {
  /** What waits for its counterpart, the innermost last. The first holds the result. */
  readonly #open: Open[] = [{ mark: '', children: [] }];

  text(text: string): void {
    this.add({ kind: 'text', text });
  }

  add(inline: Inline): void {
    append(this.#innermost.children, inline);
  }

  /** A run of the same mark, between these characters. */
  mark(run: string, before = ' ', after = ' '): void {
    const character = run.charAt(0);
    const isInWord = character === '_' && WORD.test(before) && WORD.test(after);
    let left = run.length > 3 || isInWord ? 0 : run.length;
    if (left === 0) this.text(run);
    if (left > 0 && !SPACE.test(before)) left = this.#end(character, left);
    if (left > 0 && !SPACE.test(after) && !(character === '_' && WORD.test(before))) {
      // Bold outside, italic inside: a run that ends both ends the inner one first.
      if (left >= 2) this.#begin(character.repeat(2));
      if (left % 2 === 1) this.#begin(character);
    } else this.text(character.repeat(left));
  }

  /** Everything, with the marks that were never closed as text. */
  close(): readonly Inline[] {
    while (this.#open.length > 1) this.#giveUp(1);
    return this.#innermost.children;
  }

  #begin(mark: string): void {
    if (this.#open.length > MAX_OPEN) this.#giveUp(1);
    this.#open.push({ mark, children: [] });
  }

  /** Closes what a run closes; returns how much of it is left. */
  #end(character: string, length: number): number {
    let left = length;
    while (left > 0) {
      const place = this.#open.findLastIndex(({ mark }) => mark.startsWith(character) && mark.length <= left);
      if (place < 1) break;
      while (this.#open.length - 1 > place) this.#giveUp(place + 1);
      const { mark, children } = this.#open.pop() ?? this.#innermost;
      if (children.length === 0) this.text(mark + mark);
      else this.add({ kind: kindOf(mark), children });
      left -= mark.length;
    }
    return left;
  }

  /** That mark is text, and what came behind it goes on where it stood. */
  #giveUp(place: number): void {
    const [given] = this.#open.splice(place, 1);
    const around = this.#open[place - 1];
    if (given === undefined || around === undefined) return;
    for (const inline of [{ kind: 'text', text: given.mark } as const, ...given.children]) append(around.children, inline);
  }

  get #innermost(): Open {
    return this.#open.at(-1) ?? { mark: '', children: [] };
  }
}

/** Texts that meet become one. */
function append(children: Inline[], inline: Inline): void {
  const last = children.at(-1);
  if (inline.kind === 'text' && last?.kind === 'text') children.splice(-1, 1, { kind: 'text', text: last.text + inline.text });
  else if (inline.kind !== 'text' || inline.text !== '') children.push(inline);
}

function kindOf(mark: string): 'bold' | 'italic' | 'strike' {
  if (mark === '~~') return 'strike';
  return mark.length === 2 ? 'bold' : 'italic';
}
