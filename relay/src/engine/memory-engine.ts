// The embedded engine with nothing on the disk: the same promises while the process lives, and none after it. Each start
// is a new epoch, of which clients are told.

import { EmbeddedEngine } from './embedded-engine.ts';
import type { Engine } from './engine.ts';
import { MemoryStore } from './memory-store.ts';
import type { Retention } from './room-log.ts';

export interface MemoryEngineOptions {
  /** How much of each room's log is kept: it bounds the memory. Default: 10,000 events, however old. */
  readonly retention?: Retention;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
  /** What to go on with, after an engine that was closed. Default: a new one. */
  readonly store?: MemoryStore;
}

const RETENTION: Retention = { maxEvents: 10_000, maxAgeMs: Number.POSITIVE_INFINITY };

/** An engine for tests, and for programs that keep nothing. */
export function openMemoryEngine(options: MemoryEngineOptions = {}): Promise<Engine> {
  const { retention = RETENTION, now = Date.now, store = new MemoryStore() } = options;
  const ignore = (): void => undefined;
  const observer = { committed: ignore, failing: ignore, recovered: ignore };
  return EmbeddedEngine.over(store, { retention: () => retention, now, observer });
}
