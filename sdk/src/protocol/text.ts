/** UTF-8 bytes of `text`. Stops counting once past `enough`: the caller only compares. */
export function utf8Length(text: string, enough: number = Number.POSITIVE_INFINITY): number {
  // No code unit takes more than three bytes: most frames are settled without a look at them.
  if (text.length * 3 <= enough) return text.length;
  let bytes = 0;
  for (let i = 0; i < text.length && bytes <= enough; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

// With the `u` flag a pair is one character, so that only a half of one is in the category. No lookbehind: a browser
// that can't parse it would refuse the whole file.
const LONE_SURROGATE = /\p{Cs}/u;

/** False where the text holds half of a surrogate pair: such text has no UTF-8. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}
