import { readDigits, SEQUENCE } from './payload.ts';

/** The last digits of a sequence number are enough to tell two orders apart. */
const ORDER_DIGITS = 6;
const ORDER_AT = SEQUENCE.at + SEQUENCE.digits - ORDER_DIGITS;

/**
 * Counts what each connection got, and folds the order it got it in into one number: two members of a room that saw the same
 * publishes in the same order have the same number.
 */
export class Tally {
  readonly #counts: Float64Array;
  readonly #orders: Int32Array;
  #total = 0;

  constructor(connections: number) {
    this.#counts = new Float64Array(connections);
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
    const sequence = readDigits(bytes, at + ORDER_AT, ORDER_DIGITS);
    this.#orders[connection] = (Math.imul(this.#orders[connection] as number, 31) + sequence) | 0;
  }

  /** How many members of a room saw something else, or in another order, than its first member. */
  orderFaults(members: readonly number[]): number {
    const [first = 0] = members;
    return members.filter((member) => this.#orders[member] !== this.#orders[first]).length;
  }
}
