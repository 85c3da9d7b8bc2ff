// What a bench comes to: every run as it was, and what the runs of a peer in a scenario come to together.

import { type Figure, OTHER_CPU, type Outcome } from './scenarios/scenario.ts';
import type { Spread } from './statistics.ts';
import { spreadOf } from './statistics.ts';

/** The peer that is measured. */
export const SUBJECT = 'chat-room';
/** The peer that is the limit. */
export const LIMIT = 'bare';

export interface Run extends Outcome {
  readonly scenario: string;
  readonly peer: string;
  /** From 1. */
  readonly repetition: number;
  /** What was measured. */
  readonly commit: string;
}

export interface PeerNote {
  readonly name: string;
  readonly title: string;
  readonly version?: string;
  /** What to install, of one that is missing here. */
  readonly missing?: string;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Why servers and load did not have a core each. */
  readonly shared?: string;
}

export interface ScenarioNote {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly peers: readonly string[];
  readonly figures: readonly Figure[];
}

export interface BenchResult {
  /** ISO 8601. */
  readonly date: string;
  readonly command: string;
  readonly effort: string;
  readonly repetitions: number;
  readonly machine: Machine;
  readonly peers: readonly PeerNote[];
  readonly scenarios: readonly ScenarioNote[];
  readonly runs: readonly Run[];
}

/** Above this many cores, what other programs had shows in the figures. */
const DISTURBING_CORES = 0.25;

/** The most that other programs had of the machine during a run, in cores; undefined where it is too little to show. */
export function disturbanceOf({ runs }: Pick<BenchResult, 'runs'>): number | undefined {
  const most = Math.max(0, ...runs.map(({ figures }) => figures[OTHER_CPU.key] ?? 0));
  return most > DISTURBING_CORES ? most : undefined;
}

/** Earlier results can't be kept beside those of another machine. */
export class MachineError extends Error {
  readonly code = 'other_machine';
}

/** Newer results, and those of earlier scenarios that did not run again. Throws a MachineError. */
export function mergeResults(earlier: BenchResult, newer: BenchResult): BenchResult {
  const fresh = new Set(newer.scenarios.map(({ name }) => name));
  const isKept = (name: string): boolean => !fresh.has(name);
  const scenarios = [...newer.scenarios, ...earlier.scenarios.filter(({ name }) => isKept(name))];
  if (scenarios.length > fresh.size && JSON.stringify(earlier.machine) !== JSON.stringify(newer.machine))
    throw new MachineError('The committed results are of another machine: run the whole bench with --write to replace them.');
  const known = new Set(newer.peers.map(({ name }) => name));
  return {
    ...newer,
    peers: [...newer.peers, ...earlier.peers.filter(({ name }) => !known.has(name))],
    scenarios,
    runs: [...newer.runs, ...earlier.runs.filter(({ scenario }) => isKept(scenario))],
  };
}

/** What the runs of one peer in one scenario come to. */
export interface Summary {
  readonly peer: string;
  /** By the keys of the figures, over the runs that count. */
  readonly figures: Readonly<Record<string, Spread>>;
  readonly valid: number;
  /** One reason for each run that does not count. */
  readonly invalid: readonly string[];
}

/** A summary for each peer that took part, in the order of the scenario. */
export function summariesOf(result: Pick<BenchResult, 'runs'>, scenario: ScenarioNote): readonly Summary[] {
  return scenario.peers.flatMap((peer) => {
    const runs = result.runs.filter((run) => run.scenario === scenario.name && run.peer === peer);
    return runs.length === 0 ? [] : [summaryOf(peer, runs, scenario.figures)];
  });
}

function summaryOf(peer: string, runs: readonly Run[], figures: readonly Figure[]): Summary {
  const valid = runs.filter(({ verdict }) => verdict.type === 'valid');
  const spreads = figures.flatMap(({ key }) => {
    const spread = spreadOf(valid.flatMap((run) => run.figures[key] ?? []));
    return spread ? [[key, spread] as const] : [];
  });
  return {
    peer,
    figures: Object.fromEntries(spreads),
    valid: valid.length,
    invalid: runs.flatMap(({ verdict }) => (verdict.type === 'invalid' ? [verdict.reason] : [])),
  };
}

/** The median of one peer's figure as a multiple of another's; undefined where one of them has none. */
export function ratioOf(summaries: readonly Summary[], key: string, peer: string, to: string): number | undefined {
  const median = (name: string): number | undefined => summaries.find((summary) => summary.peer === name)?.figures[key]?.median;
  const [above, below] = [median(peer), median(to)];
  return above === undefined || below === undefined || below === 0 ? undefined : above / below;
}
