import { CLOSE_CODES, CONNECT_TIMEOUT_MS } from '@chat-room/sdk/protocol';
import type { Consumer } from '../consumer/consumer.ts';

/** Connections that have not said who they are, and until when they may take for it (CON6). One sweep, no timer for each. */
export class ConnectDeadlines {
  /** In the order of the times. */
  readonly #until = new Map<Consumer, number>();

  start(consumer: Consumer, now: number): void {
    this.#until.set(consumer, now + CONNECT_TIMEOUT_MS);
  }

  met(consumer: Consumer): void {
    this.#until.delete(consumer);
  }

  /** Closes those that took too long. */
  tick(now: number): void {
    for (const [consumer, until] of this.#until) {
      if (now < until) return;
      this.#until.delete(consumer);
      consumer.close(CLOSE_CODES.connect_timeout, 'connect_timeout');
    }
  }
}
