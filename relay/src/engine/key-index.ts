import { KEY_TTL_MS } from '@chat-room/sdk/protocol';

/** Where the event stands that a key was used for. */
export interface KeyUse {
  readonly offset: number;
  readonly at: number;
}

/**
 * Idempotency keys of one room, each kept for at least KEY_TTL_MS and at most twice that. Two generations and no timer:
 * when the younger has lived its time, the older is dropped whole.
 */
export class KeyIndex {
  #young = new Map<string, KeyUse>();
  #old = new Map<string, KeyUse>();
  #bornAt = 0;

  get(memberId: string, key: string): KeyUse | undefined {
    const name = nameOf(memberId, key);
    return this.#young.get(name) ?? this.#old.get(name);
  }

  /** `use.at` must not fall from call to call. */
  set(memberId: string, key: string, use: KeyUse): void {
    if (use.at - this.#bornAt >= KEY_TTL_MS) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bornAt = use.at;
    }
    this.#young.set(nameOf(memberId, key), use);
  }

  delete(memberId: string, key: string): void {
    const name = nameOf(memberId, key);
    this.#young.delete(name);
    this.#old.delete(name);
  }
}

// Neither part can hold a line break, so no two pairs share a name.
function nameOf(memberId: string, key: string): string {
  return `${memberId}\n${key}`;
}
