import { ChatError } from '../errors.ts';

/** Items that a slow reader may leave unread. Beyond it the reading fails, rather than skip one in silence. */
export const MAX_UNREAD = 10_000;

/** Turns what is pushed into something to iterate. It listens from the start, and stops when it ends or is left. */
export class MessageStream<T> implements AsyncIterableIterator<T> {
  readonly #unread: T[] = [];
  #waiting: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  #end: { readonly error: unknown } | undefined;
  readonly #onEnd: () => void;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(item: T): void {
    if (this.#end) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve({ done: false, value: item });
    else if (this.#unread.length < MAX_UNREAD) this.#unread.push(item);
    else this.end(new ChatError('slow_reader', 'fix', `${MAX_UNREAD} messages were not read.`));
  }

  /** What is unread can still be read; then the iteration ends, or fails where there is an error. */
  end(error?: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    this.#onEnd();
    for (const waiting of this.#waiting.splice(0)) {
      if (error === undefined) waiting.resolve({ done: true, value: undefined });
      else waiting.reject(error);
    }
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#unread.length > 0) return Promise.resolve({ done: false, value: this.#unread.shift() as T });
    if (this.#end === undefined) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { error } = this.#end;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }

  return(): Promise<IteratorResult<T>> {
    this.#unread.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
