// What can be run: what stands there, and what goes wrong with it.
import type { Random } from '../fuzz/random.ts';
import type { Expectation } from './history.ts';
import type { Fault, FaultMaker, Track } from './schedule.ts';
import { between, networkFault } from './schedule.ts';

/** What a relay keeps its rooms in. */
export type Store =
  | { readonly type: 'embedded'; readonly durability: 'process' | 'disk' }
  /** A file system of so many MiB, which can be filled. */
  | { readonly type: 'small disk'; readonly sizeMiB: number }
  | { readonly type: 'redis'; readonly relays: number; readonly replica: boolean }
  /** Each relay in a network namespace of its own. */
  | { readonly type: 'redis between namespaces'; readonly relays: number };

export interface Profile {
  readonly name: string;
  readonly help: string;
  readonly store: Store;
  readonly tracks: readonly Track[];
  readonly expectation: Expectation;
  /** Length of a message, where it matters. */
  readonly textBytes?: number;
}

const NOTHING_LOST: Expectation = { mayReplaceLog: false, keepsOrder: true };
/** While a store refuses, a message may be overtaken by the next. */
const OVERTAKEN: Expectation = { mayReplaceLog: false, keepsOrder: false };
const LOG_REPLACED: Expectation = { mayReplaceLog: true, keepsOrder: false };
const EMBEDDED = { type: 'embedded', durability: 'process' } as const;
const TWO_RELAYS = { type: 'redis', relays: 2, replica: false } as const;

const lasting =
  (minMs: number, maxMs: number, make: (lastsMs: number, random: Random) => Fault): FaultMaker =>
  (random) =>
    make(between(random, minMs, maxMs), random);

const killRelay = (relays: number): FaultMaker =>
  lasting(0, 600, (lastsMs, random) => ({ type: 'kill relay', relay: random.below(relays), lastsMs }));
const pauseRelay = (relays: number): FaultMaker =>
  lasting(100, 6_000, (lastsMs, random) => ({ type: 'pause relay', relay: random.below(relays), lastsMs }));
const restartRelay = (relays: number): FaultMaker =>
  lasting(0, 300, (lastsMs, random) => ({ type: 'restart relay', relay: random.below(relays), lastsMs }));
const stallClient: FaultMaker = lasting(300, 3_000, (lastsMs, random) => ({
  type: 'stall client',
  client: random.below(6),
  lastsMs,
}));
const partition = (relays: number): FaultMaker =>
  lasting(100, 6_000, (lastsMs, random) => ({ type: 'partition', relay: random.below(relays), lastsMs }));
const killRedis = lasting(0, 2_000, (lastsMs) => ({ type: 'kill redis', lastsMs }));
const pauseRedis = lasting(100, 6_000, (lastsMs) => ({ type: 'pause redis', lastsMs }));
const HOUR_MS = 3_600_000;

export const PROFILES: readonly Profile[] = [
  {
    name: 'network',
    help: 'every weather between clients and one relay',
    store: EMBEDDED,
    tracks: [{ faults: [networkFault('clients', 1), stallClient], everyMs: [100, 800] }],
    expectation: NOTHING_LOST,
  },
  {
    name: 'kill',
    help: 'a relay is killed and started again (--durability process)',
    store: EMBEDDED,
    tracks: [{ faults: [killRelay(1)], everyMs: [300, 1_500] }],
    expectation: NOTHING_LOST,
  },
  {
    name: 'kill-disk',
    help: 'the same with --durability disk',
    store: { type: 'embedded', durability: 'disk' },
    tracks: [{ faults: [killRelay(1)], everyMs: [300, 1_500] }],
    expectation: NOTHING_LOST,
  },
  {
    name: 'pause',
    help: 'a relay is stopped for a while, and clients have a bad network too',
    store: EMBEDDED,
    tracks: [
      { faults: [pauseRelay(1)], everyMs: [300, 1_500] },
      { faults: [networkFault('clients', 1)], everyMs: [500, 2_000] },
    ],
    expectation: NOTHING_LOST,
  },
  {
    name: 'slow-readers',
    help: 'clients stop reading, and read on later',
    store: EMBEDDED,
    tracks: [
      { faults: [stallClient], everyMs: [0, 300] },
      { faults: [stallClient], everyMs: [0, 300] },
    ],
    textBytes: 3_900,
    expectation: NOTHING_LOST,
  },
  {
    name: 'clock',
    help: "a relay's clock jumps by up to a day, both ways",
    store: EMBEDDED,
    tracks: [
      {
        faults: [
          (random) => ({ type: 'jump clock', relay: 0, byMs: between(random, -24 * HOUR_MS, 24 * HOUR_MS), lastsMs: 500 }),
          networkFault('clients', 1),
        ],
        everyMs: [200, 1_000],
      },
    ],
    expectation: NOTHING_LOST,
  },
  {
    name: 'full-disk',
    help: 'the disk is full for a while (needs root, to mount a small file system)',
    store: { type: 'small disk', sizeMiB: 48 },
    tracks: [{ faults: [lasting(300, 2_500, (lastsMs) => ({ type: 'fill disk', lastsMs }))], everyMs: [500, 2_000] }],
    textBytes: 3_900,
    expectation: OVERTAKEN,
  },
  {
    name: 'relays',
    help: 'two relays on one Redis: they are killed and stopped, and all networks are bad',
    store: TWO_RELAYS,
    tracks: [
      { faults: [killRelay(2), pauseRelay(2)], everyMs: [500, 2_500] },
      { faults: [networkFault('clients', 2), networkFault('redis', 2)], everyMs: [300, 1_500] },
    ],
    expectation: OVERTAKEN,
  },
  {
    name: 'partition',
    help: 'the cable of one of two relays is pulled: its clients, and Redis, are beyond (needs root, for network namespaces)',
    store: { type: 'redis between namespaces', relays: 2 },
    tracks: [{ faults: [partition(2)], everyMs: [300, 2_500] }],
    expectation: OVERTAKEN,
  },
  {
    name: 'redis',
    help: 'their Redis is killed and stopped; it writes each command to its disk before it answers',
    store: TWO_RELAYS,
    tracks: [{ faults: [killRedis, pauseRedis, networkFault('redis', 2)], everyMs: [500, 2_500] }],
    expectation: OVERTAKEN,
  },
  {
    name: 'flush',
    help: 'their Redis loses all data at once: a new epoch, and everybody is told',
    store: TWO_RELAYS,
    tracks: [{ faults: [(): Fault => ({ type: 'empty redis', lastsMs: 200 })], everyMs: [1_000, 4_000] }],
    expectation: LOG_REPLACED,
  },
  {
    name: 'failover',
    help: 'a replica that lags takes over: what it lacks is announced by a new epoch',
    store: { type: 'redis', relays: 2, replica: true },
    tracks: [{ faults: [lasting(0, 600, (lastsMs) => ({ type: 'fail over', lastsMs }))], everyMs: [1_500, 4_000] }],
    expectation: LOG_REPLACED,
  },
  {
    name: 'rolling',
    help: 'two relays are restarted in turn under load, with a drain',
    store: TWO_RELAYS,
    tracks: [{ faults: [restartRelay(2)], everyMs: [500, 2_000] }],
    expectation: OVERTAKEN,
  },
];

/** The profile of that name. Throws a sentence where there is none. */
export function profileOf(name: string): Profile {
  const profile = PROFILES.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`There is no profile "${name}"; --list shows those that there are.`);
  return profile;
}
