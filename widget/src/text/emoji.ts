/** Sets of sequences need this flag, which TypeScript does not take in a literal yet. */
const SETS = 'v';
const ONE_TO_THREE = new RegExp('^\\p{RGI_Emoji}{1,3}$', SETS);

/** True for one to three emoji and nothing else: such a message is shown large. */
export function isJustEmoji(text: string): boolean {
  return ONE_TO_THREE.test(text);
}

/** To make one takes longer than all that it does here. */
const SEGMENTER = Intl.Segmenter && new Intl.Segmenter();

/** What a reader calls characters: a flag or a family is one. */
export function graphemes(text: string): string[] {
  return SEGMENTER ? Array.from(SEGMENTER.segment(text), ({ segment }) => segment) : Array.from(text);
}
