// Two hundred invented comments a second, on this page alone: to see what becomes of lanes and frames then.
import type { Comment } from '../track.ts';
import { chance } from './chance.ts';

const PER_SECOND = 200;
/** After a stop nobody has waited for what would have been said meanwhile. */
const MAX_BEHIND_MS = 100;

const PHRASES = [
  'so pretty',
  'the ferry!!',
  'I live behind the third window from the left',
  'first time here',
  'fireworks incoming',
  'hello from the night shift',
  '👏👏👏',
  'that lighthouse never sleeps',
  'who else hears the gulls?',
  'again! again!',
  'wow',
  'one comment among thousands, and it still finds a lane of its own',
  'こんばんは',
  '好美的夜景',
  'quelle vue',
  'moon is a bit much tonight',
];

export class Crowd {
  /** Up to where in the playhead's time it has spoken; undefined where it is silent. */
  #untilMs: number | undefined;
  #isRunning = false;
  #count = 0;

  run(isRunning: boolean): void {
    this.#isRunning = isRunning;
    this.#untilMs = undefined;
  }

  /** What it says from the last time it was asked until that moment. */
  due(playheadMs: number): readonly Comment[] {
    if (!this.#isRunning) return [];
    this.#untilMs = Math.max(this.#untilMs ?? playheadMs, playheadMs - MAX_BEHIND_MS);
    const count = Math.max(0, Math.floor(((playheadMs - this.#untilMs) * PER_SECOND) / 1_000));
    this.#untilMs += (count * 1_000) / PER_SECOND;
    return Array.from({ length: count }, () => this.#say());
  }

  #say(): Comment {
    this.#count += 1;
    const text = PHRASES[Math.floor(chance(this.#count, 41) * PHRASES.length)] ?? '';
    return { id: `crowd ${this.#count}`, text, from: String(this.#count % 23), own: false, atMs: 0 };
  }
}
