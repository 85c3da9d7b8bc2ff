/** Two clocks, both in milliseconds. */
export interface Clocks {
  /** Since 1970: it jumps when somebody sets the system's clock. */
  readonly now: () => number;
  /** Since some time, and never back: for all that lasts. */
  readonly steady: () => number;
}
