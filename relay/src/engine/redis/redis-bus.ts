// The bus between relays that share a Redis. A group is a sharded channel, a relay's inbox another; what a relay publishes it
// hears itself too, so that all hear it in one order.

import type { Bus, BusHandlers } from '../../layer/bus.ts';
import { BusError } from '../../layer/bus.ts';
import { groupChannel, relayChannel } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { Stamps } from './stamps.ts';

const ASK_TIMEOUT_MS = 5_000;
const ASK_ALL_TIMEOUT_MS = 2_000;
const SWEEP_MS = 250;
/** A relay that lives, and whose inbox is not there, gets it back in a moment: it is asked again so often. */
const ASK_AGAIN_MS = 200;
/** Questions that wait for their answers; one more is refused. */
const MAX_ASKED = 10_000;

/** What lies in an inbox: a question of another relay, or the answer to one of ours. */
type Letter =
  | { readonly kind: 'ask'; readonly id: number; readonly from: string; readonly text: string }
  | { readonly kind: 'answer'; readonly id: number; readonly text: string };

interface Asked {
  readonly dueAt: number;
  readonly answer: (text: string) => void;
  readonly giveUp: () => void;
}

export class RedisBus implements Bus {
  readonly relay: string;
  readonly #link: RedisLink;
  readonly #stamps: Stamps;
  readonly #liveRelays: () => Promise<readonly string[]>;
  readonly #asked = new Map<number, Asked>();
  readonly #followed = new Map<string, Promise<void>>();
  #handlers: BusHandlers | undefined;
  #lastId = 0;
  #sweeper: NodeJS.Timeout | undefined;

  /** `liveRelays` names those that have been heard of lately, this one too. */
  constructor(link: RedisLink, relay: string, liveRelays: () => Promise<readonly string[]>) {
    this.#link = link;
    this.#stamps = new Stamps(relay);
    this.relay = relay;
    this.#liveRelays = liveRelays;
  }

  /** From when it resolves on, other relays can ask this one. */
  async start(): Promise<void> {
    await this.#link.subscriptions.subscribe(relayChannel(this.relay), (stamped) => {
      const letter = this.#stamps.open(stamped);
      if (letter) this.#open(JSON.parse(letter.text) as Letter);
    });
  }

  listen(handlers: BusHandlers): void {
    this.#handlers = handlers;
  }

  follow(group: string): Promise<void> {
    const known = this.#followed.get(group);
    if (known) return known;
    const following = this.#link.subscriptions
      .subscribe(groupChannel(group), (stamped) => {
        const message = this.#stamps.open(stamped);
        if (message) this.#handlers?.published(group, message.text);
      })
      .catch((error: unknown) => {
        if (this.#followed.get(group) === following) this.#followed.delete(group);
        throw unavailable(error);
      });
    this.#followed.set(group, following);
    return following;
  }

  unfollow(group: string): void {
    if (this.#followed.delete(group)) this.#link.subscriptions.unsubscribe(groupChannel(group));
  }

  async publish(group: string, text: string): Promise<void> {
    await this.#spublish(groupChannel(group), text);
  }

  async ask(relay: string, text: string): Promise<string | undefined> {
    const answer = await this.#ask(relay, text, ASK_TIMEOUT_MS);
    if (answer === 'late') throw new BusError('bus_timeout', `The relay ${relay} did not answer within ${ASK_TIMEOUT_MS} ms.`);
    return answer === 'gone' ? undefined : answer.text;
  }

  async askAll(text: string): Promise<readonly string[]> {
    const relays = await this.#liveRelays().catch((error: unknown) => {
      throw unavailable(error);
    });
    const answers = await Promise.all(relays.map((relay) => this.#ask(relay, text, ASK_ALL_TIMEOUT_MS)));
    return answers.filter((answer) => typeof answer === 'object').map((answer) => answer.text);
  }

  /** Gives up what waits, and takes no more. */
  stop(): void {
    clearTimeout(this.#sweeper);
    for (const { giveUp } of this.#asked.values()) giveUp();
    this.#asked.clear();
  }

  // --- inside ---------------------------------------------------------------------------------------------------------

  async #ask(relay: string, text: string, timeoutMs: number): Promise<{ readonly text: string } | 'gone' | 'late'> {
    if (this.#asked.size >= MAX_ASKED)
      throw new BusError('bus_unavailable', 'Too many questions to other relays wait for their answers.');
    const id = ++this.#lastId;
    const answered = new Promise<{ readonly text: string } | 'late'>((resolve) => {
      this.#asked.set(id, {
        dueAt: performance.now() + timeoutMs,
        answer: (answer) => resolve({ text: answer }),
        giveUp: () => resolve('late'),
      });
    });
    this.#sweepSoon();
    try {
      return (await this.#deliver(relay, { kind: 'ask', id, from: this.relay, text }, timeoutMs)) ? await answered : 'gone';
    } finally {
      this.#asked.delete(id);
    }
  }

  /** False where there is no such relay. One that lives may be without its inbox for a moment, after a lost connection. */
  async #deliver(relay: string, letter: Letter, timeoutMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + timeoutMs;
    while (!(await this.#send(relay, letter))) {
      const live = await this.#liveRelays().catch((error: unknown) => {
        throw unavailable(error);
      });
      if (!live.includes(relay) || performance.now() > giveUpAt) return false;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
    return true;
  }

  #open(letter: Letter): void {
    if (letter.kind === 'answer') {
      this.#asked.get(letter.id)?.answer(letter.text);
      return;
    }
    const { id, from, text } = letter;
    this.#handlers
      ?.asked(text)
      .then((answer) => this.#send(from, { kind: 'answer', id, text: answer }))
      .catch(() => undefined); // who asked learns that nobody answered
  }

  /** False where nobody has that inbox. */
  async #send(relay: string, letter: Letter): Promise<boolean> {
    return (await this.#spublish(relayChannel(relay), JSON.stringify(letter))) > 0;
  }

  async #spublish(channel: string, text: string): Promise<number> {
    try {
      if (!this.#link.isUp) throw new Error('it is away');
      return Number(await this.#link.bounded(this.#link.command.spublish(channel, this.#stamps.stamp(text))));
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** One timer for all questions, and none while there are none. */
  #sweepSoon(): void {
    this.#sweeper ??= setTimeout(() => {
      this.#sweeper = undefined;
      const now = performance.now();
      for (const { dueAt, giveUp } of this.#asked.values()) if (dueAt <= now) giveUp();
      if (this.#asked.size > 0) this.#sweepSoon();
    }, SWEEP_MS).unref();
  }
}

function unavailable(error: unknown): BusError {
  return new BusError('bus_unavailable', `Redis does not carry it: ${(error as Error).message}`, { cause: error });
}
