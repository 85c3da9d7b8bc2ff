import { randomBytes } from 'node:crypto';
import type { Bus, BusHandlers } from './bus.ts';

/** The bus of a relay that stands alone: all it has to reach is itself. */
export class LocalBus implements Bus {
  readonly relay = randomBytes(9).toString('base64url');
  readonly #followed = new Set<string>();
  #handlers: BusHandlers | undefined;

  listen(handlers: BusHandlers): void {
    this.#handlers = handlers;
  }

  async follow(group: string): Promise<void> {
    this.#followed.add(group);
  }

  unfollow(group: string): void {
    this.#followed.delete(group);
  }

  async publish(group: string, text: string): Promise<void> {
    await undefined; // never inside the call: on a bus between relays it is not either
    if (this.#followed.has(group)) this.#handlers?.published(group, text);
  }

  async ask(relay: string, text: string): Promise<string | undefined> {
    return relay === this.relay ? this.#handlers?.asked(text) : undefined;
  }

  async askAll(text: string): Promise<readonly string[]> {
    return this.#handlers ? [await this.#handlers.asked(text)] : [];
  }
}
