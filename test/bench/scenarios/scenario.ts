import type { Peer } from '../peers/peer.ts';
import type { Verdict } from '../verdict.ts';

/** `tiny` proves that everything works, `quick` shows the orders of magnitude, `full` is what is published. */
export type Effort = 'tiny' | 'quick' | 'full';

/** One thing that a scenario measures. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Digits behind the point. */
  readonly digits: number;
}

/** What one run of one peer measured, by the keys of the figures. */
export interface Outcome {
  readonly figures: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly about: string;
  /** Which peers take part, by name, in the order they are shown. */
  readonly peers: readonly string[];
  /** The first one is drawn. */
  readonly figures: readonly Figure[];
  /** Those of them that take part in a quick bench; nobody where it is no part of one. */
  readonly quickPeers: readonly string[];
  measure(peer: Peer, effort: Effort): Promise<Outcome>;
}

/** How much of the machine was somebody else's during a run. */
export const OTHER_CPU: Figure = { key: 'otherCpu', title: 'other programs', unit: 'cores', better: 'less', digits: 2 };
