import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;
/** What has not come so long after the last that did is lost. */
const SILENCE_MS = 3_000;

/** Resolves when all that is expected has been seen, or nothing more comes. */
export async function drained(seen: () => number, expected: () => number): Promise<void> {
  let last = seen();
  let silentMs = 0;
  while (seen() < expected() && silentMs < SILENCE_MS) {
    await sleep(LOOK_MS);
    silentMs = seen() === last ? silentMs + LOOK_MS : 0;
    last = seen();
  }
}
