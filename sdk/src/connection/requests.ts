import type { Clock } from '../environment.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { ClientFrame, ErrorReply, FrameOf, Reply } from '../protocol/index.ts';
import { encodeFrame, MAX_FRAME_BYTES } from '../protocol/index.ts';
import type { Driver } from './driver.ts';
import { CONNECT_ID } from './driver.ts';

type Unanswered = FrameOf<ClientFrame, 'connect' | 'ephemeral' | 'typing' | 'read'>;

/** A frame that wants a reply, but for its id. */
export type Request = Exclude<ClientFrame, Unanswered> extends infer F ? (F extends ClientFrame ? Omit<F, 'id'> : never) : never;

/** What a request comes to. */
export type Answer = Exclude<Reply, ErrorReply> | ChatError;

/** Called once, in the turn in which the reply arrived: a promise would let later pushes overtake it. */
export type OnAnswer = (answer: Answer) => void;

/** What an id may add to a frame. */
const ID_BYTES = 24;
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
    this.#pending.set(id, { onAnswer, askedAt: this.#clock.now() });
    if (this.#driver.write(encodeFrame({ ...request, id } as ClientFrame))) this.#watch();
    else if (this.#pending.delete(id)) onAnswer(disconnected());
  }

  /** Sends a frame that nobody answers. Without a connection it is dropped: it would be stale later. */
  tell(frame: ClientFrame): void {
    assertFits(frame);
    this.#driver.write(encodeFrame(frame));
  }

  settle(reply: Reply): void {
    const { id = 0 } = reply;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.onAnswer(reply.type === 'error' ? toChatError(reply) : reply);
  }

  /** The connection is gone, and every reply with it. */
  abandon(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { onAnswer } of lost) onAnswer(disconnected());
  }

  /** Looks now and then at the oldest: a Map keeps the order in which they were asked. */
  #watch(): void {
    this.#timer ??= this.#clock.setTimer(() => {
      this.#timer = undefined;
      const [oldest] = this.#pending.values();
      if (oldest === undefined) return;
      const waitedMs = this.#clock.now() - oldest.askedAt;
      if (waitedMs >= REPLY_TIMEOUT_MS) this.#driver.suspect(waitedMs >= 2 * REPLY_TIMEOUT_MS);
      if (this.#pending.size > 0) this.#watch();
    }, REPLY_TIMEOUT_MS);
  }
}

function disconnected(): ChatError {
  return new ChatError('disconnected', 'retry');
}

/** Throws for a frame that no relay takes: it would close the socket, and be sent again over the next one, for ever. */
export function assertFits(frame: Request | ClientFrame): void {
  const text = encodeFrame(frame as ClientFrame);
  const limit = MAX_FRAME_BYTES - ID_BYTES;
  const isWithin = text.length * 3 <= limit || new TextEncoder().encode(text).length <= limit;
  if (!isWithin) throw new ChatError('too_large', 'fix');
}
