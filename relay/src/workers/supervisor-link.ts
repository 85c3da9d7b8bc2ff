// A worker's end of the channel to its supervisor.

import type { RelayOptions } from '../options.ts';
import type { Channel, ToSupervisor, ToWorker } from './messages.ts';
import { ANSWER_TIMEOUT_MS } from './metrics-gathering.ts';
import type { MetricsSnapshot, Siblings } from './siblings.ts';
import type { Ending } from './supervision.ts';

/** The supervisor waits for the slowest worker, and has to be waited for a little longer. */
const GATHER_TIMEOUT_MS = ANSWER_TIMEOUT_MS + 1_000;

export interface SupervisorChannel extends Channel<ToSupervisor, ToWorker> {
  /** Called once: the supervisor is dead, or has let go of this worker. */
  onDisconnect(handle: () => void): void;
}

export interface LinkHandlers {
  /** Become a relay. Called once, first. */
  start(worker: number, options: RelayOptions): void;
  /** Drain and end: the supervisor says so (`asked`), or it is dead and nobody would replace or stop this worker. */
  drain(why: 'asked' | 'orphaned'): void;
}

export class SupervisorLink implements Siblings {
  readonly #channel: SupervisorChannel;
  readonly #handlers: LinkHandlers;
  #readMetrics: () => Promise<MetricsSnapshot> = async () => [];
  #onGathered: ((snapshots: readonly MetricsSnapshot[]) => void) | undefined;
  #gathering: Promise<readonly MetricsSnapshot[]> | undefined;
  #isAsked = false;

  constructor(channel: SupervisorChannel, handlers: LinkHandlers) {
    this.#channel = channel;
    this.#handlers = handlers;
    channel.onMessage((message) => this.#onMessage(message));
    channel.onDisconnect(() => handlers.drain('orphaned'));
  }

  listening(address: { readonly port: number; readonly url: string; readonly transport: string }): void {
    this.#channel.send({ type: 'listening', ...address });
  }

  /** Tells why this worker can't listen. It is told to drain then, and ends with the exit code. */
  failed(ending: Ending): void {
    this.#channel.send({ type: 'failed', ending });
  }

  shareMetrics(read: () => Promise<MetricsSnapshot>): void {
    this.#readMetrics = read;
  }

  gatherMetrics(): Promise<readonly MetricsSnapshot[]> {
    this.#gathering ??= this.#gather().finally(() => {
      this.#gathering = undefined;
    });
    return this.#gathering;
  }

  /** Asks the supervisor. Where it does not answer, or a question of before is still open, this worker's own must do. */
  async #gather(): Promise<readonly MetricsSnapshot[]> {
    const gathered = await new Promise<readonly MetricsSnapshot[] | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), GATHER_TIMEOUT_MS);
      this.#onGathered = (snapshots) => {
        clearTimeout(timer);
        resolve(snapshots);
      };
      if (!this.#isAsked) this.#channel.send({ type: 'gatherMetrics' });
      this.#isAsked = true;
    });
    this.#onGathered = undefined;
    return gathered ?? [await this.#readMetrics()];
  }

  #onMessage(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        this.#handlers.start(message.worker, message.options);
        break;
      case 'drain':
        this.#handlers.drain('asked');
        break;
      case 'readMetrics':
        void this.#readMetrics().then((snapshot) => this.#channel.send({ type: 'metrics', snapshot }));
        break;
      case 'gathered':
        this.#isAsked = false;
        this.#onGathered?.(message.snapshots);
        break;
    }
  }
}
