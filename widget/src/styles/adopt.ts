const sheets = new Map<string, CSSStyleSheet>();

/** Gives a shadow root these styles. As a constructed sheet they need no permission of a content security policy. */
export function adoptStyles({ adoptedStyleSheets }: ShadowRoot, text: string): void {
  let sheet = sheets.get(text);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
}
