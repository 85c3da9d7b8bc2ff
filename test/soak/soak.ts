// A run: people come and go for so long, then all of them leave, and what they had is counted.
import { Random } from '../fuzz/random.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { OpenRelay } from '../support/open-relay.ts';
import { loggedErrors, openDescriptors, privateMemoryMiB, readMetrics } from '../support/relay-watch.ts';
import { type Life, person, plainPerson, server, slowReader, weather } from './lives.ts';
import { floors, type Trend, trendOf } from './slope.ts';
import { World } from './world.ts';

const LOOK_EVERY_MS = 5_000;
/** How long a relay may take until it has let go of everything: rooms stay in use for 40 s after the last one left. */
const SETTLE_MS = 150_000;
const SETTLE_LOOK_MS = 1_000;

/** What must return to where it began. */
export const COUNTS = ['connections', 'members', 'subscriptions', 'rooms', 'timers', 'descriptors'] as const;
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

export interface Sample extends Counts {
  /** Minutes since the start. */
  readonly atMin: number;
  readonly memoryMiB: number;
  readonly heapMiB: number;
}

export interface SoakOptions {
  readonly minutes: number;
  /** People with the SDK; of the others there are some for every ten of them. */
  readonly people: number;
  readonly seed: number;
  /** Ends the run before its time, once enough has happened. */
  readonly isEnough?: (happened: ReadonlyMap<string, number>) => boolean;
  /** Default 5,000. */
  readonly lookEveryMs?: number;
  /** Which counts are waited for at the end. Default: all. */
  readonly awaited?: readonly (keyof Counts)[];
  readonly onSample?: (sample: Sample) => void;
}

export interface SoakReport {
  readonly began: Counts;
  readonly ended: Counts;
  readonly peak: Counts;
  /** The heap after collections, and the process's own memory, over the second half; undefined for a short run. */
  readonly heap: Trend | undefined;
  readonly memory: Trend | undefined;
  /** What happened, by how often. */
  readonly happened: ReadonlyMap<string, number>;
  /** What should not have: faults of the people's, and errors that the relay logged. */
  readonly faults: readonly string[];
}

/** Runs a soak against a relay that nobody else uses. */
export async function soak(relay: OpenRelay, options: SoakOptions): Promise<SoakReport> {
  const { lookEveryMs = LOOK_EVERY_MS } = options;
  const network = await startFaultProxy(relay.process.port);
  const world = new World(relay, network, new Random(options.seed));
  const began = await countsOf(relay);
  const samples: Sample[] = [];
  const started = performance.now();
  const look = async (): Promise<void> => {
    const sample = await sampleOf(relay, (performance.now() - started) / 60_000);
    samples.push(sample);
    options.onSample?.(sample);
  };
  const lives = inhabitants(options.people).map((live) => live(world));
  const clock = setTimeout(() => world.end(), options.minutes * 60_000);
  while (!world.isOver) {
    await world.rest(lookEveryMs, lookEveryMs + 1);
    await Promise.race([look(), ended(relay)]);
    if (options.isEnough?.(world.counts)) world.end();
  }
  clearTimeout(clock);
  await Promise.all(lives);
  await network.close();
  return {
    began,
    ended: await settled(relay, began, options.awaited ?? COUNTS),
    peak: peakOf(samples),
    heap: trendOf(floors(samples.map(({ atMin, heapMiB }) => ({ atMin, value: heapMiB })))),
    memory: trendOf(floors(samples.map(({ atMin, memoryMiB }) => ({ atMin, value: memoryMiB })))),
    happened: world.counts,
    faults: [...world.faults, ...loggedErrors(relay.process).map((line) => JSON.stringify(line))],
  };
}

/** True where the count is no more than it was. */
export function isBack(report: Pick<SoakReport, 'began' | 'ended'>, name: keyof Counts): boolean {
  return report.ended[name] <= report.began[name];
}

function inhabitants(people: number): Life[] {
  const some = Math.ceil(people / 10);
  const of = (count: number, life: Life): Life[] => Array.from({ length: count }, () => life);
  return [...of(people, person), ...of(2 * some, plainPerson), ...of(some, slowReader), ...of(some, server), weather];
}

async function ended({ process }: OpenRelay): Promise<never> {
  const { code, signal, stderr } = await process.exited;
  throw new Error(`The relay ended (${signal ?? code}). ${stderr.slice(-2_000)}`);
}

/** The counts, once they are what they were, or when that has taken too long. */
async function settled(relay: OpenRelay, began: Counts, awaited: readonly (keyof Counts)[]): Promise<Counts> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const counts = await countsOf(relay);
    const isSettled = awaited.every((name) => isBack({ began, ended: counts }, name));
    if (isSettled || performance.now() > deadline) return counts;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_LOOK_MS));
  }
}

async function countsOf(relay: OpenRelay): Promise<Counts> {
  return sampleOf(relay, 0);
}

async function sampleOf({ process: { http, pid } }: OpenRelay, atMin: number): Promise<Sample> {
  const metrics = await readMetrics(http);
  const of = (name: string): number => metrics.get(name) ?? Number.NaN;
  return {
    atMin,
    memoryMiB: privateMemoryMiB(pid),
    heapMiB: of('nodejs_heap_size_used_bytes') / 2 ** 20,
    connections: of('chat_room_connections'),
    members: of('chat_room_members'),
    subscriptions: of('chat_room_subscriptions'),
    rooms: of('chat_room_rooms'),
    timers: of('nodejs_active_timers'),
    descriptors: openDescriptors(pid),
  };
}

function peakOf(samples: readonly Sample[]): Counts {
  const most = (name: keyof Counts): number => Math.max(0, ...samples.map((sample) => sample[name]));
  return Object.fromEntries(COUNTS.map((name) => [name, most(name)])) as Record<keyof Counts, number>;
}
