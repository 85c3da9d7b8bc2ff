/**
 * Has this thread rest between two turns of its loop. A server that writes to its sockets one after the other would else be read
 * one socket a turn, and the turns would cost more than the reads: what comes in one look is cheaper.
 */
export class Resting {
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  readonly #restMs: number;
  #isResting = false;

  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  start(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#rest();
  }

  stop(): void {
    this.#isResting = false;
  }

  readonly #rest = (): void => {
    if (!this.#isResting) return;
    Atomics.wait(this.#never, 0, 0, this.#restMs);
    setImmediate(this.#rest);
  };
}
