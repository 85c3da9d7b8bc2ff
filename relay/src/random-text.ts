import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Text that nobody can guess, of so many random bytes, at most 64, in base64url. Bytes are drawn from the system many at a
 * time: to ask it takes longer than all else that a new connection needs.
 */
export function randomText(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('base64url', used, used + bytes);
  pool.fill(0, used, used + bytes); // what was given out is nowhere else
  used += bytes;
  return text;
}
