/** Marks, escapes, addresses, mentions, quotes and lists: whatever may make more of a text than its characters. */
const MARKUP = /[*_~`\\@]|\]\(|:\/\/|^(?:>| {0,3}(?:[-•]|\d{1,9}[.)]) )/mu;

/** False for a text that says what it says as it stands: most do. */
export function hasMarkup(text: string): boolean {
  return MARKUP.test(text);
}
