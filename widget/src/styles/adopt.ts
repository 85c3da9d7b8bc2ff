const sheets = new Map<string, CSSStyleSheet>();

/** Gives a shadow root these styles. As constructed sheets they need no permission of a content security policy. */
export function adoptStyles(root: ShadowRoot, ...styles: readonly string[]): void {
  for (const text of styles) {
    const sheet = sheets.get(text) ?? createSheet(text);
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  }
}

function createSheet(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  sheets.set(text, sheet);
  return sheet;
}
