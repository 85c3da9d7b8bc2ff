// The comments of the film, each at its time in it. The film goes round and round, and so does its time.

export const FILM_MS = 120_000;

/** Of more, those that were made first are forgotten. */
export const MAX_COMMENTS = 5_000;

export interface Comment {
  readonly id: string;
  readonly text: string;
  /** Member id, for its colour. */
  readonly from: string;
  readonly own: boolean;
  /** In the film, from 0 to FILM_MS. */
  readonly atMs: number;
}

/** The film's time at a moment of a clock that goes on: of a playhead, or of the wall. */
export function filmTime(ms: number): number {
  return ((ms % FILM_MS) + FILM_MS) % FILM_MS;
}

export class Track {
  readonly #byId = new Map<string, Comment>();
  /** Ordered by time in the film; among equals, by when they came. */
  #ordered: Comment[] = [];

  get size(): number {
    return this.#byId.size;
  }

  /** False where it is there already. */
  add(comment: Comment): boolean {
    if (this.#byId.has(comment.id)) return false;
    this.#byId.set(comment.id, comment);
    this.#ordered.splice(this.#indexAfter(comment.atMs), 0, comment);
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > MAX_COMMENTS && oldest !== undefined) this.remove(oldest);
    return true;
  }

  /** False where it was not there. */
  remove(id: string): boolean {
    const comment = this.#byId.get(id);
    if (!comment) return false;
    this.#byId.delete(id);
    this.#ordered.splice(this.#ordered.indexOf(comment), 1);
    return true;
  }

  clear(): void {
    this.#byId.clear();
    this.#ordered = [];
  }

  /** What is due after one moment of the playhead, up to and with another, in order, each with the moment at which it is. */
  due(afterMs: number, untilMs: number): readonly { readonly comment: Comment; readonly dueMs: number }[] {
    const due: { readonly comment: Comment; readonly dueMs: number }[] = [];
    for (let startMs = afterMs - filmTime(afterMs); startMs <= untilMs; startMs += FILM_MS) {
      const [from, to] = [this.#indexAfter(afterMs - startMs), this.#indexAfter(untilMs - startMs)];
      for (const comment of this.#ordered.slice(from, to)) due.push({ comment, dueMs: startMs + comment.atMs });
    }
    return due;
  }

  /** The last `count` at or before a time in the film, in order. */
  before(atMs: number, count: number): readonly Comment[] {
    const end = this.#indexAfter(atMs);
    return this.#ordered.slice(Math.max(0, end - count), end);
  }

  /** How many there are in each of `parts` equal parts of the film. */
  histogram(parts: number): readonly number[] {
    const counts = Array.from({ length: parts }, () => 0);
    for (const { atMs } of this.#ordered) {
      const part = Math.min(parts - 1, Math.floor((atMs / FILM_MS) * parts));
      counts[part] = (counts[part] ?? 0) + 1;
    }
    return counts;
  }

  /** Of the first comment after a time in the film. */
  #indexAfter(atMs: number): number {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
