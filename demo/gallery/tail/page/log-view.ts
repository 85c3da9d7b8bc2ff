// A window on the lines: only those in view are elements, however many there are.
import type { Entry } from '../wire.ts';
import { LineStore } from './line-store.ts';
import { rowElement } from './row-element.ts';

const LINE_PX = 20;
/** Beyond both edges, so that a scroll shows lines and not nothing. */
const MARGIN_LINES = 12;
const GUTTER_PX = 64 + 14;

export class LogView {
  readonly store = new LineStore();
  readonly #box: HTMLElement;
  readonly #sheet: HTMLElement;
  readonly #onScroll: () => void;
  readonly #elements = new Map<number, HTMLElement>();
  #words = '';
  #nowId = -1;
  #wraps = false;
  #isAtBottom = true;
  #frame = 0;

  constructor(box: HTMLElement, sheet: HTMLElement, onScroll: () => void) {
    this.#box = box;
    this.#sheet = sheet;
    this.#onScroll = onScroll;
    box.addEventListener('scroll', () => {
      this.#isAtBottom = box.scrollHeight - box.scrollTop - box.clientHeight < LINE_PX * 1.5;
      this.#drawSoon();
      this.#onScroll();
    });
    new ResizeObserver(() => this.#layOut()).observe(box);
  }

  get isAtBottom(): boolean {
    return this.#isAtBottom;
  }

  add(entries: readonly Entry[]): void {
    const gone = this.store.add(entries);
    // What is looked at stays where it is when lines above it go.
    if (gone > 0 && !this.#isAtBottom) this.#box.scrollTop -= gone * LINE_PX;
    this.#drawSoon();
  }

  clear(isOtherFile: boolean): void {
    this.store.clear(isOtherFile);
    this.#isAtBottom = true;
    this.#forget();
  }

  wrap(wraps: boolean): void {
    this.#wraps = wraps;
    this.#sheet.classList.toggle('wraps', wraps);
    this.#layOut();
  }

  /** In lower case. */
  search(words: string): void {
    if (words === this.#words) return;
    this.#words = words;
    this.#forget();
  }

  /** Brings a row to the middle and points it out. */
  show(index: number): void {
    const row = this.store.rows[index];
    if (!row) return;
    this.#nowId = row.id;
    this.#isAtBottom = false;
    this.#box.scrollTop = this.store.top(index) * LINE_PX - this.#box.clientHeight / 2;
    this.#forget();
    this.#onScroll();
  }

  toBottom(): void {
    this.#isAtBottom = true;
    this.#drawSoon();
    this.#onScroll();
  }

  #layOut(): void {
    const probe = document.createElement('span');
    probe.textContent = '0'.repeat(100);
    probe.style.position = 'absolute';
    this.#sheet.append(probe);
    const columns = Math.floor((this.#box.clientWidth - GUTTER_PX) / (probe.getBoundingClientRect().width / 100));
    probe.remove();
    this.store.layOut(this.#wraps ? Math.max(8, columns) : Number.POSITIVE_INFINITY);
    this.#forget();
  }

  #forget(): void {
    for (const element of this.#elements.values()) element.remove();
    this.#elements.clear();
    this.#drawSoon();
  }

  #drawSoon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { store } = this;
    this.#sheet.style.height = `${store.height * LINE_PX}px`;
    if (this.#isAtBottom) this.#box.scrollTop = this.#box.scrollHeight;
    const first = store.at(this.#box.scrollTop / LINE_PX - MARGIN_LINES);
    const last = store.at((this.#box.scrollTop + this.#box.clientHeight) / LINE_PX + MARGIN_LINES);
    const inView = store.rows.slice(first, last + 1);
    const ids = new Set(inView.map(({ id }) => id));
    for (const [id, element] of this.#elements) {
      if (ids.has(id)) continue;
      element.remove();
      this.#elements.delete(id);
    }
    inView.forEach((row, i) => {
      let element = this.#elements.get(row.id);
      if (!element) {
        element = rowElement(row, this.#words);
        element.classList.toggle('now', row.id === this.#nowId);
        this.#elements.set(row.id, element);
        this.#sheet.append(element);
      }
      element.style.top = `${store.top(first + i) * LINE_PX}px`;
    });
  }
}
