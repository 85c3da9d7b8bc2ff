// Where comments fly: each in a lane, from the right edge to beyond the left one, at a speed of its own. A lane takes another comment
// only where the two will never touch, not when it starts and not when the faster one has nearly caught up.

/** Times in milliseconds, lengths in pixels. */
export interface Flight {
  readonly startMs: number;
  readonly width: number;
  /** Pixels per millisecond, more than 0. */
  readonly speed: number;
}

export interface LanesOptions {
  readonly count: number;
  /** From the right edge, where flights start, to the left one. */
  readonly stageWidth: number;
  /** Between the end of a comment and the beginning of the next in its lane, at the least. */
  readonly gap: number;
}

/** Where a flight's left edge is. */
export function leftEdge({ startMs, speed }: Flight, stageWidth: number, atMs: number): number {
  return stageWidth - (atMs - startMs) * speed;
}

/** When nothing of a flight is left on the stage. */
export function endOf({ startMs, width, speed }: Flight, stageWidth: number): number {
  return startMs + (stageWidth + width) / speed;
}

export class Lanes {
  readonly #options: LanesOptions;
  /** The last flight of each lane: whoever keeps clear of it keeps clear of all before it, which it is behind. */
  readonly #last: (Flight | undefined)[];

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#last = Array.from({ length: options.count });
  }

  /** The uppermost lane that has room, taken from now on; undefined where none has. */
  place(flight: Flight): number | undefined {
    const lane = this.#last.findIndex((last) => last === undefined || this.#isClear(last, flight));
    if (lane < 0) return undefined;
    this.#last[lane] = flight;
    return lane;
  }

  /** The distance between two flights changes evenly, so that it is least at one end of the time in which both are there. */
  #isClear(ahead: Flight, behind: Flight): boolean {
    const { stageWidth, gap } = this.#options;
    const endMs = endOf(ahead, stageWidth);
    if (behind.startMs >= endMs) return true;
    const distance = (atMs: number): number =>
      leftEdge(behind, stageWidth, atMs) - leftEdge(ahead, stageWidth, atMs) - ahead.width;
    return distance(behind.startMs) >= gap && distance(endMs) >= gap;
  }
}
