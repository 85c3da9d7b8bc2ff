// The documentation's search box: what it finds is in an index made at build time, which is loaded with the first focus.
import MiniSearch from 'minisearch';

interface Found {
  readonly title: string;
  readonly page: string;
  readonly url: string;
}

/** As `scripts/docs/site.js` has made the index. */
const SEARCH = { fields: ['title', 'text'], storeFields: ['title', 'page', 'url'] };
const MAX_RESULTS = 8;

/** A search box with a list below it. */
export class DocsSearch {
  readonly #box: HTMLInputElement;
  readonly #list: HTMLUListElement;
  #index: Promise<MiniSearch> | undefined;
  #chosen = -1;

  constructor(box: HTMLInputElement, list: HTMLUListElement) {
    this.#box = box;
    this.#list = list;
    box.addEventListener('focus', () => void this.#load());
    box.addEventListener('input', () => void this.#search());
    box.addEventListener('keydown', (event) => this.#onKey(event));
    box.addEventListener('blur', () => setTimeout(() => this.#close(), 150)); // after a click on what was found
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      box.focus();
    });
  }

  #onKey(event: KeyboardEvent): void {
    const links = this.#list.querySelectorAll('a');
    if (event.key === 'Escape') this.#close();
    else if (event.key === 'ArrowDown') this.#choose(this.#chosen + 1, links);
    else if (event.key === 'ArrowUp') this.#choose(this.#chosen - 1, links);
    else if (event.key === 'Enter') links[Math.max(this.#chosen, 0)]?.click();
    else return;
    event.preventDefault();
  }

  #load(): Promise<MiniSearch> {
    this.#index ??= fetch('/docs/search.json').then(async (response) => MiniSearch.loadJSON(await response.text(), SEARCH));
    return this.#index;
  }

  async #search(): Promise<void> {
    const query = this.#box.value.trim();
    if (query === '') {
      this.#close();
      return;
    }
    const found = (await this.#load()).search(query, { prefix: true, fuzzy: 0.15, boost: { title: 4 }, combineWith: 'AND' });
    if (query !== this.#box.value.trim()) return; // it was typed on
    const results = found.slice(0, MAX_RESULTS) as unknown as readonly Found[];
    this.#list.replaceChildren(...(results.length === 0 ? [nothing()] : results.map(item)));
    this.#list.hidden = false;
    this.#box.setAttribute('aria-expanded', 'true');
    this.#choose(-1, this.#list.querySelectorAll('a'));
  }

  #choose(next: number, links: NodeListOf<HTMLAnchorElement>): void {
    this.#chosen = links.length === 0 ? -1 : Math.min(Math.max(next, -1), links.length - 1);
    for (const [i, link] of links.entries()) link.parentElement?.setAttribute('aria-selected', String(i === this.#chosen));
    if (this.#chosen >= 0) this.#box.setAttribute('aria-activedescendant', `result-${this.#chosen}`);
    else this.#box.removeAttribute('aria-activedescendant');
  }

  #close(): void {
    this.#list.hidden = true;
    this.#chosen = -1;
    this.#box.setAttribute('aria-expanded', 'false');
    this.#box.removeAttribute('aria-activedescendant');
  }
}

function item({ title, page, url }: Found, i: number): HTMLLIElement {
  const entry = document.createElement('li');
  entry.id = `result-${i}`;
  entry.role = 'option';
  const link = document.createElement('a');
  link.href = url;
  link.tabIndex = -1;
  link.append(title);
  if (page !== title) {
    const of = document.createElement('span');
    of.className = 'quiet';
    of.textContent = page;
    link.append(of);
  }
  entry.append(link);
  return entry;
}

function nothing(): HTMLLIElement {
  const entry = document.createElement('li');
  entry.className = 'quiet';
  entry.textContent = 'Nothing was found.';
  return entry;
}
