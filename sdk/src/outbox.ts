// Keeps each publish, with its idempotency key, until the relay says `stored` or `fix`. Per room they leave in order.
// Several are under way at a time; once the relay has told a room to wait, one at a time until that room has caught up,
// so that a later publish is not accepted while an earlier one waits.

import type { Answer, OnAnswer, Request } from './connection/requests.ts';
import type { Clock } from './environment.ts';
import { ChatError } from './errors.ts';
import type { EventBody } from './protocol/index.ts';

/** Messages that may wait in all rooms together. Beyond it `send` rejects: an app that ignores rejections must not eat memory. */
export const MAX_QUEUED = 1_000;
/** Publishes of one room under way at a time. */
export const MAX_IN_FLIGHT = 8;
const RETRY_MS = 1_000;

export interface Publish {
  readonly room: string;
  readonly key: string;
  readonly epoch?: string;
  readonly event: EventBody;
}

/** What the outbox needs of the connection. */
export interface OutboxConnection {
  readonly isUp: boolean;
  ask(request: Request, onAnswer: OnAnswer): void;
}

interface Entry {
  readonly publish: Publish;
  readonly onSettled: OnAnswer;
  inFlight: boolean;
}

interface Lane {
  entries: Entry[];
  window: number;
  timer: unknown;
}

export class Outbox {
  readonly #connection: OutboxConnection;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  #size = 0;

  constructor(connection: OutboxConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** `onSettled` is called once: with `published`, or with an error that a retry would not mend. Returns a function that withdraws it. */
  add(publish: Publish, onSettled: OnAnswer): () => void {
    if (this.#size >= MAX_QUEUED) {
      onSettled(new ChatError('queue_full', 'retry', `${MAX_QUEUED} messages wait to be sent.`));
      return () => undefined;
    }
    const lane = this.#lanes.get(publish.room) ?? { entries: [], window: MAX_IN_FLIGHT, timer: undefined };
    const entry: Entry = { publish, onSettled, inFlight: false };
    this.#lanes.set(publish.room, lane);
    lane.entries.push(entry);
    this.#size++;
    this.#flush(lane);
    return () => {
      if (this.#remove(lane, entry)) this.#flush(lane);
    };
  }

  /** Connected: everything that is not settled goes out again, in order and with its old keys. */
  up(): void {
    for (const lane of this.#lanes.values()) this.#resume(lane);
  }

  /** No connection will come any more. */
  end(error: ChatError): void {
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    this.#size = 0;
    for (const { entries, timer } of lanes) {
      this.#clock.clearTimer(timer);
      for (const { onSettled } of entries.splice(0)) onSettled(error);
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
      this.#connection.ask({ type: 'publish', ...entry.publish }, (answer) => this.#settle(lane, entry, answer));
    }
  }

  #settle(lane: Lane, entry: Entry, answer: Answer): void {
    entry.inFlight = false;
    if (answer instanceof ChatError && answer.action === 'retry') {
      // After a lost connection `up` sends it again; a refusal waits its time.
      if (answer.code !== 'disconnected' && lane.entries.includes(entry)) this.#holdBack(lane, answer.retryAfterMs ?? RETRY_MS);
    } else if (this.#remove(lane, entry)) {
      entry.onSettled(answer);
      this.#flush(lane);
    }
  }

  #holdBack(lane: Lane, delayMs: number): void {
    lane.window = 1;
    this.#clock.clearTimer(lane.timer);
    lane.timer = this.#clock.setTimer(() => this.#resume(lane), delayMs);
  }

  #remove(lane: Lane, entry: Entry): boolean {
    const index = lane.entries.indexOf(entry);
    if (index < 0) return false;
    lane.entries.splice(index, 1);
    this.#size--;
    if (lane.entries.length === 0) {
      this.#clock.clearTimer(lane.timer);
      this.#lanes.delete(entry.publish.room);
    }
    return true;
  }
}
