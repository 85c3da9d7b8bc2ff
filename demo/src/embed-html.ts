/** The HTML that puts such a chat into a page. Empty properties are left out. */
export function embedHtml(
  script: string,
  attributes: readonly (readonly [name: string, value: string])[],
  properties: readonly (readonly [name: string, value: string])[],
  slots: readonly string[],
): string {
  const style = properties.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  const all = [...attributes, ...(style.length > 0 ? [['style', style.join('; ')] as const] : [])];
  const words = all.map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join('');
  const content = slots.map((slot) => `\n  <div slot="${escaped(slot)}">…</div>`).join('');
  return `<script type="module" src="${escaped(script)}"></script>\n<chat-room${words}>${content}${content && '\n'}</chat-room>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
