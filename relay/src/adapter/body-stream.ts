// A request's body on its way from a socket to whoever reads it, at the reader's pace: while nobody asks for more, the
// socket is not read, and TCP slows the sender down.

/** The body ended before its end: the peer went, or sent nothing for too long. */
export class BodyInterrupted extends Error {
  readonly code: 'peer_gone' | 'stalled';
  constructor(code: BodyInterrupted['code']) {
    super(code === 'stalled' ? 'Nothing more of the body came in time.' : 'The peer went before the end of the body.');
    this.name = 'BodyInterrupted';
    this.code = code;
  }
}

/** A peer that sends nothing of its body for so long is let go. uWebSockets.js has the same time of its own. */
const BODY_IDLE_TIMEOUT_MS = 10_000;

/** The socket's side of a body. */
export interface BodyFlow {
  /** Reads from the socket again, or lets it wait. */
  resume(): void;
  pause(): void;
  /** Nothing came for too long: the connection is to be cut. */
  stalled(): void;
}

type End = { readonly kind: 'whole' } | { readonly kind: 'broken'; readonly error: BodyInterrupted };
type Step = IteratorResult<Uint8Array, undefined>;

/** A reader that asked for more than there was. */
interface Reader {
  readonly resolve: (step: Step) => void;
  readonly reject: (error: BodyInterrupted) => void;
}

const DONE: Step = { done: true, value: undefined };

/** A body that can be iterated once. It holds what one read of the socket brought, and little more. */
export class BodyStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #flow: BodyFlow;
  readonly #idleTimeoutMs: number;
  readonly #chunks: Uint8Array[] = [];
  #end: End | undefined;
  #waiting: Reader | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #isUnread = false;
  #isPaused = false;

  constructor(flow: BodyFlow, idleTimeoutMs: number = BODY_IDLE_TIMEOUT_MS) {
    this.#flow = flow;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  // --- for the adapter ------------------------------------------------------------------------------------------

  /** The socket brought this; the bytes are the stream's from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#isUnread) return;
    this.#pause();
    if (this.#waiting) this.#settle()?.resolve({ done: false, value: chunk });
    else this.#chunks.push(chunk);
  }

  /** The body is whole. */
  finish(): void {
    this.#end ??= { kind: 'whole' };
    this.#settle()?.resolve(DONE);
    this.#resume(); // for what comes after this request
  }

  /** No more will come. */
  interrupt(error: BodyInterrupted): void {
    this.#end ??= { kind: 'broken', error };
    this.#settle()?.reject(error);
  }

  /** What has not been read will not be: it is thrown away as it comes, so that an answer can be sent. */
  discard(): void {
    if (this.#isUnread) return;
    this.#isUnread = true;
    this.#chunks.length = 0;
    this.#settle()?.resolve(DONE);
    this.#resume();
  }

  // --- for the reader -------------------------------------------------------------------------------------------

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One call at a time, as `for await` makes them. Rejects with a BodyInterrupted. */
  next(): Promise<Step> {
    const value = this.#chunks.shift();
    if (value) return Promise.resolve({ done: false, value });
    if (this.#isUnread || this.#end?.kind === 'whole') return Promise.resolve(DONE);
    if (this.#end) return Promise.reject(this.#end.error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#idleTimer = setTimeout(() => {
        this.interrupt(new BodyInterrupted('stalled'));
        this.#flow.stalled();
      }, this.#idleTimeoutMs);
      this.#resume();
    });
  }

  async return(): Promise<Step> {
    this.discard();
    return DONE;
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#flow.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#flow.resume();
  }

  #settle(): Reader | undefined {
    clearTimeout(this.#idleTimer);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
