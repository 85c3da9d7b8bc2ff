// Whether a run counts. A run in which the load was the bottleneck, or in which not everything came, measures something else
// than it says; it is kept, and shown as what it is.

export type Verdict = { readonly type: 'valid' } | { readonly type: 'invalid'; readonly reason: string };

/** Above this share of its core the load is the bottleneck, not the server. */
const MAX_LOAD_CPU = 0.9;
/** A held rate that goes out later than this, at the 99th percentile, was not held. */
const MAX_LATENESS_MS = 20;

export interface Evidence {
  /** Share of one core. */
  readonly loadCpu: number;
  readonly expected: number;
  readonly seen: number;
  readonly orderFaults?: number | undefined;
  readonly lostConnections?: number | undefined;
  /** Connections that could not join. */
  readonly failedJoins?: number | undefined;
  readonly latenessMs?: number | undefined;
  /** In the part that was measured. */
  readonly deliveries?: number | undefined;
}

const VALID: Verdict = { type: 'valid' };

/** Says why a run does not count, if it does not. */
export function verdictOf(evidence: Evidence): Verdict {
  const { loadCpu, expected, seen, orderFaults = 0, lostConnections = 0, failedJoins = 0, latenessMs = 0 } = evidence;
  if (failedJoins > 0) return invalid(`${failedJoins} connections could not join`);
  if (lostConnections > 0) return invalid(`${lostConnections} connections were lost`);
  if (seen !== expected) return invalid(`${seen} deliveries came, and members × publishes is ${expected}`);
  if (evidence.deliveries === 0) return invalid('nothing was delivered while it was measured');
  if (orderFaults > 0) return invalid(`${orderFaults} members saw another order than the first of their room`);
  if (loadCpu > MAX_LOAD_CPU) return invalid(`the load needed ${Math.round(loadCpu * 100)} % of its core`);
  if (latenessMs > MAX_LATENESS_MS) return invalid(`publishes went out ${Math.round(latenessMs)} ms late`);
  return VALID;
}

/** A run that ended before there was something to judge. */
export function invalid(reason: string): Verdict {
  return { type: 'invalid', reason };
}
