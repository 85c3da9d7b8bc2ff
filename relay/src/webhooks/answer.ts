// What an endpoint's answer means for a delivery. Pure.

/**
 * `retry`: it may yet be taken. `refused`: it never will be. `gone`: nothing will be, ever.
 * A redirect counts as `retry`: it is not followed, since a signed body goes to the address that the operator wrote, but
 * it often stands for a maintenance page that will go away.
 */
export type Answer = 'delivered' | 'retry' | 'refused' | 'gone';

const RETRIED: readonly number[] = [408, 429];

export function answerOf(status: number): Answer {
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 410) return 'gone';
  return status >= 400 && status <= 499 && !RETRIED.includes(status) ? 'refused' : 'retry';
}

/** Milliseconds that a `Retry-After` asks for, in seconds or as a date; undefined where it says nothing that can be read. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Exponential, with full jitter: what failed together must not come back together. `failures` counts from 1. */
export function backOffMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)));
}
