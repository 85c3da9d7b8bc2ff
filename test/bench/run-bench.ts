// Runs scenarios over peers: every peer once, then every peer again, so that what changes on the machine meanwhile meets all.

import { execFileSync } from 'node:child_process';
import { describeMachine } from './machine.ts';
import type { Peer } from './peers/peer.ts';
import { ROOT } from './places.ts';
import type { BenchResult, PeerNote, Run } from './result.ts';
import type { Effort, Outcome, Scenario } from './scenarios/scenario.ts';
import { invalid } from './verdict.ts';

/** A scenario, and the names of who takes part. */
export interface Part {
  readonly scenario: Scenario;
  readonly peers: readonly string[];
}

export interface Plan {
  readonly command: string;
  readonly effort: Effort;
  readonly repetitions: number;
  readonly parts: readonly Part[];
  readonly peers: readonly Peer[];
}

/** Who is told how far a bench has come. */
export interface Progress {
  started(result: BenchResult): void;
  ran(run: Run, scenario: Scenario): void;
  finished(scenario: Scenario, result: BenchResult): void;
}

export async function runBench(plan: Plan, progress: Progress): Promise<BenchResult> {
  const peers = plan.peers.map(notePeer);
  const present = plan.peers.filter((_, index) => peers[index]?.missing === undefined);
  const runs: Run[] = [];
  const commit = commitName();
  const result: BenchResult = {
    date: new Date().toISOString(),
    command: plan.command,
    effort: plan.effort,
    repetitions: plan.repetitions,
    machine: describeMachine(),
    peers,
    scenarios: plan.parts.map(({ scenario: { name, title, about, peers, figures } }) => ({ name, title, about, peers, figures })),
    runs,
  };
  progress.started(result);
  for (const { scenario, peers } of plan.parts) {
    const taking = present.filter(({ name }) => peers.includes(name));
    for (let repetition = 1; repetition <= plan.repetitions; repetition += 1) {
      for (const peer of taking) {
        const run = {
          scenario: scenario.name,
          peer: peer.name,
          repetition,
          commit,
          ...(await measure(scenario, peer, plan.effort)),
        };
        runs.push(run);
        progress.ran(run, scenario);
      }
    }
    progress.finished(scenario, result);
  }
  return result;
}

async function measure(scenario: Scenario, peer: Peer, effort: Effort): Promise<Outcome> {
  try {
    return await scenario.measure(peer, effort);
  } catch (error) {
    return { figures: {}, verdict: invalid(error instanceof Error ? error.message : String(error)) };
  }
}

function notePeer(peer: Peer): PeerNote {
  const missing = peer.missing();
  const { name, title } = peer;
  return missing === undefined ? { name, title, version: peer.version() } : { name, title, missing };
}

function commitName(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
