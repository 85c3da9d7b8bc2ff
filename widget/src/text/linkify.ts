// Finds the web addresses in a message. The result is data for a template: no markup is made from text anywhere.

export type TextPart = { readonly text: string; readonly href?: string };

/** Ends at white space, at quotes and brackets that no address has, and at marks that would reorder what is shown. */
const CANDIDATE = /https?:\/\/[^\s<>"“”«»`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = /[.,:;!?'’*_~。，、；：！？…]$/u;
const CLOSERS: { readonly [closer: string]: string } = {
  ')': '(',
  ']': '[',
  '}': '{',
  '）': '（',
  '」': '「',
  '』': '『',
  '】': '【',
  '》': '《',
};

/** Splits `text` into plain parts and links, which together are `text` again. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = withoutTail(match[0]);
    const href = safeHref(address);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Punctuation behind an address belongs to the sentence; a closing bracket does too, unless it was opened inside. */
function withoutTail(candidate: string): string {
  let address = candidate;
  for (;;) {
    const last = address.at(-1) ?? '';
    const opener = CLOSERS[last];
    if (!TRAILING.test(address) && (opener === undefined || isBalanced(address, opener, last))) return address;
    address = address.slice(0, -1);
  }
}

function isBalanced(text: string, opener: string, closer: string): boolean {
  return text.split(opener).length >= text.split(closer).length;
}

/** Undefined for what is no address, and for one with a user name in it: `https://bank.example@evil.example` deceives. */
function safeHref(address: string): string | undefined {
  try {
    const url = new URL(address);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
