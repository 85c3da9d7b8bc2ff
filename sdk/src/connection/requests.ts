import type { Clock } from '../environment.ts';
import type { ClientFrame, ErrorReply, Reply } from '../protocol/index.ts';
import { encodeFrame, MAX_FRAME_BYTES } from '../protocol/index.ts';
import { utf8Length } from '../protocol/text.ts';
import { CONNECT_ID } from './driver.ts';

/** A frame that wants a reply, but for its id. */
export type Request =
  Exclude<ClientFrame, { readonly type: 'connect' | 'ephemeral' | 'typing' | 'read' | 'ping' }> extends infer F
    ? F extends { readonly id: number }
      ? Omit<F, 'id'>
      : never
    : never;

/** Called once, in the turn in which the reply arrived: a promise would let later pushes overtake it. */
export type OnReply = (reply: Reply) => void;

/** A reply that is later than this makes the connection suspect. */
export const REPLY_TIMEOUT_MS = 10_000;

interface Pending {
  readonly onReply: OnReply;
  readonly askedAt: number;
}

/** An error reply of the client's own making. */
export function localError(code: string, action: ErrorReply['action'], message: string = code): ErrorReply {
  return { type: 'error', code, action, message };
}

/** The requests of one connection after another, matched with their replies by id. */
export class Requests {
  readonly #write: (text: string) => boolean;
  readonly #suspect: (overdueAgain: boolean) => void;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #lastId = CONNECT_ID;
  #timer: unknown;

  constructor(write: (text: string) => boolean, suspect: (overdueAgain: boolean) => void, clock: Clock) {
    this.#write = write;
    this.#suspect = suspect;
    this.#clock = clock;
  }

  /** Sends a request. Where there is no connection, or it ends first, the reply is the client's own `disconnected`. */
  ask(request: Request, onReply: OnReply): void {
    const id = ++this.#lastId;
    const text = encodeWithin({ ...request, id } as ClientFrame);
    if (typeof text !== 'string') {
      onReply(text);
      return;
    }
    this.#pending.set(id, { onReply, askedAt: this.#clock.now() });
    if (this.#write(text)) this.#watch();
    else if (this.#pending.delete(id)) onReply(disconnected());
  }

  /** Sends a frame that nobody answers. Without a connection it is dropped: it would be stale later. Returns why it is too large. */
  tell(frame: ClientFrame): ErrorReply | undefined {
    const text = encodeWithin(frame);
    if (typeof text !== 'string') return text;
    this.#write(text);
    return undefined;
  }

  settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id ?? 0);
    if (pending === undefined || reply.id === undefined) return;
    this.#pending.delete(reply.id);
    this.#watch();
    pending.onReply(reply);
  }

  /** The connection is gone, and every reply with it. */
  abandon(): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    this.#watch();
    for (const { onReply } of lost) onReply(disconnected());
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
    if (waitedMs >= REPLY_TIMEOUT_MS) this.#suspect(waitedMs >= 2 * REPLY_TIMEOUT_MS);
    this.#watch();
  }
}

function disconnected(): ErrorReply {
  return localError('disconnected', 'retry', 'The connection ended before the reply came.');
}

/** A frame far past the limit would close the socket, and be sent again over the next one, for ever. */
function encodeWithin(frame: ClientFrame): string | ErrorReply {
  const text = encodeFrame(frame);
  if (utf8Length(text, MAX_FRAME_BYTES) <= MAX_FRAME_BYTES) return text;
  return localError('too_large', 'fix', `A frame holds at most ${MAX_FRAME_BYTES} bytes.`);
}
