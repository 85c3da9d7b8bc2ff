/** Long enough that some dozens of sockets have something to read after it, and far shorter than a turn of a server through a room. */
const BREATH_MS = 0.5;

/**
 * Has this process rest a moment between two turns of its loop. A server that writes to its sockets one after the other would
 * else be read one socket a turn, and the turns would cost more than the reads: what comes in one look is cheaper.
 */
export class Breather {
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  #isBreathing = false;

  start(): void {
    this.#isBreathing = true;
    this.#breathe();
  }

  stop(): void {
    this.#isBreathing = false;
  }

  readonly #breathe = (): void => {
    if (!this.#isBreathing) return;
    Atomics.wait(this.#never, 0, 0, BREATH_MS);
    setImmediate(this.#breathe);
  };
}
