export type EnterAction = 'send' | 'break' | 'ignore';

/** The part of a keyboard event that decides. */
export interface EnterKey {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What browsers report for a key that an input method swallowed. */
const IME_KEY_CODE = 229;

/**
 * What a key press means in the composer. The Enter that picks a word from an input method must never send. Chrome and
 * Firefox say `isComposing`; Safari ends the composition before that key press, and only `keyCode` 229 is left to tell.
 * On a touch keyboard Return breaks the line, as everywhere else on the phone: there the button sends.
 */
export function enterAction(event: EnterKey, isTouch: boolean): EnterAction {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === IME_KEY_CODE) return 'ignore';
  if (event.ctrlKey || event.metaKey) return 'send';
  return event.shiftKey || event.altKey || isTouch ? 'break' : 'send';
}
