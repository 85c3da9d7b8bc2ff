// What the supervisor and its workers tell each other. Both ends are the same program, so that nothing here is decoded;
// what else may travel on their channel is told apart by its type.

import type { RelayOptions } from '../options.ts';
import type { MetricsSnapshot } from './siblings.ts';
import type { Ending } from './supervision.ts';

export type ToWorker =
  /** The first message. `worker` counts from 1. */
  | { readonly type: 'start'; readonly worker: number; readonly options: RelayOptions }
  /** Drain and end. May come more than once, and before the worker listens. */
  | { readonly type: 'drain' }
  /** Answer with `metrics`. At most one is unanswered. */
  | { readonly type: 'readMetrics' }
  /** Answers `gatherMetrics`. */
  | { readonly type: 'gathered'; readonly snapshots: readonly MetricsSnapshot[] };

export type ToSupervisor =
  | { readonly type: 'listening'; readonly port: number; readonly url: string; readonly transport: string }
  /** It can't listen, and waits for `drain` to end: its exit must not be heard before its reason. */
  | { readonly type: 'failed'; readonly ending: Ending }
  | { readonly type: 'metrics'; readonly snapshot: MetricsSnapshot }
  /** Answer with `gathered`. At most one is unanswered. */
  | { readonly type: 'gatherMetrics' };

/** A channel to the other end. What is sent after its end is dropped. */
export interface Channel<Out, In> {
  send(message: Out): void;
  onMessage(handle: (message: In) => void): void;
}

const TO_WORKER: ReadonlySet<unknown> = new Set<ToWorker['type']>(['start', 'drain', 'readMetrics', 'gathered']);
const TO_SUPERVISOR: ReadonlySet<unknown> = new Set<ToSupervisor['type']>(['listening', 'failed', 'metrics', 'gatherMetrics']);

export function isToWorker(message: unknown): message is ToWorker {
  return TO_WORKER.has((message as { readonly type?: unknown } | null)?.type);
}

export function isToSupervisor(message: unknown): message is ToSupervisor {
  return TO_SUPERVISOR.has((message as { readonly type?: unknown } | null)?.type);
}
