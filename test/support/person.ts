// Somebody in a room, by the SDK: what they heard, and what became of what they said.

import type { Message, Receipt } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import { Condition } from './condition.ts';

export class Person {
  readonly client: ChatClient;
  readonly heard: Message[] = [];
  readonly said: Promise<Receipt>[] = [];
  readonly losses: string[] = [];
  readonly #condition = new Condition();
  readonly #room: string;

  /** `port` is of a relay on this machine, or of a proxy before one. */
  constructor(name: string, port: number, room = 'lobby') {
    this.client = new ChatClient({ url: `ws://127.0.0.1:${port}/ws`, user: { name }, storage: memoryStorage() });
    this.#room = room;
    this.room.on('message', (message) => {
      this.heard.push(message);
      this.#condition.changed();
    });
    this.room.on('discontinuity', ({ reason }) => {
      this.losses.push(reason);
      this.#condition.changed();
    });
    this.room.on('presence', () => this.#condition.changed());
  }

  get room(): ReturnType<ChatClient['room']> {
    return this.client.room(this.#room);
  }

  say(text: string): void {
    this.said.push(this.room.send(text));
  }

  /** Resolves once they have heard so many messages. */
  hears(count: number): Promise<true> {
    return this.#condition.until(() => this.heard.length >= count || undefined);
  }

  /** Resolves once they see exactly these people in the room. */
  sees(...names: readonly string[]): Promise<true> {
    const seen = names.toSorted().join();
    return this.#condition.until(
      () =>
        this.room.members
          .map(({ name }) => name)
          .toSorted()
          .join() === seen || undefined,
    );
  }

  /** Resolves once they were told that their log does not go on. */
  losesTrack(): Promise<true> {
    return this.#condition.until(() => this.losses.length > 0 || undefined);
  }

  get offsets(): readonly number[] {
    return this.heard.map(offsetOf);
  }
}

/** 0 for one that is not stored yet. */
export function offsetOf({ delivery }: Message): number {
  return delivery.state === 'stored' ? delivery.offset : 0;
}

function memoryStorage(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}
