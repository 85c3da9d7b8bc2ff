// One endpoint: sends what its queue gives, and tells the queue what became of it.

import type { Logger } from 'pino';
import { matchesRoom } from '../auth/permissions.ts';
import type { Clocks } from '../clocks.ts';
import { answerOf, retryAfterMs } from './answer.ts';
import type { Delivery, Occurrence } from './delivery-queue.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { idOf, Signer } from './signer.ts';
import type { WebhookEvent, WebhookOptions } from './webhook-options.ts';

const TIMEOUT_MS = 15_000;
const MAX_QUEUE = 10_000;
const MAX_QUEUE_LENGTH = 64 * 1024 * 1024;
const MAX_IN_FLIGHT = 20;
const GIVE_UP_AFTER_MS = 3_600_000;
/** What is read of an answer, so that its connection can be used again; nothing in it is of interest. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * What became of a delivery, or of one attempt. `failed`: it is tried again. `refused`: the endpoint does not want it.
 * `given_up`: it got too old. `dropped`: the queue was full, the endpoint is gone, or the relay ended.
 */
export type DeliveryOutcome = 'delivered' | 'failed' | 'refused' | 'given_up' | 'dropped';

/** What endpoints work with. */
export interface EndpointParts extends Clocks {
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Calls once after so many milliseconds, unless the function that it returns is called first. */
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** `endpoint` is its URL without a query. */
  readonly settled: (endpoint: string, outcome: DeliveryOutcome, count: number) => void;
}

