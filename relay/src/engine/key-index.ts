import { KEY_TTL_MS } from '@chat-room/sdk/protocol';

/** A key of one member. */
export type KeyName = string & { readonly isKeyName: never };

/** Neither part can hold a line break, so no two pairs share a name. */
export function keyName(memberId: string, key: string): KeyName {
  return `${memberId}\n${key}` as KeyName;
}

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
  #old: Map<string, KeyUse> | undefined;
  #bornAt = 0;

  get(name: KeyName): KeyUse | undefined {
    return this.#young.get(name) ?? this.#old?.get(name);
  }

  /** `use.at` must not fall from call to call. */
  set(name: KeyName, use: KeyUse): void {
    if (use.at - this.#bornAt >= KEY_TTL_MS) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bornAt = use.at;
    }
    this.#young.set(name, use);
  }

  delete(name: KeyName): void {
    this.#young.delete(name);
    this.#old?.delete(name);
  }
}
