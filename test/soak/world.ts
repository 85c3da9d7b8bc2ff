// What those who live in a soak share: the relay, the clock, and a book of what happened to them.
import { ChatError } from '@chat-room/sdk';
import type { Random } from '../fuzz/random.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import type { OpenRelay } from '../support/open-relay.ts';

/** Rooms in which people stay; others are made, and left for good. */
const STEADY_ROOMS = 40;
const PASSING_ROOM_CHANCE = 0.15;

export class World {
  readonly relay: OpenRelay;
  /** A network in front of the relay that is cut now and then. */
  readonly network: FaultProxy;
  readonly random: Random;
  /** How often what happened. */
  readonly counts = new Map<string, number>();
  /** What should not have happened: the first few, in words. */
  readonly faults: string[] = [];
  readonly #timers = new Map<NodeJS.Timeout, () => void>();
  #isOver = false;
  #passing = 0;

  constructor(relay: OpenRelay, network: FaultProxy, random: Random) {
    this.relay = relay;
    this.network = network;
    this.random = random;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Wakes everybody who rests: they go home. */
  end(): void {
    this.#isOver = true;
    for (const [timer, wake] of this.#timers) {
      clearTimeout(timer);
      wake();
    }
    this.#timers.clear();
  }

  /** Resolves after some time between the two, in milliseconds, or when it is all over. */
  rest(minMs: number, maxMs: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#timers.delete(timer);
        resolve();
      };
      const timer = setTimeout(wake, minMs + this.random.below(maxMs - minMs));
      this.#timers.set(timer, wake);
    });
  }

  roomName(): string {
    if (this.random.chance(PASSING_ROOM_CHANCE)) return `passing-${++this.#passing}`;
    return `room-${this.random.below(STEADY_ROOMS)}`;
  }

  /** The relay itself, or the network that fails. */
  url(): string {
    return this.random.chance(0.5) ? this.relay.process.ws : `ws://127.0.0.1:${this.network.port}/ws`;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Does something that may be refused: a refusal is counted, anything else is a fault. */
  async attempt(what: string, work: () => Promise<unknown> | unknown): Promise<void> {
    try {
      await work();
      this.count(what);
    } catch (error) {
      if (error instanceof ChatError) this.count(`${what}: ${error.code}`);
      else if (this.faults.length < 20) this.faults.push(`${what}: ${(error as Error).message}`);
    }
  }
}
