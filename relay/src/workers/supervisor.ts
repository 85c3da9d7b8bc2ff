// Keeps the workers of one relay: performs what supervision.ts decides, and passes metrics between them.

import type { RelayOptions } from '../options.ts';
import type { Channel, ToSupervisor, ToWorker } from './messages.ts';
import { MetricsGathering } from './metrics-gathering.ts';
import type { Ending, Supervision, SupervisionEffect, SupervisionEvent } from './supervision.ts';
import { startSupervision, supervise } from './supervision.ts';

/** One worker's process, as its supervisor sees it. */
export interface WorkerProcess extends Channel<ToWorker, ToSupervisor> {
  /** Called once. `how` is its exit code or signal, or why there never was a process: for a person. */
  onExit(handle: (how: string) => void): void;
  /** Ends it at once. */
  kill(): void;
}

export interface SupervisorLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SupervisorParts {
  /** What every worker runs with. `port` is no longer 0, and `workers` is their number. */
  readonly options: RelayOptions;
  /** Starts a process that becomes a worker. */
  readonly launch: () => WorkerProcess;
  readonly logger: SupervisorLog;
  /** Called once, when no worker is left. */
  readonly exit: (ending: Ending) => void;
}

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #gathering: MetricsGathering;
  #state: Supervision = { phase: { name: 'starting' }, slots: [] };
  #listening: Extract<ToSupervisor, { readonly type: 'listening' }> | undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#gathering = new MetricsGathering({
      listening: () => [...this.#workers.keys()].filter((slot) => this.#state.slots[slot]?.name === 'listening'),
      ask: (slot) => this.#workers.get(slot)?.send({ type: 'readMetrics' }),
    });
  }

  /** Starts all workers. */
  start(): void {
    const { state, effects } = startSupervision(this.#parts.options.workers);
    this.#state = state;
    this.#perform(effects);
  }

  /** Has all workers drain; `exit` is called when they are gone. */
  end(): void {
    this.#handle({ type: 'end' });
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const worker of this.#workers.values()) worker.kill();
  }

  #handle(event: SupervisionEvent): void {
    const { state, effects } = supervise(this.#state, event, performance.now());
    this.#state = state;
    this.#perform(effects);
  }

  #perform(effects: readonly SupervisionEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'start':
          this.#start(effect.slot);
          break;
        case 'replace':
          this.#replace(effect);
          break;
        case 'drain':
          this.#workers.get(effect.slot)?.send({ type: 'drain' });
          break;
        case 'announce':
          this.#announce();
          break;
        case 'exit':
          this.#parts.exit(effect.ending);
          break;
      }
    }
  }

  #start(slot: number): void {
    const worker = this.#parts.launch();
    this.#workers.set(slot, worker);
    worker.onMessage((message) => {
      // What a dead worker had counted is in the sums already; its last words may be heard after its exit.
      if (this.#workers.get(slot) === worker) this.#onMessage(slot, worker, message);
    });
    worker.onExit((how) => {
      this.#workers.delete(slot);
      this.#gathering.ended(slot);
      this.#handle({ type: 'exited', slot, how });
    });
    // A worker is no supervisor: to it the number of workers is one, like every relay's.
    worker.send({ type: 'start', worker: slot + 1, options: { ...this.#parts.options, workers: 1 } });
  }

  #replace({ slot, how, delayMs }: Extract<SupervisionEffect, { readonly type: 'replace' }>): void {
    this.#parts.logger.warn({ worker: slot + 1, how, delayMs }, 'a worker ended; another takes its place');
    setTimeout(() => this.#handle({ type: 'due', slot }), delayMs);
  }

  #announce(): void {
    const { port, url, transport } = this.#listening ?? {};
    this.#parts.logger.info({ port, url, transport, workers: this.#parts.options.workers }, 'listening');
  }

  #onMessage(slot: number, worker: WorkerProcess, message: ToSupervisor): void {
    switch (message.type) {
      case 'listening':
        this.#listening ??= message;
        this.#handle({ type: 'listening', slot });
        break;
      case 'failed':
        this.#parts.logger.error({ worker: slot + 1, reason: message.ending.sentence }, 'a worker can not listen');
        this.#handle({ type: 'failed', slot, ending: message.ending });
        break;
      case 'metrics':
        this.#gathering.answered(slot, message.snapshot);
        break;
      case 'gatherMetrics':
        void this.#gathering.gather().then((snapshots) => worker.send({ type: 'gathered', snapshots }));
        break;
    }
  }
}
