import { openWebSocket } from '#web-socket';
import type { Lifecycle } from './connection/lifecycle.ts';
import { pageLifecycle } from './connection/lifecycle.ts';
import type { OpenTransport } from './transport/transport.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Returns what `clearTimer` takes. */
  setTimer(callback: () => void, delayMs: number): unknown;
  clearTimer(timer: unknown): void;
}

/** All that the client takes from the world. A test brings its own and decides what happens when. */
export interface Environment {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly openTransport: OpenTransport;
  /** From 0 up to 1, as Math.random. Spreads reconnects. */
  readonly random: () => number;
  /** A new idempotency key: nobody may guess or repeat one. */
  readonly newKey: () => string;
}

/** The platform's own clock, sockets and page. */
export function platform(): Environment {
  return {
    clock: {
      now: Date.now,
      setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
      clearTimer: (timer) => clearTimeout(timer as number),
    },
    lifecycle: pageLifecycle(),
    openTransport: openWebSocket,
    random: Math.random,
    // Not randomUUID: pages served over plain http have none.
    newKey: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
  };
}
