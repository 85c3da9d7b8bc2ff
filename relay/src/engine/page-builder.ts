import { MAX_PAGE_BYTES } from '@chat-room/sdk/protocol';
import type { StoredEvent } from './engine.ts';

/** Fills a page up to its two bounds, and holds one event whatever its size. */
export class PageBuilder {
  readonly events: StoredEvent[] = [];
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(event: StoredEvent): boolean {
    if (this.events.length >= this.#limit) return false;
    if (this.events.length > 0 && this.#bytes + event.bytes > MAX_PAGE_BYTES) return false;
    this.#bytes += event.bytes;
    this.events.push(event);
    return true;
  }
}
