// Which comments are on the stage, and where. There is no queue: a comment that finds no lane is left out, and counted.
import type { Flight } from './lanes.ts';
import { endOf, Lanes, leftEdge } from './lanes.ts';

export interface StageOptions {
  readonly width: number;
  readonly lanes: number;
  /** How long a comment takes from edge to edge; a longer one flies faster. */
  readonly crossingMs: number;
}

export interface Flying<T> {
  readonly comment: T;
  readonly lane: number;
  readonly flight: Flight;
}

const GAP_PX = 24;

export class Flights<T> {
  readonly #stage: StageOptions;
  readonly #lanes: Lanes;
  #flying: Flying<T>[] = [];
  #leftOut = 0;

  constructor(stage: StageOptions) {
    this.#stage = stage;
    this.#lanes = new Lanes({ count: stage.lanes, stageWidth: stage.width, gap: GAP_PX });
  }

  /** Comments that found no lane, so far. */
  get leftOut(): number {
    return this.#leftOut;
  }

  get flying(): readonly Flying<T>[] {
    return this.#flying;
  }

  /** Starts a comment of that width, unless all lanes are taken. */
  launch(comment: T, startMs: number, width: number): void {
    const flight = { startMs, width, speed: (this.#stage.width + width) / this.#stage.crossingMs };
    const lane = this.#lanes.place(flight);
    if (lane === undefined) this.#leftOut += 1;
    else this.#flying.push({ comment, lane, flight });
  }

  /** Forgets those that have left the stage by then. */
  advance(nowMs: number): void {
    if (this.#flying.some(({ flight }) => this.#hasEnded(flight, nowMs)))
      this.#flying = this.#flying.filter(({ flight }) => !this.#hasEnded(flight, nowMs));
  }

  leftOf({ flight }: Flying<T>, nowMs: number): number {
    return leftEdge(flight, this.#stage.width, nowMs);
  }

  #hasEnded(flight: Flight, nowMs: number): boolean {
    return endOf(flight, this.#stage.width) <= nowMs;
  }
}
