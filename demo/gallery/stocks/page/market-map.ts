// All listings at once, in blocks by sector: green or red by how far each has gone today. One canvas, drawn anew at each frame that
// has news: 500 rectangles cost less than to find out which of them have changed.
import type { Market } from './market.ts';

const PER_ROW = 5;
const GAP_PX = 12;
const LABEL_PX = 20;
/** A change that has the full colour. */
const FULL_CHANGE = 0.035;

interface Cell {
  readonly listing: number;
  readonly x: number;
  readonly y: number;
}

interface Colours {
  readonly cell: string;
  readonly up: string;
  readonly down: string;
  readonly text: string;
}

export class MarketMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #market: Market;
  #cells: readonly Cell[] = [];
  #labels: readonly { readonly text: string; readonly x: number; readonly y: number }[] = [];
  #size = { width: 0, height: 0 };
  #colours: Colours;

  constructor(canvas: HTMLCanvasElement, market: Market) {
    this.#canvas = canvas;
    this.#market = market;
    this.#colours = coloursOf(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#colours = coloursOf(canvas);
      this.draw();
    });
    new ResizeObserver(() => {
      this.layOut();
      this.draw();
    }).observe(canvas);
  }

  /** Finds the place of each listing: when the list has come, or the page has another width. */
  layOut(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = clientWidth * devicePixelRatio;
    this.#canvas.height = clientHeight * devicePixelRatio;
    const sectors = this.#market.sectors();
    const columns = clientWidth < 640 ? 5 : 10;
    const rows = Math.max(1, Math.ceil(sectors.size / columns));
    const width = (clientWidth + GAP_PX) / columns;
    const height = (clientHeight + GAP_PX) / rows;
    const deepest = Math.max(1, ...Array.from(sectors.values(), ({ length }) => Math.ceil(length / PER_ROW)));
    this.#size = { width: (width - GAP_PX) / PER_ROW, height: (height - GAP_PX - LABEL_PX) / deepest };
    const place = (block: number) => ({ x: (block % columns) * width, y: Math.floor(block / columns) * height });
    this.#labels = Array.from(sectors.keys(), (text, block) => ({ text, ...place(block) }));
    this.#cells = Array.from(sectors.values()).flatMap((listings, block) =>
      listings.map((listing, i) => ({
        listing,
        x: place(block).x + (i % PER_ROW) * this.#size.width,
        y: place(block).y + LABEL_PX + Math.floor(i / PER_ROW) * this.#size.height,
      })),
    );
  }

  draw(): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#canvas.clientWidth, this.#canvas.clientHeight);
    context.fillStyle = this.#colours.text;
    context.font = `550 12px ${getComputedStyle(this.#canvas).fontFamily}`;
    for (const { text, x, y } of this.#labels) context.fillText(text, x, y + 13, PER_ROW * this.#size.width);
    for (const cell of this.#cells) this.#drawCell(context, cell);
  }

  /** The listing at a place of the page. */
  listingAt(clientX: number, clientY: number): number | undefined {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [px, py] = [clientX - left, clientY - top];
    const { width, height } = this.#size;
    return this.#cells.find(({ x, y }) => px >= x && px < x + width && py >= y && py < y + height)?.listing;
  }

  #drawCell(context: CanvasRenderingContext2D, { listing, x, y }: Cell): void {
    const { width, height } = this.#size;
    const change = this.#market.change(listing);
    context.fillStyle = this.#colours.cell;
    context.fillRect(x, y, width - 2, height - 2);
    context.globalAlpha = Math.min(1, Math.abs(change) / FULL_CHANGE);
    context.fillStyle = change > 0 ? this.#colours.up : this.#colours.down;
    context.fillRect(x, y, width - 2, height - 2);
    context.globalAlpha = 1;
  }
}

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return { cell: colour('--cell'), up: colour('--up-cell'), down: colour('--down-cell'), text: colour('--quiet') };
}
