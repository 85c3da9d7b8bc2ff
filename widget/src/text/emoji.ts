const ONLY_EMOJI =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f])+$/u;
const MOST = 3;
/** The longest emoji are families and flags of regions: longer text is not looked at. */
const MAX_LENGTH = 45;

/** True for one to three emoji and nothing else: such a message is shown large. */
export function isJustEmoji(text: string): boolean {
  if (text.length > MAX_LENGTH || !ONLY_EMOJI.test(text)) return false;
  return graphemes(text).length <= MOST;
}

/** What a reader calls characters: a flag or a family is one. */
export function graphemes(text: string): string[] {
  if (typeof Intl.Segmenter !== 'function') return Array.from(text);
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
