// The metrics of all workers, asked for one scrape at a time. What a worker had counted stays in the sums when it ends or
// does not answer: a counter that goes back would look like a restart to whoever draws its rate.

import { AggregatorRegistry } from 'prom-client';
import type { MetricsSnapshot } from './siblings.ts';

/** Who takes longer is left out, but for what it had counted before. */
export const ANSWER_TIMEOUT_MS = 2_000;

export interface MetricsWorkers {
  /** The slots whose worker listens. */
  readonly listening: () => readonly number[];
  readonly ask: (slot: number) => void;
}

interface Round {
  readonly waitingFor: Set<number>;
  readonly done: () => void;
}

export class MetricsGathering {
  readonly #workers: MetricsWorkers;
  /** Slots that were asked and have not answered: they are not asked again, so that no more than one question waits. */
  readonly #unanswered = new Set<number>();
  readonly #latest = new Map<number, MetricsSnapshot>();
  /** What workers that have ended had counted when they were last asked. Summed up at each scrape, so that it stays short. */
  readonly #past: MetricsSnapshot[] = [];
  #round: Round | undefined;
  #gathering: Promise<readonly MetricsSnapshot[]> | undefined;

  constructor(workers: MetricsWorkers) {
    this.#workers = workers;
  }

  /** The snapshots of now. Whoever asks while they are gathered gets the same. Never rejects. */
  gather(): Promise<readonly MetricsSnapshot[]> {
    this.#gathering ??= this.#askAll().finally(() => {
      this.#gathering = undefined;
    });
    return this.#gathering;
  }

  answered(slot: number, snapshot: MetricsSnapshot): void {
    this.#unanswered.delete(slot);
    this.#latest.set(slot, snapshot);
    this.#strike(slot);
  }

  /** The worker in this slot is gone. */
  ended(slot: number): void {
    this.#unanswered.delete(slot);
    const latest = this.#latest.get(slot);
    this.#latest.delete(slot);
    this.#strike(slot);
    if (latest) this.#past.push(countersOf(latest));
  }

  async #askAll(): Promise<readonly MetricsSnapshot[]> {
    const asked = this.#workers.listening();
    await new Promise<void>((resolve) => {
      if (asked.length === 0) return resolve();
      const timer = setTimeout(resolve, ANSWER_TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#round = { waitingFor: new Set(asked), done };
      for (const slot of asked) this.#ask(slot);
    });
    const silent = this.#round?.waitingFor ?? new Set();
    this.#round = undefined;
    this.#past.unshift(await AggregatorRegistry.aggregate(this.#past.splice(0)).getMetricsAsJSON());
    return [...this.#past, ...[...this.#latest].map(([slot, snapshot]) => (silent.has(slot) ? countersOf(snapshot) : snapshot))];
  }

  #ask(slot: number): void {
    if (this.#unanswered.has(slot)) return;
    this.#unanswered.add(slot);
    this.#workers.ask(slot);
  }

  #strike(slot: number): void {
    if (!this.#round?.waitingFor.delete(slot)) return;
    if (this.#round.waitingFor.size === 0) this.#round.done();
  }
}

/** Without what only says how things are now. */
function countersOf(snapshot: MetricsSnapshot): MetricsSnapshot {
  // prom-client gives the type as a word, whatever its types say.
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(type as unknown as string));
}
