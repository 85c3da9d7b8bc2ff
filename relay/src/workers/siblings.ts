// What the relays of one machine that share a port need of each other.

import type { Registry } from 'prom-client';

/** What one process counts, as JSON can carry it. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Given to a relay that is one worker of several: the others, as far as it has to know of them. */
export interface Siblings {
  /** Says how this process's own metrics are read. */
  shareMetrics(read: () => Promise<MetricsSnapshot>): void;
  /** Those of all workers that answer in time, and what those that ended had counted. Never rejects. */
  gatherMetrics(): Promise<readonly MetricsSnapshot[]>;
}
