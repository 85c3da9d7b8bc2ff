export type EnterAction = 'send' | 'break' | 'ignore';

/** What sends: Enter, or Ctrl (⌘) and Enter, where Enter alone breaks the line. */
export type SendOn = 'enter' | 'ctrl-enter';

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
 * True for a key that belongs to an input method. Chrome and Firefox say `isComposing`; Safari ends the composition
 * before that key press, and only `keyCode` 229 is left to tell.
 */
export function isComposing(event: Pick<EnterKey, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === IME_KEY_CODE;
}

/**
 * What a key press means in the composer. The Enter that picks a word from an input method must never send.
 * On a touch keyboard Return breaks the line, as everywhere else on the phone: there the button sends.
 */
export function enterAction(event: EnterKey, isTouch: boolean, sendOn: SendOn = 'enter'): EnterAction {
  if (event.key !== 'Enter' || isComposing(event)) return 'ignore';
  if (event.ctrlKey || event.metaKey) return 'send';
  return event.shiftKey || event.altKey || isTouch || sendOn === 'ctrl-enter' ? 'break' : 'send';
}
