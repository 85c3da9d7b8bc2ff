import type { Topics } from '../consumer/topics.ts';

/** A socket that topics reach. */
export interface TopicSubscriber {
  send(data: string | Uint8Array): unknown;
}

/** Topics as an adapter has them, without sockets. */
export class TestTopics implements Topics {
  readonly #subscribers = new Map<string, Set<TopicSubscriber>>();

  publish(topic: string, data: string | Uint8Array): void {
    for (const subscriber of this.#subscribers.get(topic) ?? []) subscriber.send(data);
  }

  subscribers(topic: string): number {
    return this.#subscribers.get(topic)?.size ?? 0;
  }

  subscribe(topic: string, subscriber: TopicSubscriber): void {
    const known = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, known.add(subscriber));
  }

  unsubscribe(topic: string, subscriber: TopicSubscriber): void {
    this.#subscribers.get(topic)?.delete(subscriber);
  }

  /** The socket is gone. */
  forget(subscriber: TopicSubscriber): void {
    for (const subscribers of this.#subscribers.values()) subscribers.delete(subscriber);
  }
}
