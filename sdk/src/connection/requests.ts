import type { Clock } from '../environment.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { ClientFrame, ErrorReply, Reply } from '../protocol/index.ts';
import { encodeFrame, MAX_FRAME_BYTES } from '../protocol/index.ts';
import type { Driver } from './driver.ts';
import { CONNECT_ID } from './driver.ts';

/** A frame that wants a reply, but for its id. */
export type Request =
  Exclude<ClientFrame, { readonly type: 'connect' | 'ephemeral' | 'typing' | 'read' | 'ping' }> extends infer F
    ? F extends { readonly id: number }
      ? Omit<F, 'id'>
      : never
    : never;

/** What a request comes to. */
export type Answer = Exclude<Reply, ErrorReply> | ChatError;

/** Called once, in the turn in which the reply arrived: a promise would let later pushes overtake it. */
export type OnAnswer = (answer: Answer) => void;

/** A reply that is later than this makes the connection suspect. */
export const REPLY_TIMEOUT_MS = 10_000;

interface Pending {
  readonly onAnswer: OnAnswer;
  readonly askedAt: number;
}

/** The requests of one connection after another, matched with their replies by id. */
export class Requests {
  readonly #driver: Pick<Driver, 'write' | 'suspect'>;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #lastId = CONNECT_ID;
  #timer: unknown;

  constructor(driver: Pick<Driver, 'write' | 'suspect'>, clock: Clock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  /** Sends a request. Without a connection, or where it ends first, the answer is `disconnected`. */
  ask(request: Request, onAnswer: OnAnswer): void {
    const id = ++this.#lastId;
    const text = encodeWithin({ ...request, id } as ClientFrame);
    if (typeof text !== 'string') {
      onAnswer(text);
      return;
    }
    this.#pending.set(id, { onAnswer, askedAt: this.#clock.now() });
    if (this.#driver.write(text)) this.#watch();
    else if (this.#pending.delete(id)) onAnswer(disconnected());
  }

  /** Sends a frame that nobody answers. Without a connection it is dropped: it would be stale later. Returns why it is too large. */
  tell(frame: ClientFrame): ChatError | undefined {
    const text = encodeWithin(frame);
    if (typeof text !== 'string') return text;
    this.#driver.write(text);
    return undefined;
  }

  settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id ?? 0);
    if (pending === undefined || reply.id === undefined) return;
    this.#pending.delete(reply.id);
    this.#watch();
    pending.onAnswer(reply.type === 'error' ? toChatError(reply) : reply);
  }

  /** The connection is gone, and every reply with it. */
  abandon(): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    this.#watch();
    for (const { onAnswer } of lost) onAnswer(disconnected());
  }

  // One timer, for the oldest: a Map keeps the order in which they were asked.
  #watch(): void {
    const [oldest] = this.#pending.values();
    if (oldest === undefined) {
      this.#clock.clearTimer(this.#timer);
      this.#timer = undefined;
    } else {
      const waitedMs = this.#clock.now() - oldest.askedAt;
      this.#timer ??= this.#clock.setTimer(() => this.#onTimer(), REPLY_TIMEOUT_MS - (waitedMs % REPLY_TIMEOUT_MS));
    }
  }

  #onTimer(): void {
    this.#timer = undefined;
    const [oldest] = this.#pending.values();
    if (oldest === undefined) return;
    const waitedMs = this.#clock.now() - oldest.askedAt;
    if (waitedMs >= REPLY_TIMEOUT_MS) this.#driver.suspect(waitedMs >= 2 * REPLY_TIMEOUT_MS);
    this.#watch();
  }
}

function disconnected(): ChatError {
  return new ChatError('disconnected', 'retry');
}

/** A frame far past the limit would close the socket, and be sent again over the next one, for ever. */
function encodeWithin(frame: ClientFrame): string | ChatError {
  const text = encodeFrame(frame);
  const isWithin = text.length * 3 <= MAX_FRAME_BYTES || new TextEncoder().encode(text).length <= MAX_FRAME_BYTES;
  return isWithin ? text : new ChatError('too_large', 'fix', `A frame holds at most ${MAX_FRAME_BYTES} bytes.`);
}
