// A response in pieces over uWebSockets.js: it takes what the socket has room for, and says when there is room again.
import type { UwsResponse } from './uws-binding.ts';

/** What waits for room, and where in the body it begins. */
interface Waiting {
  readonly chunk: Uint8Array;
  readonly start: number;
  readonly resolve: () => void;
}

/** Sends a body of known length. After `isEnded` the response must not be touched any more. */
export class UwsBodySender {
  readonly #response: UwsResponse;
  readonly #totalBytes: number;
  #waiting: Waiting | undefined;
  #isEnded = false;

  constructor(response: UwsResponse, totalBytes: number) {
    this.#response = response;
    this.#totalBytes = totalBytes;
    // Set once: the library keeps calling the handler it has, whatever has been written meanwhile.
    response.onWritable((offset) => this.#onWritable(offset));
  }

  /** True once the whole body is with the socket, or the peer is gone. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Hands a piece over. Resolves when there is room for the next, or none is needed any more. */
  send(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#response.cork(() => {
        const start = this.#response.getWriteOffset();
        const [isWritten, isEnded] = this.#response.tryEnd(chunk, this.#totalBytes);
        this.#isEnded = isEnded;
        if (isWritten || isEnded) resolve();
        else this.#waiting = { chunk, start, resolve };
      });
    });
  }

  /** The peer has gone. */
  abort(): void {
    this.#isEnded = true;
    this.#release();
  }

  #onWritable(offset: number): boolean {
    if (!this.#waiting) return true;
    const { chunk, start } = this.#waiting;
    const [isWritten, isEnded] = this.#response.tryEnd(chunk.subarray(offset - start), this.#totalBytes);
    this.#isEnded = isEnded;
    if (isWritten || isEnded) this.#release();
    return isWritten;
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }
}