export class Endpoint {
  /** The URL without its query, which may hold a secret. */
  readonly name: string;
  readonly #options: WebhookOptions;
  readonly #parts: EndpointParts;
  readonly #signer: Signer;
  readonly #queue: DeliveryQueue;
  readonly #attempts = new Set<AbortController>();
  readonly #events: ReadonlySet<WebhookEvent>;
  #state: 'open' | 'gone' | 'closing' | 'closed' = 'open';
  #isFailing = false;
  #isRefusing = false;
  #isFull = false;
  #isPumping = false;
  #cancelTimer: (() => void) | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: WebhookOptions, parts: EndpointParts) {
    const { origin, pathname } = new URL(options.url);
    this.name = origin + pathname;
    this.#options = options;
    this.#parts = parts;
    this.#signer = new Signer(options.secrets);
    this.#events = new Set(options.events);
    this.#queue = new DeliveryQueue({
      maxQueue: options.maxQueue ?? MAX_QUEUE,
      maxQueueLength: MAX_QUEUE_LENGTH,
      maxInFlight: MAX_IN_FLIGHT,
      giveUpAfterMs: options.giveUpAfterMs ?? GIVE_UP_AFTER_MS,
    });
  }

  /** Deliveries that are not settled yet. */
  get waiting(): number {
    return this.#queue.size;
  }

  wants(event: WebhookEvent, room: string): boolean {
    return this.#state === 'open' && this.#events.has(event) && matchesRoom(this.#options.rooms ?? '*', room);
  }

  /** Queues it, or drops it where the queue is full. It is sent in a later turn of the loop. */
  offer(occurrence: Occurrence): void {
    if (this.#queue.offer(occurrence, this.#parts.steady())) {
      this.#pumpSoon();
      return;
    }
    this.#tell('dropped');
    if (this.#isFull) return;
    this.#isFull = true;
    this.#parts.log.error(
      { endpoint: this.name },
      'a webhook endpoint is too slow, or away: its queue is full, and what comes is dropped',
    );
  }

  /** Takes nothing more, sends what can be sent at once, and ends in `graceMs` at the latest. Resolves with how many were lost. */
  async close(graceMs: number): Promise<number> {
    if (this.#state === 'open') this.#state = 'closing';
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.setTimer(resolve, graceMs);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
      this.#pump();
    });
    const lost = this.#queue.size;
    this.#state = 'closed';
    this.#queue.clear();
    for (const attempt of this.#attempts) attempt.abort(new Error('the relay ended'));
    if (lost > 0) this.#tell('dropped', lost);
    return lost;
  }

  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => this.#pump());
  }

  /** Sends what is to be sent now, and comes back when there will be more. */
  #pump(): void {
    this.#isPumping = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#state === 'gone' || this.#state === 'closed') {
      this.#onIdle?.();
      return;
    }
    const now = this.#parts.steady();
    for (let next = this.#queue.next(now); next; next = this.#queue.next(now)) void this.#send(next);
    const expired = this.#queue.takeExpired();
    if (expired > 0) this.#tell('given_up', expired);
    if (this.#isFull && this.#queue.size <= (this.#options.maxQueue ?? MAX_QUEUE) / 2) this.#isFull = false;
    if (this.#state === 'closing') {
      if (this.#queue.inFlight === 0) this.#onIdle?.(); // what backs off has had its chance
      return;
    }
    const at = this.#queue.nextAt();
    if (at !== undefined) this.#cancelTimer = this.#parts.setTimer(() => this.#pump(), Math.max(0, at - now));
  }

  async #send(delivery: Delivery): Promise<void> {
    const result = await this.#attempt(delivery).catch(reasonOf);
    if (this.#state === 'closed') return;
    if (typeof result === 'string') this.#failed(delivery, result, undefined);
    else this.#answered(delivery, result);
    this.#pump();
  }

  async #attempt({ seed, body }: Delivery): Promise<Response> {
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    const timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS;
    const cancel = this.#parts.setTimer(() => attempt.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await fetch(this.#options.url, {
        method: 'POST',
        redirect: 'manual',
        headers: this.#signer.headers(idOf('msg', seed), this.#parts.now(), body),
        body,
        signal: attempt.signal,
      });
      await drain(response);
      return response;
    } finally {
      cancel();
      this.#attempts.delete(attempt);
    }
  }

  #answered(delivery: Delivery, { status, headers }: Response): void {
    const answer = answerOf(status);
    if (answer === 'retry') {
      this.#failed(delivery, `it answers ${status}`, retryAfterMs(headers.get('retry-after'), this.#parts.now()));
      return;
    }
    this.#queue.settle(delivery);
    this.#tell(answer === 'delivered' ? 'delivered' : 'refused');
    if (answer === 'gone') this.#retire();
    else this.#recovered();
    if (answer === 'refused' && !this.#isRefusing)
      this.#parts.log.warn({ endpoint: this.name, status }, 'a webhook endpoint refuses what it is sent: that is not sent again');
    this.#isRefusing = answer === 'refused';
  }

  #failed(delivery: Delivery, why: string, retryAfter: number | undefined): void {
    const { steady, random, log } = this.#parts;
    const isRetried = this.#queue.retry(delivery, steady(), random, retryAfter);
    this.#tell(isRetried ? 'failed' : 'given_up');
    if (this.#isFailing) return;
    this.#isFailing = true;
    log.warn({ endpoint: this.name, why }, 'a webhook endpoint does not take what it is sent: it is tried again until it does');
  }

  #recovered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#parts.log.info({ endpoint: this.name }, 'a webhook endpoint takes deliveries again');
  }

  /** It answered 410: it wants nothing any more. */
  #retire(): void {
    if (this.#state !== 'open') return;
    this.#state = 'gone';
    const dropped = this.#queue.clear();
    if (dropped > 0) this.#tell('dropped', dropped);
    this.#parts.log.error(
      { endpoint: this.name, dropped },
      'a webhook endpoint says that it is gone: it is sent nothing more until the relay starts again',
    );
  }

  #tell(outcome: DeliveryOutcome, count = 1): void {
    this.#parts.settled(this.name, outcome, count);
  }
}

/** Reads the answer's body to its end, or as much of it as may be. Leaving the loop cancels the rest. */
async function drain({ body }: Response): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) return;
    }
  } catch {
    // Its status has come, and that is the answer.
  }
}

/** Why a fetch failed. Its own message is `fetch failed`; what is behind it stands in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
