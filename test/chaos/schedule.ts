// What goes wrong when: a pure function of a profile and a seed.
import { Random } from '../fuzz/random.ts';
import type { Direction, Weather } from './proxy.ts';

/** Which network: that of the clients of one relay, or that between one relay and Redis. */
export interface Network {
  readonly between: 'clients' | 'redis';
  readonly relay: number;
}

/** Something goes wrong, and is right again after `lastsMs`. */
export type Fault =
  | { readonly type: 'kill relay'; readonly relay: number; readonly lastsMs: number }
  /** SIGTERM: it drains, and comes back as a new process. */
  | { readonly type: 'restart relay'; readonly relay: number; readonly lastsMs: number }
  | { readonly type: 'pause relay'; readonly relay: number; readonly lastsMs: number }
  | { readonly type: 'kill redis'; readonly lastsMs: number }
  | { readonly type: 'pause redis'; readonly lastsMs: number }
  | { readonly type: 'empty redis'; readonly lastsMs: number }
  /** The primary is cut off from its replica for `lastsMs`, then killed, and the replica takes its place. */
  | { readonly type: 'fail over'; readonly lastsMs: number }
  | { readonly type: 'fill disk'; readonly lastsMs: number }
  | { readonly type: 'jump clock'; readonly byMs: number; readonly relay: number; readonly lastsMs: number }
  /** What a relay and all others send to each other is lost. */
  | { readonly type: 'partition'; readonly relay: number; readonly lastsMs: number }
  | { readonly type: 'cut'; readonly network: Network; readonly lastsMs: number }
  | { readonly type: 'reset'; readonly network: Network; readonly lastsMs: number }
  /** Connections are closed, and those that come next are let through in another order. */
  | { readonly type: 'reorder'; readonly network: Network; readonly order: number; readonly lastsMs: number }
  | { readonly type: 'weather'; readonly network: Network; readonly weather: Weather; readonly lastsMs: number }
  /** One client reads nothing for a while: what it missed it has to recover. */
  | { readonly type: 'stall client'; readonly client: number; readonly lastsMs: number };

export interface TimedFault {
  /** Not before that; and not before the fault before it on its track is over, which takes as long as a process takes to start. */
  readonly atMs: number;
  readonly track: number;
  readonly fault: Fault;
}

/** Makes a fault: `random` says which, where there is a choice. */
export type FaultMaker = (random: Random) => Fault;

/** Faults of one track come one after another; those of several tracks at the same time. */
export interface Track {
  readonly faults: readonly FaultMaker[];
  /** Time between two faults, from and up to. */
  readonly everyMs: readonly [number, number];
}

/** The faults of a run of that length, in the order of their time. The same seed makes the same ones. */
export function scheduleOf(tracks: readonly Track[], seed: number, lengthMs: number): TimedFault[] {
  const schedule = tracks.flatMap(({ faults, everyMs: [minMs, maxMs] }, track) => {
    const random = new Random(seed, track);
    const schedule: TimedFault[] = [];
    for (let atMs = between(random, minMs / 2, maxMs / 2); ; ) {
      const fault = random.pick(faults)(random);
      if (atMs + fault.lastsMs > lengthMs) return schedule;
      schedule.push({ atMs, track, fault });
      atMs += fault.lastsMs + between(random, minMs, maxMs);
    }
  });
  return schedule.toSorted((a, b) => a.atMs - b.atMs);
}

/** A whole number from `min` up to `max`. */
export function between(random: Random, min: number, max: number): number {
  return Math.floor(min) + random.below(Math.max(1, Math.floor(max - min) + 1));
}

/** Any of a network's faults. */
export function networkFault(between_: Network['between'], relays: number): FaultMaker {
  return (random) => {
    const network: Network = { between: between_, relay: random.below(relays) };
    const lastsMs = between(random, 100, 1_500);
    const direction: Direction = random.chance(0.5) ? 'up' : 'down';
    const weathers: readonly Weather[] = [
      { type: 'black hole' },
      { type: 'half open', direction },
      { type: 'delay', delayMs: between(random, 5, 300) },
      { type: 'drip', bytes: between(random, 1, 400), everyMs: between(random, 1, 20) },
    ];
    const weather = random.pick(weathers);
    return random.pick<Fault>([
      { type: 'cut', network, lastsMs: 0 },
      { type: 'reset', network, lastsMs: 0 },
      { type: 'reorder', network, order: random.below(2 ** 31), lastsMs: between(random, 50, 800) },
      { type: 'weather', network, weather, lastsMs },
      { type: 'weather', network, weather, lastsMs },
    ]);
  };
}

/** One line that says what a fault is. */
export function faultText(fault: Fault): string {
  const { type, lastsMs, ...rest } = fault;
  const details = Object.values(rest).map((value) =>
    typeof value === 'object' ? Object.values(value).map(textOf).join(' ') : value,
  );
  return [type, ...details, `for ${lastsMs} ms`].join(' ');
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.values(value).join(' ') : String(value);
}
