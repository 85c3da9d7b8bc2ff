// Whether Redis serves: found out by a message to oneself that goes through both connections, each second, and by whatever
// fails meanwhile. An outage is told once when it begins and once when it ends.

import { EngineError } from '../engine.ts';
import { relayChannel, SHARED_KEYS } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { within } from './within.ts';

const CHECK_MS = 1_000;
/** A message to oneself that has not come back by then will not. */
const ROUND_TRIP_MS = 4_000;

export interface HealthObserver {
  failing(error: EngineError): void;
  recovered(): void;
}

export class RedisHealth {
  readonly #link: RedisLink;
  readonly #channel: string;
  readonly #observer: HealthObserver;
  readonly #waiting = new Map<string, () => void>();
  #probes = 0;
  #failure: EngineError | undefined;
  /** True where it does not answer at all, false where it refuses what is asked. */
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(link: RedisLink, relay: string, observer: HealthObserver) {
    this.#link = link;
    this.#channel = relayChannel(`${relay}/probe`);
    this.#observer = observer;
    // What was published while nobody listened does not come back: it is said again, and need not be waited for in vain.
    link.subscriptions.onRestored((channels) => {
      if (channels.has(this.#channel)) for (const probe of this.#waiting.keys()) this.#say(probe).catch(() => undefined);
    });
  }

  /** Why Redis does not serve; undefined while it does. */
  get failure(): EngineError | undefined {
    return this.#failure;
  }

  /** The same where it does not answer at all; undefined where it does, if only to refuse writes. */
  get absence(): EngineError | undefined {
    return this.#isAway ? this.#failure : undefined;
  }

  async start(): Promise<void> {
    await this.#link.subscriptions.subscribe(this.#channel, (probe) => this.#waiting.get(probe)?.());
    await this.#roundTrip();
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** A command failed. Whether that is an outage the next check says; one that got no answer is. */
  suspect(error: unknown): void {
    if (!isReply(error)) this.#fail(error);
  }

  /** The error as the engine tells it. */
  failureOf(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    return new EngineError('store_failing', `Redis at ${this.#link.address.text} does not serve: ${reasonOf(error)}.`, {
      cause: error,
    });
  }

  /** Resolves once a write and a message to oneself went through. Rejects with an EngineError. */
  async probe(): Promise<void> {
    try {
      await this.#roundTrip();
    } catch (error) {
      throw this.failureOf(error);
    }
  }

  #schedule(): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#check(), CHECK_MS).unref();
  }

  async #check(): Promise<void> {
    try {
      await this.#roundTrip();
      if (this.#failure && !this.#isStopped) {
        this.#failure = undefined;
        this.#observer.recovered();
      }
    } catch (error) {
      this.#fail(error);
      // A connection may stand and bring nothing: no close tells of a network that swallows everything.
      if (error instanceof SilentError) this.#link.subscriptions.reconnect();
    }
    this.#schedule();
  }

  #fail(error: unknown): void {
    this.#isAway = !isReply(error);
    if (this.#failure || this.#isStopped) return;
    this.#failure = this.failureOf(error);
    this.#observer.failing(this.#failure);
  }

  async #roundTrip(): Promise<void> {
    const probe = String(++this.#probes);
    const heard = new Promise<void>((resolve) => this.#waiting.set(probe, resolve));
    let isAnswered = false;
    const written = this.#say(probe).then(() => {
      isAnswered = true;
    });
    try {
      await within(
        written.then(() => heard),
        ROUND_TRIP_MS,
        () => (isAnswered ? new SilentError() : new Error(`no answer within ${ROUND_TRIP_MS} ms`)),
      );
    } finally {
      this.#waiting.delete(probe);
    }
  }

  async #say(probe: string): Promise<void> {
    await Promise.all([
      this.#link.command.set(SHARED_KEYS.probe, probe, 'PX', ROUND_TRIP_MS),
      this.#link.command.spublish(this.#channel, probe),
    ]);
  }
}

/** What was published did not come back. */
class SilentError extends Error {
  constructor() {
    super('a message published to itself did not come back');
  }
}

/** An answer of Redis, if one that says no. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, '');
}
