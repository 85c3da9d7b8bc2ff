import { KEY_TTL_MS } from '@chat-room/sdk/protocol';
import type { Verdict } from './hook-caller.ts';

/** A draft that the hook let in: a repeated publish is not asked about again. */
export interface Remembered {
  /** Of what its author sent. */
  readonly digest: string;
  readonly verdict: Extract<Verdict, { readonly kind: 'pass' | 'change' }>;
  isStored: boolean;
}

/** Drafts of one generation, and UTF-16 code units of what was put in their places. Beyond them the older generation goes early. */
const MAX_DRAFTS = 50_000;
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Verdicts by what they were given on, for as long as idempotency keys are honoured, or as long as there is room. Two
 * generations and no timer: when the younger has lived its time, or is full, the older is dropped whole.
 */
export class VerdictMemory {
  #young = new Map<string, Remembered>();
  #old = new Map<string, Remembered>();
  #bornAt = 0;
  #length = 0;

  get(name: string): Remembered | undefined {
    return this.#young.get(name) ?? this.#old.get(name);
  }

  /** `now` is milliseconds since 1970. */
  set(name: string, remembered: Remembered, now: number): void {
    if (now - this.#bornAt >= KEY_TTL_MS || this.#young.size >= MAX_DRAFTS || this.#length >= MAX_LENGTH) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bornAt = now;
      this.#length = 0;
    }
    this.#young.set(name, remembered);
    const { verdict } = remembered;
    if (verdict.kind === 'change') this.#length += JSON.stringify(verdict.body).length;
  }
}
