// A run: cases over many sockets at a time, and all along a look at whether the relay is what it was.
import { loggedErrors, privateMemoryMiB, readMetrics } from '../support/relay-watch.ts';
import { fuzzCase } from './cases.ts';
import { FuzzFault, play } from './play.ts';
import type { FuzzedRelay } from './relay-under-fuzz.ts';

const SOCKETS = 16;
/** Cases between two looks at the relay. */
const LOOK_EVERY = 250;
/** A case that takes longer has hung: most take milliseconds, and no wait of the relay is longer than 10 s. */
const CASE_TIMEOUT_MS = 30_000;
/** Who is not answered any more may hear of the relay's end before we do. */
const END_TIMEOUT_MS = 1_000;
/** Memory that the relay may take on top of what it had after the first cases: rooms, logs and queues up to their bounds. */
const MEMORY_MARGIN_MIB = 400;

export interface FuzzOptions {
  readonly seed: number;
  /** The run ends with the case that brings it to so many frames. */
  readonly frames: number;
  /** The first case. */
  readonly from: number;
  /** Called at each look. */
  readonly onLook?: (figures: FuzzFigures) => void;
}

export interface FuzzFigures {
  readonly frames: number;
  readonly cases: number;
  /** The relay's own memory at the first look, at its highest, and now. */
  readonly memoryMiB: { readonly first: number; readonly peak: number; readonly last: number };
  /** Error replies by code, as the relay counts them. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** Runs the cases of a seed against a relay. Rejects with a FuzzFault that names the cases which were under way. */
export async function fuzz(relay: FuzzedRelay, options: FuzzOptions): Promise<FuzzFigures> {
  return new FuzzRun(relay, options).run();
}

class FuzzRun {
  readonly #relay: FuzzedRelay;
  readonly #options: FuzzOptions;
  readonly #underWay = new Set<number>();
  readonly #ended: Promise<never>;
  #next: number;
  #frames = 0;
  #cases = 0;
  #memoryMiB: { first: number; peak: number; last: number } | undefined;
  #refusals: Readonly<Record<string, number>> = {};
  #looking: Promise<void> = Promise.resolve();

  constructor(relay: FuzzedRelay, options: FuzzOptions) {
    this.#relay = relay;
    this.#options = options;
    this.#next = options.from;
    this.#ended = relay.process.exited.then(({ code, signal, stderr }) =>
      Promise.reject(new FuzzFault(`The relay ended (${signal ?? code}). ${stderr.slice(-2_000)}`)),
    );
    this.#ended.catch(() => undefined);
  }

  async run(): Promise<FuzzFigures> {
    try {
      await Promise.all(Array.from({ length: SOCKETS }, () => this.#work()));
      await this.#look();
    } catch (error) {
      const cases = [...this.#underWay].toSorted((a, b) => a - b).join(', ');
      const ended = await Promise.race([this.#ended.catch((end: unknown) => end), passed(END_TIMEOUT_MS)]);
      throw new FuzzFault(`${((ended ?? error) as Error).message} Cases under way: ${cases || 'none'}.`);
    }
    return this.#figures();
  }

  async #work(): Promise<void> {
    while (this.#frames < this.#options.frames) {
      const one = fuzzCase(this.#options.seed, this.#next++, this.#relay.fillings);
      this.#frames += one.frames;
      this.#underWay.add(one.number);
      await Promise.race([this.#ended, within(play(one, this.#relay.process.port), one.number)]);
      this.#underWay.delete(one.number);
      if (++this.#cases % LOOK_EVERY === 0) await this.#look();
    }
  }

  /** One look at a time: a witness says one thing after the other. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => Promise.race([this.#ended, this.#lookNow()]));
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    const { process, witness } = this.#relay;
    await within(witness.roundTrip(), undefined);
    const [error] = loggedErrors(process);
    if (error) throw new FuzzFault(`The relay logged an error: ${JSON.stringify(error).slice(0, 2_000)}`);
    const metrics = await readMetrics(process.http);
    this.#refusals = refusalsIn(metrics);
    if (this.#refusals['internal']) throw new FuzzFault('The relay refused a frame with `internal`.');
    const last = privateMemoryMiB(process.pid);
    this.#memoryMiB ??= { first: last, peak: last, last };
    this.#memoryMiB.last = last;
    this.#memoryMiB.peak = Math.max(this.#memoryMiB.peak, last);
    if (last > this.#memoryMiB.first + MEMORY_MARGIN_MIB)
      throw new FuzzFault(`The relay grew from ${Math.round(this.#memoryMiB.first)} to ${Math.round(last)} MiB.`);
    this.#options.onLook?.(this.#figures());
  }

  #figures(): FuzzFigures {
    const memoryMiB = this.#memoryMiB ?? { first: 0, peak: 0, last: 0 };
    return { frames: this.#frames, cases: this.#cases, memoryMiB: { ...memoryMiB }, refusals: this.#refusals };
  }
}

function refusalsIn(metrics: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const found = [...metrics].flatMap(([name, count]) => {
    const code = /^chat_room_refusals_total\{code="(\w+)"\}$/.exec(name)?.[1];
    return code === undefined ? [] : [[code, count] as const];
  });
  return Object.fromEntries(found);
}

function passed(timeMs: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), timeMs));
}

/** A relay that does not answer is as bad as one that ends. Without a number it is the witness who waits. */
async function within<T>(work: Promise<T>, number: number | undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const who = number === undefined ? 'The witness' : `Case ${number}`;
    timer = setTimeout(() => reject(new FuzzFault(`${who} was not answered in ${CASE_TIMEOUT_MS / 1_000} s.`)), CASE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
