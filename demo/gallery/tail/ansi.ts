// Lines with the escape sequences of terminals: colours and weights are understood (SGR), all other sequences are left out. What
// comes out is text with a style, never markup.

/** One of the 16 that a theme chooses, or one of its own. */
export type Colour = { readonly palette: number } | { readonly rgb: string };

export interface Style {
  readonly colour?: Colour | undefined;
  readonly background?: Colour | undefined;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
  readonly isInverse?: boolean;
}

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** In this order: CSI with its final byte, OSC and other strings up to their end, other escapes, lone controls. */
const SEQUENCE = new RegExp(
  [
    String.raw`(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])?`,
    String.raw`\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?`,
    String.raw`\x1b[ -/]*[0-~]?`,
    String.raw`[\x00-\x08\x0a-\x1f\x7f-\x9f]`,
  ].join('|'),
  'g',
);
const PLAIN: Style = {};

/** The spans of a line. Styles do not reach into the next line, of which a reader may have missed the one before. */
export function parseAnsi(line: string): readonly Span[] {
  const spans: Span[] = [];
  let style = PLAIN;
  let from = 0;
  const push = (text: string): void => {
    const last = spans.at(-1);
    if (text === '') return;
    if (last?.style === style) spans[spans.length - 1] = { text: last.text + text, style };
    else spans.push({ text, style });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    const [, parameters, final] = match;
    if (final === 'm' && parameters !== undefined) style = styleAfter(style, parameters);
  }
  push(line.slice(from));
  return spans;
}

/** What is read: what is searched, and how wide the line is. */
export function stripAnsi(line: string): string {
  return line.replaceAll(SEQUENCE, '');
}

function styleAfter(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => (/^\d{0,4}$/.test(code) ? Number(code) : -1));
  let style = before;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes, i + 1);
      i += used;
      if (colour) style = code === 38 ? { ...style, colour } : { ...style, background: colour };
    } else style = withCode(style, code);
  }
  return style;
}

const SWITCHES: ReadonlyMap<number, Style> = new Map<number, Style>([
  [1, { isBold: true }],
  [2, { isDim: true }],
  [3, { isItalic: true }],
  [4, { isUnderlined: true }],
  [7, { isInverse: true }],
  [22, { isBold: false, isDim: false }],
  [23, { isItalic: false }],
  [24, { isUnderlined: false }],
  [27, { isInverse: false }],
  [39, { colour: undefined }],
  [49, { background: undefined }],
]);

function withCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  const change = SWITCHES.get(code);
  if (change) return { ...style, ...change };
  if (code >= 30 && code <= 37) return { ...style, colour: { palette: code - 30 } };
  if (code >= 90 && code <= 97) return { ...style, colour: { palette: code - 82 } };
  if (code >= 40 && code <= 47) return { ...style, background: { palette: code - 40 } };
  if (code >= 100 && code <= 107) return { ...style, background: { palette: code - 92 } };
  return style;
}

/** The colour that `5;n` or `2;r;g;b` names, and how many codes that were. */
function extendedColour(codes: readonly number[], at: number): readonly [Colour | undefined, number] {
  const [kind, a = -1, b = -1, c = -1] = codes.slice(at, at + 4);
  if (kind === 5) return [indexedColour(a), 2];
  if (kind === 2) return [[a, b, c].every(isByte) ? { rgb: `rgb(${a} ${b} ${c})` } : undefined, 4];
  return [undefined, 1];
}

function isByte(value: number): boolean {
  return value >= 0 && value <= 255;
}

/** Of the 256: 16 of the theme, a cube of 6 × 6 × 6, and 24 greys. */
function indexedColour(index: number): Colour | undefined {
  if (!isByte(index)) return undefined;
  if (index < 16) return { palette: index };
  if (index >= 232) return { rgb: `rgb(${8 + (index - 232) * 10} ${8 + (index - 232) * 10} ${8 + (index - 232) * 10})` };
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return { rgb: `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})` };
}
