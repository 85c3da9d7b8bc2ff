// The list: a row for each company. All of them are in the page, so that it can be searched, tabbed and read like any other; those
// that are in view have their prices written, at most once a frame.
import type { Listed, Market } from './market.ts';

/** A row says at most this often that its price goes up or down: prices change twenty times a second, and that would flicker. */
const FLASH_EVERY_MS = 1_000;

const MONEY = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PART = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 2, signDisplay: 'exceptZero' });

interface Row {
  readonly listing: number;
  readonly item: HTMLElement;
  readonly star: HTMLElement;
  readonly line: Element;
  readonly price: HTMLElement;
  readonly arrow: HTMLElement;
  readonly text: HTMLElement;
  readonly change: HTMLElement;
  /** What is written there, and what it was compared with last. */
  cents: number;
  flashedCents: number;
  flashedAt: number;
}

export class Rows {
  readonly #list: HTMLElement;
  readonly #template: HTMLTemplateElement;
  readonly #market: Market;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #inView = new Set<Row>();
  readonly #observer: IntersectionObserver;
  #rows: readonly Row[] = [];

  /** `onSeen`: other rows have come into view; `onStar`: one was put on the watch list or taken off. */
  constructor(
    { list, template }: { readonly list: HTMLElement; readonly template: HTMLTemplateElement },
    market: Market,
    handlers: {
      readonly onSeen: (shown: readonly number[], gone: readonly number[]) => void;
      readonly onStar: (symbol: string) => void;
    },
  ) {
    this.#list = list;
    this.#template = template;
    this.#market = market;
    this.#observer = new IntersectionObserver((entries) => this.#see(entries, handlers.onSeen), { rootMargin: '80px 0px' });
    list.addEventListener('click', ({ target }) => {
      const item = target instanceof Element && target.closest('.star') ? target.closest('li') : null;
      if (item?.dataset['symbol'] !== undefined) handlers.onStar(item.dataset['symbol']);
    });
  }

  get inView(): readonly number[] {
    return Array.from(this.#inView, ({ listing }) => listing);
  }

  /** Makes the rows: once, since a list that stays the same keeps its rows over connections. */
  fill(): void {
    const symbols = this.#market.listings.map(({ symbol }) => symbol).join();
    if (symbols === this.#list.dataset['symbols']) return;
    this.#list.dataset['symbols'] = symbols;
    this.#observer.disconnect();
    this.#inView.clear();
    this.#rows = this.#market.listings.map((listed, listing) => this.#make(listed, listing));
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    for (const { item } of this.#rows) this.#observer.observe(item);
  }

  /** Hides the rows that `isWanted` is false for. Returns how many are left. */
  filter(isWanted: (listed: Listed) => boolean): number {
    let count = 0;
    for (const [listing, listed] of this.#market.listings.entries()) {
      const item = this.#rows[listing]?.item;
      if (item) item.hidden = !isWanted(listed);
      if (item && !item.hidden) count += 1;
    }
    return count;
  }

  showStars(starred: ReadonlySet<string>): void {
    for (const { item, star } of this.#rows) star.ariaPressed = String(starred.has(item.dataset['symbol'] ?? ''));
  }

  /** Writes what has changed. */
  draw(nowMs: number): void {
    for (const row of this.#inView) {
      const cents = this.#market.price(row.listing);
      if (cents !== row.cents) this.#write(row, cents);
      if (cents !== row.flashedCents && nowMs - row.flashedAt >= FLASH_EVERY_MS) this.#flash(row, cents, nowMs);
    }
  }

  drawLines(): void {
    for (const row of this.#inView) row.line.setAttribute('d', lineThrough(this.#market.history(row.listing)));
  }

  #write(row: Row, cents: number): void {
    const change = this.#market.change(row.listing);
    row.cents = cents;
    row.text.textContent = MONEY.format(cents / 100);
    row.change.textContent = PART.format(change);
    row.item.dataset['way'] = change < 0 ? 'down' : 'up';
  }

  /** By an arrow and by a colour that fades; for who wants no motion by the arrow alone. */
  #flash(row: Row, cents: number, nowMs: number): void {
    const isFirst = row.flashedCents === 0;
    const way = cents > row.flashedCents ? 'up' : 'down';
    row.flashedCents = cents;
    row.flashedAt = nowMs;
    if (isFirst) return;
    row.arrow.textContent = way === 'up' ? '▲' : '▼';
    row.item.dataset['move'] = way;
    if (this.#calm.matches) return;
    const wash = getComputedStyle(row.item).getPropertyValue(`--${way}-wash`);
    row.price.animate({ backgroundColor: [wash, 'transparent'] }, { duration: 800, easing: 'ease-out' });
  }

  #see(entries: readonly IntersectionObserverEntry[], onSeen: (shown: readonly number[], gone: readonly number[]) => void): void {
    const shown: number[] = [];
    const gone: number[] = [];
    for (const { target, isIntersecting } of entries) {
      const row = this.#rows[Number((target as HTMLElement).dataset['listing'])];
      if (!row || this.#inView.has(row) === isIntersecting) continue;
      if (isIntersecting) this.#inView.add(row);
      else this.#inView.delete(row);
      (isIntersecting ? shown : gone).push(row.listing);
    }
    if (shown.length + gone.length > 0) onSeen(shown, gone);
  }

  #make({ symbol, name }: Listed, listing: number): Row {
    const item = (this.#template.content.cloneNode(true) as DocumentFragment).querySelector('li');
    if (!item) throw new Error('The template has no row.');
    const part = <T extends Element>(selector: string): T => {
      const found = item.querySelector<T>(selector);
      if (!found) throw new Error(`The template has no ${selector}.`);
      return found;
    };
    item.dataset['symbol'] = symbol;
    item.dataset['listing'] = String(listing);
    part('.who b').textContent = symbol;
    part('.who .name').textContent = name;
    const star = part<HTMLElement>('.star');
    star.ariaLabel = `Watch ${name}`;
    const [price, arrow, text] = [part<HTMLElement>('.price'), part<HTMLElement>('.arrow'), part<HTMLElement>('.cents')];
    const written = { price, arrow, text, change: part<HTMLElement>('.change'), cents: 0, flashedCents: 0, flashedAt: 0 };
    return { listing, item, star, line: part('.spark path'), ...written };
  }
}

/** A path through the prices, from edge to edge of a box of 96 by 28. */
function lineThrough(cents: readonly number[]): string {
  if (cents.length < 2) return '';
  const [low, high] = [Math.min(...cents), Math.max(...cents)];
  const x = (i: number): string => ((i / (cents.length - 1)) * 96).toFixed(1);
  const y = (value: number): string => (26 - ((value - low) / (high - low || 1)) * 24).toFixed(1);
  return cents.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(value)}`).join('');
}
