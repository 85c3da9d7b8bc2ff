import { SEQUENCE } from './payload.ts';

/** The last three digits of a sequence number, as the bytes they are: enough to tell two orders apart, and cheap. */
const LAST_DIGITS = SEQUENCE.at + SEQUENCE.digits - 3;

/**
 * Counts what each connection got, and folds the order it got it in into one number: two members of a room that saw the same
 * publishes in the same order have the same number.
 */
export class Tally {
  readonly #counts: Uint32Array;
  readonly #orders: Int32Array;
  #total = 0;

  constructor(connections: number) {
    this.#counts = new Uint32Array(connections);
    this.#orders = new Int32Array(connections);
  }

  get total(): number {
    return this.#total;
  }

  count(connection: number): number {
    return this.#counts[connection] ?? 0;
  }

  add(connection: number, bytes: Uint8Array, at: number): void {
    this.#total += 1;
    this.#counts[connection] = (this.#counts[connection] as number) + 1;
    const last = at + LAST_DIGITS;
    const digits = ((bytes[last] as number) << 16) | ((bytes[last + 1] as number) << 8) | (bytes[last + 2] as number);
    this.#orders[connection] = (Math.imul(this.#orders[connection] as number, 31) + digits) | 0;
  }

  /** How many members of a room saw something else, or in another order, than its first member. */
  orderFaults(members: readonly number[]): number {
    const [first = 0] = members;
    return members.filter((member) => this.#orders[member] !== this.#orders[first]).length;
  }
}
