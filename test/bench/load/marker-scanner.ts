import { findMarker, isMarkerAt, MARKER_BYTES } from './payload.ts';

/** Who is told of each delivery: `at` is the place of its marker in `bytes`, which are only good during the call. */
export interface DeliverySink<C> {
  delivered(connection: C, bytes: Uint8Array, at: number): void;
}

/**
 * Finds the markers in one frame after the other. Frames of a run are alike, so it looks first where the last frame had them;
 * a guess that is wrong costs a search, never a delivery counted that is not there.
 */
export class MarkerScanner<C> {
  readonly #sink: DeliverySink<C>;
  /** From the start of the frame to its first marker. */
  #lead = 0;
  /** From one marker to the next in a frame that holds several. */
  #stride = MARKER_BYTES;
  /** From the last marker to the end of the frame. */
  #tail = 0;

  constructor(sink: DeliverySink<C>) {
    this.#sink = sink;
  }

  /** Tells the sink of each marker between `start` and `end`; returns how many there were. */
  scan(connection: C, bytes: Uint8Array, start: number, end: number): number {
    let at = start + this.#lead;
    if (!isMarkerAt(bytes, at, end)) {
      at = findMarker(bytes, start, end);
      if (at < 0) return 0;
      this.#lead = at - start;
    }
    for (let count = 1; ; count += 1) {
      this.#sink.delivered(connection, bytes, at);
      if (end - at === this.#tail) return count;
      const next = this.#next(bytes, at, end);
      if (next < 0) return count;
      at = next;
    }
  }

  #next(bytes: Uint8Array, at: number, end: number): number {
    const guess = at + this.#stride;
    if (isMarkerAt(bytes, guess, end)) return guess;
    const found = findMarker(bytes, at + MARKER_BYTES, end);
    if (found < 0) this.#tail = end - at;
    else this.#stride = found - at;
    return found;
  }
}
