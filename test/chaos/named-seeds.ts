// Runs that every `npm test` repeats: a few of each kind, and every seed that has found a fault, with the fault's name.

export interface NamedSeed {
  /** What is shown, or was found, by it. */
  readonly name: string;
  readonly profile: string;
  readonly seed: number;
  readonly seconds: number;
  /** What a machine must allow for it: most do to root. */
  readonly needs?: 'mount';
}

export const NAMED_SEEDS: readonly NamedSeed[] = [
  { name: 'a bad network', profile: 'network', seed: 1, seconds: 3 },
  { name: 'a relay that is killed again and again', profile: 'kill', seed: 3, seconds: 3 },
  { name: 'a relay whose clock jumps', profile: 'clock', seed: 1, seconds: 2 },
  { name: 'a clock that jumps back held up the news of who is there', profile: 'clock', seed: 20_261_124, seconds: 4 },
  { name: 'a full disk ended the relay', profile: 'full-disk', seed: 20_261_124, seconds: 5, needs: 'mount' },
  { name: 'two relays on a bad network, killed and paused', profile: 'relays', seed: 1, seconds: 4 },
  { name: 'a Redis that loses everything', profile: 'flush', seed: 1, seconds: 3 },
  { name: 'a replica that takes over', profile: 'failover', seed: 1, seconds: 4 },
];
