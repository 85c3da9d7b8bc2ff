import { nowUs } from './cpu.ts';

/** A timer is late by up to this; the time up to what is due is spent turning the loop, which goes on reading sockets. */
const TIMER_LATENESS_US = 1_500;
/** Where ticks are closer together than this, turning the loop would take the whole core: the timer has to do. */
export const MIN_EXACT_TICK_MS = 5;

/** Calls `due` at a steady rate with the time that each call was due at, never skipping one: after a delay it catches up. */
export class Schedule {
  readonly #due: (dueUs: number) => void;
  readonly #tickUs: number;
  readonly #spinUs: number;
  readonly #callsPerTick: number;
  #nextUs = 0;
  #owed = 0;
  #isRunning = false;

  /** What is due within `minTickUs` is called together. */
  constructor(perSecond: number, minTickUs: number, due: (dueUs: number) => void) {
    this.#due = due;
    this.#tickUs = Math.max(1e6 / perSecond, minTickUs);
    this.#spinUs = this.#tickUs < MIN_EXACT_TICK_MS * 1_000 ? 0 : TIMER_LATENESS_US;
    this.#callsPerTick = (perSecond * this.#tickUs) / 1e6;
  }

  start(): void {
    this.#isRunning = true;
    this.#nextUs = nowUs() + this.#tickUs;
    this.#wait();
  }

  stop(): void {
    this.#isRunning = false;
  }

  readonly #wait = (): void => {
    if (!this.#isRunning) return;
    while (nowUs() >= this.#nextUs) this.#tick();
    const waitUs = this.#nextUs - nowUs();
    if (waitUs > this.#spinUs) setTimeout(this.#wait, Math.floor((waitUs - this.#spinUs) / 1_000));
    else setImmediate(this.#wait);
  };

  #tick(): void {
    // Where a tick has 2.5 calls, every second one has 3.
    this.#owed += this.#callsPerTick;
    for (; this.#owed >= 1; this.#owed -= 1) this.#due(this.#nextUs);
    this.#nextUs += this.#tickUs;
  }
}
