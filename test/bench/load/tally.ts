import { SEQUENCE } from './payload.ts';

/** The last three digits of a sequence number, as the bytes they are: enough to tell two orders apart, and cheap. */
const LAST_DIGITS = SEQUENCE.at + SEQUENCE.digits - 3;

/** What a tally writes to: threads that have it count into the same one, each its own connections. */
export interface TallyMemory {
  readonly counts: SharedArrayBuffer;
  readonly orders: SharedArrayBuffer;
}

/**
 * Counts what each connection got, and folds the order it got it in into one number: two members of a room that saw the same
 * publishes in the same order have the same number.
 */
export class Tally {
  readonly memory: TallyMemory;
  readonly #counts: Uint32Array;
  readonly #orders: Int32Array;

  constructor(connections: number, memory: TallyMemory = memoryFor(connections)) {
    this.memory = memory;
    this.#counts = new Uint32Array(memory.counts);
    this.#orders = new Int32Array(memory.orders);
  }

  /** Of all connections, in whatever thread. Looks at each of them. */
  get total(): number {
    let total = 0;
    for (const count of this.#counts) total += count;
    return total;
  }

  count(connection: number): number {
    return this.#counts[connection] ?? 0;
  }

  add(connection: number, bytes: Uint8Array, at: number): void {
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

function memoryFor(connections: number): TallyMemory {
  const bytes = connections * Uint32Array.BYTES_PER_ELEMENT;
  return { counts: new SharedArrayBuffer(bytes), orders: new SharedArrayBuffer(bytes) };
}
