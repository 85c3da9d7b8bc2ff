// What the relay is meant to reach, and whether it did in a result.

import type { BenchResult, Summary } from '../result.ts';
import { LIMIT, ratioOf, SUBJECT, summariesOf } from '../result.ts';
import { plainNumber, plainRatio } from './numbers.ts';

/** A target, and what was measured. */
export type TargetState =
  | { readonly type: 'reached' | 'missed'; readonly title: string; readonly wanted: string; readonly measured: string }
  | { readonly type: 'unknown'; readonly title: string; readonly wanted: string };

interface Target {
  readonly title: string;
  readonly wanted: string;
  readonly scenario: string;
  /** What is compared with the bound; undefined where it was not measured. */
  readonly value: (summaries: readonly Summary[]) => number | undefined;
  readonly isReached: (value: number) => boolean;
  readonly shown: (value: number) => string;
}

const median = (summaries: readonly Summary[], key: string, peer: string = SUBJECT): number | undefined =>
  summaries.find((summary) => summary.peer === peer)?.figures[key]?.median;

const ofLimit =
  (key: string) =>
  (summaries: readonly Summary[]): number | undefined =>
    ratioOf(summaries, key, SUBJECT, LIMIT);

const atLeast = (bound: number) => (value: number) => value >= bound;
const atMost = (bound: number) => (value: number) => value <= bound;
const asRatio = (value: number): string => `${plainRatio(value)} of it`;
const asPercent = (value: number): string => `± ${plainNumber(value, 0)} %`;

const RATE = {
  wanted: 'at least 0.9 of the bare broadcast',
  value: ofLimit('deliveriesPerSecond'),
  isReached: atLeast(0.9),
  shown: asRatio,
};
const LATENCY = {
  wanted: 'p99 at most 1.2 of the bare broadcast',
  value: ofLimit('p99Ms'),
  isReached: atMost(1.2),
  shown: asRatio,
};
const FLAT = {
  wanted: 'flat: within ± 10 % of its mean',
  value: (summaries: readonly Summary[]): number | undefined => median(summaries, 'spread'),
  isReached: atMost(10),
  shown: asPercent,
};

const TARGETS: readonly Target[] = [
  { title: 'Deliveries/s in one room of 1,000', scenario: 'one-room', ...RATE },
  { title: 'Deliveries/s in 100 rooms of 10', scenario: 'many-rooms', ...RATE },
  { title: 'Latency at 20,000 deliveries/s, one room of 1,000', scenario: 'held-room', ...LATENCY },
  { title: 'Latency at 20,000 deliveries/s, 100 rooms of 10', scenario: 'held-rooms', ...LATENCY },
  {
    title: 'Memory of an idle joined connection',
    wanted: 'at most 4 KB of the process',
    scenario: 'idle',
    value: (summaries) => median(summaries, 'bytesPerConnection'),
    isReached: atMost(4_096),
    shown: (value) => `${plainNumber(value, 0)} B`,
  },
  {
    title: 'Storm: all back with nothing lost',
    wanted: '100 % delivered',
    scenario: 'storm',
    value: (summaries) => median(summaries, 'deliveredShare'),
    isReached: atLeast(100),
    shown: (value) => `${plainNumber(value, 2)} %`,
  },
  {
    title: 'Storm: time until they are back',
    wanted: 'p99 at most 1 s after the network returns',
    scenario: 'storm',
    value: (summaries) => median(summaries, 'backP99Ms'),
    isReached: atMost(1_000),
    shown: (value) => `${plainNumber(value, 0)} ms`,
  },
  { title: 'Cost of a delivery, 10 to 18,000 connections', scenario: 'cost-connections', ...FLAT },
  { title: 'Cost of a delivery, 1 to 100,000 rooms', scenario: 'cost-rooms', ...FLAT },
  {
    title: 'What Redis adds between two relays',
    wanted: 'at most 3 ms at p99, held at half load',
    scenario: 'two-relays',
    value: (summaries) => difference(median(summaries, 'p99Ms', 'two-relays'), median(summaries, 'p99Ms')),
    isReached: atMost(3),
    shown: (value) => `${plainNumber(value, 2)} ms`,
  },
  {
    title: 'Browser: a burst of 1,000 messages, processor slowed four times',
    wanted: 'no task over 50 ms',
    scenario: 'browser-burst',
    value: (summaries) => median(summaries, 'longestTaskMs'),
    isReached: atMost(50),
    shown: (value) => (value === 0 ? 'none' : `${plainNumber(value, 0)} ms`),
  },
  {
    title: 'Browser: scrolling through 10,000 messages',
    wanted: 'no frame over 33 ms',
    scenario: 'browser-scroll',
    value: (summaries) => median(summaries, 'longestMs'),
    isReached: atMost(33),
    shown: (value) => `${plainNumber(value, 1)} ms`,
  },
  {
    title: 'Browser: the first message with 10,000 in the log',
    wanted: 'as soon as with 100: at most 1.5 of it',
    scenario: 'browser-start',
    value: (summaries) => quotient(median(summaries, 'startMs10000'), median(summaries, 'startMs100')),
    isReached: atMost(1.5),
    shown: asRatio,
  },
];

function quotient(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined ? undefined : above / below;
}

function difference(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined ? undefined : above - below;
}

/** Every target, as far as this result says something about it. */
export function targetStates(result: BenchResult): readonly TargetState[] {
  return TARGETS.map(({ title, wanted, scenario, value, isReached, shown }) => {
    const note = result.scenarios.find(({ name }) => name === scenario);
    const measured = note && value(summariesOf(result, note));
    if (measured === undefined) return { type: 'unknown', title, wanted };
    return { type: isReached(measured) ? 'reached' : 'missed', title, wanted, measured: shown(measured) };
  });
}
