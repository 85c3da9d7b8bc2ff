/** Tokens per second, and how many may be saved up for a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket in two numbers. No timer: it fills when it is asked. A rate of 0 per second means no limit. */
export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Tokens that were there when it was last asked; with fractions. */
  get left(): number {
    return this.#tokens;
  }

  /** Takes one token. Returns 0, or how many milliseconds to wait for it. */
  take(rate: Rate, now: number): number {
    if (rate.perSecond === 0) return 0;
    const filled = Math.max(0, now - this.#filledAt) * (rate.perSecond / 1_000);
    this.#tokens = Math.min(rate.burst, this.#tokens + filled);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) * (1_000 / rate.perSecond));
    this.#tokens -= 1;
    return 0;
  }
}
