const SHOWN_MS = 2_000;

/** Makes a button copy what `text` returns, and say on its face whether it did. */
export function copyOnClick(button: HTMLButtonElement, text: () => string): void {
  const label = button.textContent ?? '';
  let restore: ReturnType<typeof setTimeout> | undefined;
  // The button's own text is what a screen reader has just read: a change of it has to be announced.
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    button.textContent = (await copy(text())) ? 'Copied' : 'Not copied';
    clearTimeout(restore);
    restore = setTimeout(() => {
      button.textContent = label;
    }, SHOWN_MS);
  });
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text); // no clipboard API over plain http, except on localhost
  }
}

function copySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'offscreen';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
