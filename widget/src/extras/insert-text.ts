/** Puts text in the place of a part of the box, so that it can be undone like anything that is typed. It fires `input`. */
export function insertText(box: HTMLTextAreaElement, text: string, start: number, end: number): void {
  box.focus();
  box.setSelectionRange(start, end);
  // Deprecated, and the one way into the history of undo; where there is none the text comes in nevertheless.
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, start, end, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
