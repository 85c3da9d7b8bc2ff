import { KEY_TTL_MS } from '@chat-room/sdk/protocol';
import type { KeyHash } from './key-hash.ts';
import { KeyTable } from './key-table.ts';

/** Where the event stands that a key was used for. */
export interface KeyUse {
  readonly offset: number;
  readonly at: number;
}

/** Offsets lower than the first one's come after a commit that failed: by no more than what one commit holds. */
const MAX_STEP_BACK = 65_536;

/** Offsets and times are kept as what they are more than these. */
interface Generation {
  readonly table: KeyTable;
  readonly baseOffset: number;
  readonly bornAt: number;
}

/**
 * Idempotency keys of one room, each kept for at least KEY_TTL_MS and at most twice that. Two generations and no timer:
 * when the younger has lived its time, the older is dropped whole.
 */
export class KeyIndex {
  #young: Generation | undefined;
  #old: Generation | undefined;

  /** `isOf` tells whether the key of the event at an offset is the one that is looked for: two keys may have one hash. */
  get(key: KeyHash, isOf: (offset: number) => boolean): KeyUse | undefined {
    return useIn(this.#young, key, isOf) ?? useIn(this.#old, key, isOf);
  }

  /** `use.at` must not fall from call to call, and nor must `use.offset`, but for the offsets of a commit that failed. */
  set(key: KeyHash, { offset, at }: KeyUse): void {
    if (!this.#young || at - this.#young.bornAt >= KEY_TTL_MS) {
      this.#old = this.#young;
      this.#young = { table: new KeyTable(), baseOffset: offset - MAX_STEP_BACK, bornAt: at };
    }
    this.#young.table.add(key, offset - this.#young.baseOffset, at - this.#young.bornAt);
  }

  /** Of the event at an offset. */
  delete(key: KeyHash, offset: number): void {
    this.#young?.table.delete(key, (after) => this.#young?.baseOffset === offset - after);
    this.#old?.table.delete(key, (after) => this.#old?.baseOffset === offset - after);
  }
}

function useIn(generation: Generation | undefined, key: KeyHash, isOf: (offset: number) => boolean): KeyUse | undefined {
  if (!generation) return undefined;
  const { table, baseOffset, bornAt } = generation;
  const found = table.find(key, (after) => isOf(baseOffset + after));
  return found && { offset: baseOffset + found[0], at: bornAt + found[1] };
}
