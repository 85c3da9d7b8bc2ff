// Which addresses become links. Everything else stays text.

const SCHEMES = ['https:', 'http:', 'mailto:'];

/** Ends at white space, at quotes and brackets that no address has, and at marks that would reorder what is shown. */
export const ADDRESS = String.raw`https?:\/\/[^\s<>"“”«»${'`'}\u200e\u200f\u202a-\u202e\u2066-\u2069]+`;
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

/** Punctuation behind an address belongs to the sentence; a closing bracket does too, unless it was opened inside. */
export function withoutTail(candidate: string): string {
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
export function safeHref(address: string): string | undefined {
  try {
    const url = new URL(address);
    return SCHEMES.includes(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** True for a link whose words look like another address than the one it leads to. */
export function isDeceptive(words: string, href: string): boolean {
  return /[\p{L}\p{N}]\.\p{L}{2}|:\/\//u.test(words) && !href.includes(words.trim());
}
