// What the relay binds to a route: one object a connection, told of everything that happens to it.

import type { RelaySocket } from './adapter/adapter.ts';

/** Why a connection is told to go, and when it may come back. */
export interface DrainNotice {
  readonly retryAfterMs: number;
}

/** One connection's side of the relay. The adapter calls it; it answers over its socket. No method may throw. */
export interface ConnectionConsumer {
  opened(socket: RelaySocket<ConnectionConsumer>): void;
  text(text: string): void;
  binary(): void;
  /** Something pushed to this connection was dropped: its reader is too slow. */
  dropped(): void;
  /** Its buffer has run empty again. */
  drained(): void;
  closed(code: number): void;
  /** The relay goes down: say so, before the socket is closed. */
  drain(notice: DrainNotice): void;
  /** False while it must still say who it is; `tick` closes those that take too long. */
  readonly isConnected: boolean;
  readonly openedAt: number;
}
