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
  let end = candidate.length;
  const surplus = surplusClosers(candidate);
  for (; end > 0; end--) {
    const last = candidate.charAt(end - 1);
    const isSurplus = (surplus.get(last) ?? 0) > 0;
    if (!isSurplus && !TRAILING.test(last)) break;
    if (isSurplus) surplus.set(last, (surplus.get(last) ?? 0) - 1);
  }
  return candidate.slice(0, end);
}

/** How many more of each closing bracket there are than of the opening one. */
function surplusClosers(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return new Map(
    Object.entries(CLOSERS).map(([closer, opener]) => [closer, (counts.get(closer) ?? 0) - (counts.get(opener) ?? 0)]),
  );
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
  // What is written with invisible characters, or with others that look like a dot, is read like what has none.
  const read = words.normalize('NFKC').replace(/\p{Cf}/gu, '');
  if (!/[\p{L}\p{N}][.。]\p{L}{2}|:\/\//u.test(read)) return false;
  const [shown, actual] = [bare(read), bare(href)];
  // A part of a host's name is another host: bank.example is not bank.example.evil.example.
  return !actual.startsWith(shown) || !(shown.includes('/') || /^$|^[/?#:]/u.test(actual.slice(shown.length)));
}

/** Without what people leave out when they write an address down. */
function bare(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^(\w+:\/\/|mailto:)?(www\.)?/u, '');
}
