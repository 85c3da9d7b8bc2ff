// The documentation's pages: copy buttons, the menu on a phone, and the search box where there is one.
import { copyOnClick } from '../gallery/shared/copy-button.ts';
import { DocsSearch } from './docs-search.ts';

for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
  copyOnClick(button, () => button.parentElement?.querySelector('code')?.textContent?.trimEnd() ?? '');
}
const menu = document.querySelector<HTMLDetailsElement>('details.menu');
if (menu && matchMedia('(width < 900px)').matches) menu.open = false;
const box = document.querySelector<HTMLInputElement>('#search');
const list = document.querySelector<HTMLUListElement>('#results');
if (box && list) new DocsSearch(box, list);
