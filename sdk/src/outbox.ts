// Keeps requests that must outlive their connection until the relay has answered for good: publishes, with their
// idempotency keys, and pages that the application asked for. Per lane they leave in order. Several are under way at a
// time; once the relay has told a lane to wait, one at a time until that lane has caught up, so that a later publish is
// not accepted while an earlier one waits.

import type { Answer, OnAnswer, Request } from './connection/requests.ts';
import { assertFits } from './connection/requests.ts';
import type { Clock } from './environment.ts';
import { ChatError } from './errors.ts';

/** Requests that may wait in all lanes together. Beyond it they are refused: who ignores rejections must not eat memory. */
export const MAX_QUEUED = 1_000;
/** Requests of one lane under way at a time. */
export const MAX_IN_FLIGHT = 8;
const RETRY_MS = 1_000;

/** What is kept: a lane is the requests of one type in one room. */
export type Kept = Exclude<Request, { readonly type: 'join' | 'leave' | 'presence' }>;
export type Reply = Exclude<Answer, ChatError>;

/** What the outbox needs of the connection. */
export interface Connection {
  readonly isUp: boolean;
  ask(request: Request, onAnswer: OnAnswer): void;
}

interface Entry {
  readonly request: Kept;
  resolve(reply: Reply): void;
  reject(reason: unknown): void;
  /** The signal may live long, and be shared by many: it keeps nothing of what is settled. */
  release(): void;
  inFlight: boolean;
}

interface Lane {
  readonly entries: Entry[];
  window: number;
  timer: unknown;
}

export class Outbox {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  #size = 0;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** Resolves with the reply; rejects with an error that a retry would not mend. Aborting gives up what is not answered. */
  add(request: Kept, signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#size >= MAX_QUEUED) throw new ChatError('queue_full', 'retry');
      assertFits(request);
      const name = request.type + ('room' in request ? request.room : '');
      const lane = this.#lanes.get(name) ?? { entries: [], window: MAX_IN_FLIGHT, timer: undefined };
      const giveUp = (): void => {
        this.#remove(lane, entry);
        reject(signal?.reason);
      };
      const release = (): void => signal?.removeEventListener('abort', giveUp);
      const entry: Entry = { request, resolve, reject, release, inFlight: false };
      this.#lanes.set(name, lane);
      lane.entries.push(entry);
      this.#size++;
      signal?.addEventListener('abort', giveUp);
      this.#flush(lane);
    });
  }

  /** Connected: everything that is not answered goes out again, in order and with its old keys. */
  up(): void {
    for (const lane of this.#lanes.values()) this.#resume(lane);
  }

  /** No connection will come any more. */
  end(error: ChatError): void {
    for (const lane of this.#lanes.values()) {
      for (const entry of [...lane.entries]) {
        this.#remove(lane, entry);
        entry.reject(error);
      }
    }
  }

  #resume(lane: Lane): void {
    this.#clock.clearTimer(lane.timer);
    lane.timer = undefined;
    this.#flush(lane);
  }

  #flush(lane: Lane): void {
    while (this.#connection.isUp && lane.timer === undefined) {
      const entry = lane.entries.slice(0, lane.window).find(({ inFlight }) => !inFlight);
      if (entry === undefined) return;
      entry.inFlight = true;
      this.#connection.ask(entry.request, (answer) => this.#settle(lane, entry, answer));
    }
  }

  #settle(lane: Lane, entry: Entry, answer: Answer): void {
    entry.inFlight = false;
    if (!lane.entries.includes(entry)) return; // given up meanwhile
    if (answer instanceof ChatError && answer.action === 'retry') {
      if (answer.code === 'disconnected') return; // `up` sends it again
      lane.window = 1;
      this.#clock.clearTimer(lane.timer);
      lane.timer = this.#clock.setTimer(() => this.#resume(lane), answer.retryAfterMs ?? RETRY_MS);
      return;
    }
    if (answer instanceof ChatError) entry.reject(answer);
    else entry.resolve(answer);
    this.#remove(lane, entry);
  }

  #remove(lane: Lane, entry: Entry): void {
    lane.entries.splice(lane.entries.indexOf(entry), 1);
    entry.release();
    this.#size--;
    if (lane.entries.length > 0) this.#flush(lane);
    else {
      lane.window = MAX_IN_FLIGHT; // caught up: the next burst starts afresh
      this.#resume(lane);
    }
  }
}
