// What arrived while nobody was looking. Pure: whether somebody looks is an argument.
import type { Message } from '@chat-room/sdk';

export class Unread {
  /** Messages of others that arrived since the reader last saw the end. */
  count = 0;
  /** The first of them: the line "New" stands above it, and stays while the reader catches up. */
  firstKey: string | undefined;
  #lastOffset: number | undefined;

  /** Takes a timeline and returns the messages of others that are new in it. What was there at the first look is old. */
  observe(timeline: readonly Message[], isSeen: boolean): readonly Message[] {
    const before = this.#lastOffset;
    this.#lastOffset = timeline.reduce((last, message) => Math.max(last, offsetOf(message)), before ?? 0);
    if (before === undefined) return [];
    const arrived = timeline.filter((message) => offsetOf(message) > before);
    const fresh = arrived.filter((message) => !message.own);
    if (!isSeen && fresh.length > 0) this.#add(fresh);
    return fresh;
  }

  /** The reader sees the end now. */
  see(): void {
    this.count = 0;
  }

  /** Whoever writes has read: the line goes. */
  forget(): void {
    this.count = 0;
    this.firstKey = undefined;
  }

  /** The log starts anew: the next timeline is all old. */
  reset(): void {
    this.forget();
    this.#lastOffset = undefined;
  }

  #add(fresh: readonly Message[]): void {
    if (this.count === 0) this.firstKey = fresh[0]?.key;
    this.count += fresh.length;
  }
}

/** The place of a stored message in the log; 0 for one that is not stored. */
export function offsetOf({ delivery }: Message): number {
  return delivery.state === 'stored' ? delivery.offset : 0;
}
